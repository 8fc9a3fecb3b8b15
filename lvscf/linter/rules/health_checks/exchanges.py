"""LVS6: what a health check sends, and whether it waits for an answer."""

from collections.abc import Iterator

from lvscf.config.health_check import ANYTHING, HTTP_PORT
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import of_failing, of_nanny_ending

CLIENT_SPEAKS_FIRST = {
    53: "DNS",
    80: "HTTP",
    88: "Kerberos",
    111: "rpcbind",
    389: "LDAP",
    443: "TLS",
    445: "SMB",
    636: "TLS",
    853: "TLS",
    1080: "SOCKS",
    1433: "SQL Server",
    1521: "Oracle",
    2049: "NFS",
    3128: "HTTP",
    3268: "LDAP",
    3269: "TLS",
    3389: "RDP",
    5060: "SIP",
    5061: "TLS",
    5222: "XMPP",
    5269: "XMPP",
    5432: "PostgreSQL",
    5671: "TLS",
    5672: "AMQP",
    6379: "Redis",
    8000: "HTTP",
    8008: "HTTP",
    8080: "HTTP",
    8443: "TLS",
    8888: "HTTP",
    9200: "HTTP",
    11211: "memcached",
    27017: "MongoDB",
}
"""Ports whose server waits for the client to send first.

Not included: ports whose server greets first, such as 21, 22, 25, 110, 119, 143, 587, 3306, 5900;
and the same with TLS (465, 990, 993, 995), which `http-on-tls-port` reports.
"""


@rule("LVS604", "send-without-expect", Severity.INFO)
def send_without_expect(case: Case) -> Iterator[Problem]:
    r"""A request whose answer is not read.

    What:
        A TCP service has `send` but no `expect`.

    Why:
        nanny connects, sends the text and closes the connection.  It does not read the answer, so a
        server that accepts connections counts as up, whatever it answers.

    Example:
          virtual smtp {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 25
              send = "quit\r\n"
        +     expect = "220"
          }
    """
    for check in case.health_checks:
        if check.kind != "exchange" or check.is_udp or not check.send or check.expect is not None:
            continue
        if case.is_unreadable(check.service, "protocol"):
            continue
        yield Problem(
            at=case.place_of(check.service, "send"),
            message="Without `expect`, the answer to this is not read: a server that accepts "
            "connections counts as up, whatever it answers.",
            help="Write the beginning of the answer as `expect`.",
        )


@rule("LVS605", "udp-check", Severity.ERROR)
def udp_check(case: Case) -> Iterator[Problem]:
    r"""A check over UDP that lacks `send` or `expect`.

    What:
        A service with `protocol = udp` and no `send_program` does not have both `send` and
        `expect`.

    Why:
        Over UDP, nanny always waits for an answer.  Without `send` it asks nothing, so no answer
        comes and the servers never come up.  With `send` but no `expect`, the first answer crashes
        nanny, and lvsd then stops every service on this router.

    Bad:
        virtual dns {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 53
            protocol = udp
        }

    Good:
        virtual sip {
            active = 1
            address = 10.10.1.20 eth0:1
            port = 5060
            protocol = udp
            send = "OPTIONS sip:check@10.10.1.20 SIP/2.0\r\n\r\n"
            expect = "SIP/2.0"
        }
    """
    for check in case.health_checks:
        if check.kind != "exchange" or not check.is_udp:
            continue
        if check.send is not None and check.expect is not None:
            continue
        if (
            check.send is None
            and check.expect is None
            and case.is_unreadable(check.service, "port")
        ):
            continue  # on port 80 nanny has strings of its own
        if check.send is None:
            message = (
                "A UDP check waits for an answer, but without `send` it asks for none: "
                f"{of_failing(check.service)}."
            )
        else:
            message = (
                "A UDP check reads the answer even without `expect`, and crashes on it: "
                f"{of_nanny_ending(case, check.service)}. If no answer comes, the check fails."
            )
        yield Problem(
            at=case.place_of(check.service, "protocol"),
            message=message,
            help="Write both `send` and `expect` (`*` accepts any answer), or use a "
            "`send_program`.",
        )


@rule("LVS619", "expect-without-send", Severity.ERROR, also=(Severity.WARNING,))
def expect_without_send(case: Case) -> Iterator[Problem]:
    r"""An expected answer without a request.

    What:
        A TCP service has `expect` but neither `send` nor `send_program`, and is checked on a port
        where the server waits for the client to send first.  An error if the service's port is 80,
        otherwise a warning.

    Why:
        nanny sends nothing and waits; the server waits too, until the read times out.  On port 80
        nanny has an HTTP request of its own, but sends it only if neither `send` nor `expect` is
        written.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 80
        +     send = "GET / HTTP/1.0\r\n\r\n"
              expect = "HTTP"
          }
    """
    for check in case.health_checks:
        if check.kind != "exchange" or check.expect is None or check.send or check.is_udp:
            continue
        ports = [port for port in case.checked_ports(check) if port in CLIENT_SPEAKS_FIRST]
        if not ports or case.is_unreadable(check.service, "protocol"):
            continue
        port, language = ports[0], CLIENT_SPEAKS_FIRST[ports[0]]
        own = ""
        if check.service.port == HTTP_PORT:
            own = " (nanny's own HTTP request is only sent if there is no `expect`)"
        if language == "TLS":
            help = (
                "nanny does not speak TLS: use a `send_program` that does, or leave out `expect`."
            )
        else:
            help = "Write the request as `send`, or leave out `expect`."
        yield Problem(
            at=case.place_of(check.service, "expect"),
            message=f"Nothing is sent{own}, and on port {port} ({language}) the server waits for "
            f"the client to send first. The read times out, and {of_failing(check.service)}.",
            help=help,
            severity=None if check.service.port == HTTP_PORT else Severity.WARNING,
        )


