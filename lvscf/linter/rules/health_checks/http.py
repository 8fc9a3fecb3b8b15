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
"""How the first line ends in requests of other protocols that look like HTTP."""
EMPTY_LINES = ("\r\n\r\n", "\n\n", "\n\r\n")
STATUS_LINE = "HTTP/"
"""The beginning of a web server's answer."""
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
    """The HTTP request that a check sends, and its version; None if it sends no HTTP request.

    The version is empty for HTTP/0.9.
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
    """The TCP checks whose `send` is an HTTP request, each with the request and its version."""
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
    r"""An `expect` that is not how a web server's answer begins.

    What:
        `send` is an HTTP request with a version, `use_regex` is off, and `expect` does not begin
        like a status line (such as `HTTP/1.1 200 OK`).

    Why:
        nanny compares `expect` with the first bytes of the answer, and those are `HTTP/1.`.  It
        does not find text further on, and the servers never come up.

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
            continue  # a pattern: see `regex-looking-expect`
        at = places.value_of(check.service, "expect")
        if at is not None:
            yield Problem(
                at=at,
                message="This is compared with the first bytes of the answer, and a web server's "
                f"answer begins with `HTTP/1.`. It never matches, and {of_failing(check.service)}.",
                help="Write the beginning of the status line, such as `HTTP/1.1 200`, or set "
                "`use_regex = 1` to search the first 254 bytes.",
            )


@rule("LVS609", "http-request-unfinished", Severity.WARNING)
def http_request_unfinished(case: Case) -> Iterator[Problem]:
    r"""An HTTP request that is not terminated.

    What:
        `send` is an HTTP request, there is an `expect`, and the request contains no empty line (or,
        without a version, no line end).

    Why:
        A web server answers once it has read the empty line.  Until then it waits for more header
        lines, the read times out, and the servers never come up.

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
            missing, end = "The empty line after the request is missing", "\\r\\n\\r\\n"
        else:
            finished = "\n" in request
            missing, end = "The line end after the request is missing", "\\r\\n"
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
        `send` is an HTTP request with no version, or with one other than `HTTP/1.0` and `HTTP/1.1`,
        and `expect` contains `HTTP`.

    Why:
        Without a version the request is HTTP/0.9: a server that still supports it answers with the
        page alone, without a status line.  A version that does not exist, such as `HTTPS/1.0`,
        makes a bad request: if the answer has a status line, it reports an error, on healthy
        servers too.  (nanny does not speak TLS, whatever is written here.)

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
            continue  # `http-on-tls-port` reports the cause
        if not version:
            yield Problem(
                at=places.value(line),
                message="This request has no version, which makes it HTTP/0.9: the answer lacks "
                "the status line that `expect` needs.",
                help="Write the version after the path: `GET / HTTP/1.0\\r\\n\\r\\n`.",
            )
            continue
        start = (check.send or "").find(version)
        yield Problem(
            at=places.inside(line, 2, start, start + len(version))
            if start >= 0
            else places.value(line),
            message=f"{quoted(version)} does not exist: to a web server this is a bad request, and "
            "the answer says nothing about the page.",
            help="Write `HTTP/1.0`. nanny does not speak TLS: for HTTPS, use a `send_program`."
            if version.upper().startswith("HTTPS")
            else "Write `HTTP/1.0`.",
        )


@rule("LVS611", "http-on-tls-port", Severity.WARNING)
def http_on_tls_port(case: Case) -> Iterator[Problem]:
    r"""Plain text to a server that speaks TLS.

    What:
        A TCP service is checked by an exchange of plain text on port 443, 465, 636, 853, 990, 993,
        995 or 8443.  (If nothing is sent and the client should send first, see
        `expect-without-send`.)

    Why:
        nanny does not speak TLS.  A server that requires it closes the connection, or answers with
        an error in plain text (Apache and nginx: `400 Bad Request`), which says nothing about the
        service.

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
            continue  # nothing is exchanged, or `expect-without-send` reports it
        yield Problem(
            at=at or case.first_line(),
            message=f"Port {port} is for {TLS_PORTS[port]}, but {text} is plain text: the server "
            f"{answer} says nothing about the service.",
            help="nanny does not speak TLS: use a `send_program` that does, or only connect "
            "(neither `send` nor `expect`).",
            related=related,
        )


def _tls_port(case: Case, check: HealthCheck) -> tuple[int, Place] | None:
    """A checked port that belongs to TLS, and where it is written."""
    for port, owner in case.checked_ports(check).items():
        if port in TLS_PORTS:
            place = places.value_of(owner, "port") or places.name_of(owner)
            return port, place or case.first_line()
    return None


@rule("LVS612", "weak-http-expect", Severity.INFO, optional=True)
def weak_http_expect(case: Case) -> Iterator[Problem]:
    r"""A check that accepts any answer of a web server.

    What:
        The check sends an HTTP request, and `expect` is the beginning of every status line, such as
        `HTTP` or `HTTP/1.1`; or no check is written, and nanny's own expects `HTTP`.

    Why:
        A server that answers `404 Not Found` or `500 Internal Server Error` counts as up.

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
            message="A server that answers `404 Not Found` or `500 Internal Server Error` counts "
            "as up.",
            help="Expect the status of a healthy server, such as `HTTP/1.1 200`.",
        )


@rule("LVS627", "http-over-udp", Severity.WARNING)
def http_over_udp(case: Case) -> Iterator[Problem]:
    r"""An HTTP request that is sent over UDP.

    What:
        A service with `protocol = udp` has an HTTP request in `send`.

    Why:
        nanny uses the service's `protocol` for the check: it sends the request in a datagram.  Web
        servers answer HTTP only over TCP (HTTP/3 is a different protocol), and whatever listens on
        the UDP port does not understand it: no answer comes, and the servers never come up.

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
            yield Problem(
                at=at,
                message="This HTTP request is sent over UDP, where no web server answers: "
                f"{of_failing(check.service)}.",
                help="Send what the service understands, or use a `send_program`, which may check "
                "a TCP port. If the service itself is HTTP, write `protocol = tcp`.",
                related=((places.value_of(check.service, "protocol"), "the check uses it too"),),
            )


RULES: tuple[CaseRule, ...] = (
    expect_not_a_prefix,
    http_request_unfinished,
    http_version,
    http_on_tls_port,
    weak_http_expect,
    http_over_udp,
)
