"""LVS6: health checks that ask a web server."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.config.health_check import ANYTHING, HealthCheck
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import of_failing
from lvscf.linter.rules.health_checks.strings import looks_like_pattern
from lvscf.source import quoted

METHODS = frozenset(
    ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "CONNECT")
)
VERSIONS = frozenset(("HTTP/1.0", "HTTP/1.1"))
OTHER_LANGUAGES = ("SIP/", "RTSP/", "ICAP/")
"""What ends the first line of requests that are built like those of HTTP."""
EMPTY_LINES = ("\r\n\r\n", "\n\n", "\n\r\n")
STATUS_LINE = "HTTP/"
"""How the answer of a web server begins."""
TLS_PORTS = {
    443: "HTTPS",
    465: "SMTP over TLS",
    636: "LDAP over TLS",
    853: "DNS over TLS",
    990: "FTP over TLS",
    993: "IMAP over TLS",
    995: "POP3 over TLS",
    8443: "HTTPS",
}


def _request(check: HealthCheck) -> tuple[str, str] | None:
    """The HTTP request that a check sends, and its version; None if it sends none.

    A request may have no version (HTTP/0.9).
    """
    sent = None if check.has_apostrophes else check.sent
    if not sent:
        return None
    words = sent.partition("\n")[0].split()
    if len(words) < 2 or words[0] not in METHODS:
        return None
    target, version = words[1], words[-1] if len(words) > 2 else ""
    if version.upper().startswith(OTHER_LANGUAGES):
        return None
    if not target.startswith(("/", "*", "http://", "https://", "cache_object://")):
        return None
    return sent, version


def _requests(case: Case) -> Iterator[tuple[HealthCheck, str, str]]:
    """The checks over TCP that say, in `send`, an HTTP request; with it and its version."""
    return _over(case, udp=False)


def _over(case: Case, *, udp: bool) -> Iterator[tuple[HealthCheck, str, str]]:
    for check in case.health_checks:
        if check.kind != "exchange" or case.is_unreadable(check.service, "protocol"):
            continue
        if check.is_udp is udp:
            request = _request(check)
            if request is not None:
                yield check, *request


@rule("LVS608", "expect-not-a-prefix", Severity.WARNING)
def expect_not_a_prefix(case: Case) -> Iterator[Problem]:
    r"""What is expected of a web server is not how its answer begins.

    What:
        `send` is an HTTP request with a version, `use_regex` is off, and `expect` does not begin
        like a status line, such as `HTTP/1.1 200 OK`.

    Why:
        nanny compares `expect` with the first bytes of the answer, and these are `HTTP/1.`.  A text
        from further behind is not found, and the servers are never up.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "200 OK"
        +     expect = "HTTP/1.1 200 OK"
          }
    """
    for check, _, version in _requests(case):
        expected = check.expected
        if not expected or expected == ANYTHING or version.upper() not in VERSIONS:
            continue
        if check.service.use_regex or case.is_unreadable(check.service, "use_regex"):
            continue
        if STATUS_LINE.startswith(expected[: len(STATUS_LINE)]) or looks_like_pattern(expected):
            continue  # of a pattern, `regex-looking-expect` tells
        at = places.value_of(check.service, "expect")
        if at is not None:
            yield Problem(
                at=at,
                message="The first bytes of the answer are compared with this, and a web server's "
                f"answer begins with `HTTP/1.`: it never matches, and {of_failing(check.service)}.",
                help="Write the beginning of the status line, such as `HTTP/1.1 200`, or set "
                "`use_regex = 1` to search the first 254 bytes.",
            )


@rule("LVS609", "http-request-unfinished", Severity.WARNING)
def http_request_unfinished(case: Case) -> Iterator[Problem]:
    r"""An HTTP request without its end.

    What:
        `send` is an HTTP request, an answer is expected, and there is no empty line in the request
        (or, without a version, no line end).

    Why:
        A web server answers when it has read the empty line.  Until then it waits for further
        header lines, the read times out, and the servers are never up.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     send = "GET / HTTP/1.0"
        +     send = "GET / HTTP/1.0\r\n\r\n"
              expect = "HTTP"
          }
    """
    for check, request, version in _requests(case):
        at = places.value_of(check.service, "send")
        if check.expect is None or at is None:
            continue
        if version:
            finished = any(end in request for end in EMPTY_LINES)
            missing, end = "The empty line behind the request is missing", "\\r\\n\\r\\n"
        else:
            finished = "\n" in request
            missing, end = "The line end behind the request is missing", "\\r\\n"
        if not finished:
            yield Problem(
                at=at,
                message=f"{missing}: the web server waits for more, the read times out, and "
                f"{of_failing(check.service)}.",
                help=f"End the request with `{end}`.",
            )


@rule("LVS610", "http-version", Severity.WARNING)
def http_version(case: Case) -> Iterator[Problem]:
    r"""An HTTP request without a version, or with one that does not exist.

    What:
        `send` is an HTTP request that names no version, or another than `HTTP/1.0` and `HTTP/1.1`,
        and `expect` wants a status line.

    Why:
        Without a version the request is HTTP/0.9: a server that still knows that answers with the
        page alone, without a status line.  An invented version, such as `HTTPS/1.0`, is a bad
        request; if the answer has a status line, it is that of an error, for each server alike.
        (nanny speaks no TLS, whatever is written here.)

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
        -     send = "GET / HTTPS/1.0\r\n\r\n"
        +     send = "GET / HTTP/1.0\r\n\r\n"
              expect = "HTTP"
          }
    """
    for check, _, version in _requests(case):
        line = places.written(check.service, "send")
        if line is None or version.upper() in VERSIONS or "HTTP" not in (check.expected or ""):
            continue
        if version.upper().startswith("HTTPS") and _tls_port(case, check) is not None:
            continue  # `http-on-tls-port` tells the cause
        if not version:
            yield Problem(
                at=places.value(line),
                message="This request names no version, which makes it HTTP/0.9: its answer has no "
                "status line, which `expect` wants.",
                help="Write the version behind the path: `GET / HTTP/1.0\\r\\n\\r\\n`.",
            )
            continue
        start = (check.send or "").find(version)
        yield Problem(
            at=places.inside(line, 2, start, start + len(version))
            if start >= 0
            else places.value(line),
            message=f"There is no {quoted(version)}: to a web server this is a bad request, and "
            "the answer says nothing about the page.",
            help="Write `HTTP/1.0`. nanny speaks no TLS: for HTTPS, use a `send_program`."
            if version.upper().startswith("HTTPS")
            else "Write `HTTP/1.0`.",
        )


@rule("LVS611", "http-on-tls-port", Severity.WARNING)
def http_on_tls_port(case: Case) -> Iterator[Problem]:
    r"""Plain text to a server that speaks TLS.

    What:
        A TCP service is checked by an exchange of text at port 443, 465, 636, 853, 990, 993, 995
        or 8443.  (Where nothing is sent and the protocol is one in which the client speaks first,
        `expect-without-send` says so.)

    Why:
        nanny speaks no TLS.  A server that wants it closes the connection, or answers with an error
        in plain text (Apache and nginx: `400 Bad Request`), which says nothing about the service.

    Example:
          virtual https {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 443
        -     send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "HTTP"
        +     send_program = "/usr/local/bin/check_https %h"
        +     expect = "OK"
          }
    """
    for check in case.health_checks:
        if check.is_udp or check.kind not in ("exchange", "http"):
            continue
        found = _tls_port(case, check)
        if found is None or case.is_unreadable(check.service, "protocol"):
            continue
        port, there = found
        service = check.service
        at: Place | None
        text, answer = "this check", "closes the connection or answers with an error, which"
        related: tuple[tuple[Place, str], ...] = ((there, f"port {port} is checked"),)
        if check.kind == "http":
            at, related, text = there, (), "nanny's own HTTP request"
        elif check.send:
            at = places.value_of(service, "send")
        elif check.expect is not None and port in (465, 990, 993, 995):
            at = places.value_of(service, "expect")
            answer = "waits for the client's TLS, and the check fails, which"
        else:
            continue  # nothing is said, or `expect-without-send` tells
        yield Problem(
            at=at or case.first_line(),
            message=f"Port {port} is for {TLS_PORTS[port]}, and {text} is plain text: the server "
            f"{answer} says nothing about the service.",
            help="nanny speaks no TLS: use a `send_program` that does, or only connect (neither "
            "`send` nor `expect`).",
            related=related,
        )


def _tls_port(case: Case, check: HealthCheck) -> tuple[int, Place] | None:
    """A port that is checked and belongs to TLS, and where it is written."""
    for port, owner in case.checked_ports(check).items():
        if port in TLS_PORTS:
            place = places.value_of(owner, "port") or places.name_of(owner)
            return port, place or case.first_line()
    return None


@rule("LVS612", "weak-http-expect", Severity.INFO, optional=True)
def weak_http_expect(case: Case) -> Iterator[Problem]:
    r"""A check that takes any answer of a web server.

    What:
        An HTTP request is sent, and `expect` is the beginning of every status line, such as `HTTP`
        or `HTTP/1.1`; or nothing is written, and nanny's own check expects `HTTP`.

    Why:
        A server that answers `404 Not Found` or `500 Internal Server Error` is up.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "HTTP"
        +     expect = "HTTP/1.1 200"
          }
    """
    for check in case.health_checks:
        expected = check.expected
        if not expected or check.has_apostrophes or _request(check) is None:
            continue
        if check.is_regex:
            expected = expected.removeprefix("^")
        service = check.service
        if not any(f"{version} ".startswith(expected) for version in VERSIONS):
            continue
        if check.kind == "http" and case.is_unreadable(service, "port"):
            continue
        yield Problem(
            at=case.place_of(service, "expect"),
            message="A server that answers `404 Not Found` or `500 Internal Server Error` is up, "
            "too.",
            help="Expect the status that a healthy server answers with, such as `HTTP/1.1 200`.",
        )


@rule("LVS627", "http-over-udp", Severity.WARNING)
def http_over_udp(case: Case) -> Iterator[Problem]:
    r"""An HTTP request that is sent over UDP.

    What:
        A service with `protocol = udp` has an HTTP request in `send`.

    Why:
        nanny checks a service by its `protocol`: it sends the request in a datagram.  Web servers
        answer HTTP over TCP only (HTTP/3 is another language), and what does listen on the UDP port
        does not understand it: no answer comes, and the servers are never up.

    Example:
          virtual media {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 5004
              protocol = udp
        -     send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "HTTP"
        +     send_program = "/usr/local/bin/check-media %h %p"
        +     expect = "OK\n"
          }
    """
    for check, _, _ in _over(case, udp=True):
        at = places.value_of(check.service, "send")
        if at is not None:
            protocol = places.value_of(check.service, "protocol")
            yield Problem(
                at=at,
                message="This HTTP request goes out over UDP, where no web server answers: "
                f"{of_failing(check.service)}.",
                help="Send what the service understands, or use a `send_program`, which may ask a "
                "TCP port. If the service itself is HTTP, write `protocol = tcp`.",
                related=((protocol, "the check uses it, too"),) if protocol else (),
            )


RULES: tuple[CaseRule, ...] = (
    expect_not_a_prefix,
    http_request_unfinished,
    http_version,
    http_on_tls_port,
    weak_http_expect,
    http_over_udp,
)