@rule("LVS621", "expect-star", Severity.WARNING, also=(Severity.INFO,))
def expect_star(case: Case) -> Iterator[Problem]:
    r"""`*` as the expected answer.

    What:
        `expect` is `*`: a warning with a `send_program`, a note without.  (With `use_regex = 1`,
        `*` is a pattern that does not compile; see `bad-regex`.)

    Why:
        The output of a program is compared with a literal `*`, so the check always fails.  Without
        a program, `*` accepts any answer, and even a connection that the server closes without
        answering.

    Example:
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 53
              send_program = "/usr/local/bin/check_dns %h"
        -     expect = "*"
        +     expect = "OK"
          }
    """
    for check in case.health_checks:
        if check.expect != ANYTHING or check.is_regex:
            continue
        if check.kind == "program":
            yield Problem(
                at=case.place_of(check.service, "expect"),
                message="The output of a program is compared with `*` literally, so the check "
                "always "
                f"fails: {of_failing(check.service)}.",
                help="Write the line that the program prints, such as `OK`.",
            )
        elif not check.is_udp and not case.is_unreadable(check.service, "use_regex"):
            yield Problem(
                at=case.place_of(check.service, "expect"),
                message="`*` accepts any answer, and even a connection that the server closes "
                "without answering.",
                help="Write the beginning of a good answer, if the protocol has one.",
                severity=Severity.INFO,
            )


@rule("LVS622", "default-http-check", Severity.WARNING)
def default_http_check(case: Case) -> Iterator[Problem]:
    r"""A default HTTP check that was probably not intended.

    What:
        A virtual server with a firewall mark has no `port`, or a service with `protocol = udp` has
        port 80, and `send`, `expect` and `send_program` are all missing.

    Why:
        The default port is 80, and on port 80 nanny's default check sends `GET / HTTP/1.0` and
        expects `HTTP`, whatever service the mark is for, and even over UDP.  A server of another
        protocol never comes up.

    Example:
          virtual ftp {
              active = 1
              address = 10.10.1.20 eth0:1
              fwmark = 21
              persistent = 900
        +     port = 21
        +     send = "quit\r\n"
        +     expect = "220"
          }
    """
    for check in case.health_checks:
        service = check.service
        if check.kind != "http" or case.is_unreadable(service, "port"):
            continue
        if check.is_udp:
            at, what = case.place_of(check.service, "protocol"), "even over UDP"
        elif (
            isinstance(service, VirtualServer)
            and service.fwmark
            and not case.is_written(service, "port")
        ):
            at, what = case.place_of(check.service, "fwmark"), "whatever service the mark is for"
        else:
            continue
        yield Problem(
            at=at,
            message=f"The port is 80{'' if check.is_udp else ' by default'}, and no check is "
            f"written: nanny sends an HTTP request, {what}.",
            help="Write the intended `port`, and what to `send` and `expect` (or a "
            "`send_program`).",
        )


@rule("LVS623", "connect-only-check", Severity.INFO)
def connect_only_check(case: Case) -> Iterator[Problem]:
    r"""A check that only connects.

    What:
        A TCP service on a port other than 80 has no `send`, `expect` or `send_program` (or, on any
        port, only an empty `send`).

    Why:
        The check succeeds as soon as a connection is accepted.  The kernel accepts connections even
        for a process that hangs.

    Example:
          virtual smtp {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 25
        +     send = "quit\r\n"
        +     expect = "220"
          }
    """
    for check in case.health_checks:
        empty_send = check.kind == "exchange" and check.send == "" and check.expect is None
        if check.is_udp or not (check.kind == "connect" or empty_send):
            continue
        if case.is_unreadable(check.service, "port") or case.is_unreadable(
            check.service, "protocol"
        ):
            continue
        yield Problem(
            at=case.place_of(check.service, "send" if empty_send else "port"),
            message="This check only connects: a server that hangs but still accepts connections "
            "counts as up.",
            help="Write what to `send` and `expect`, or a `send_program`.",
        )


RULES: tuple[CaseRule, ...] = (
    send_without_expect,
    udp_check,
    expect_without_send,
    expect_star,
    default_http_check,
    connect_only_check,
)
