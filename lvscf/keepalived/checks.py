"""How keepalived checks real servers: what comes closest to each check of nanny."""

import re
from enum import Enum

from attrs import frozen

from lvscf.config.health_check import ANYTHING, HealthCheck, is_nanny
from lvscf.config.model import Service
from lvscf.keepalived.targets import Target
from lvscf.piranha import posix_regex
from lvscf.piranha.limits import MOST_COMMAND_WORDS
from lvscf.shared.records import compared, record

LONGEST_TIMEOUT = 4294
"""The longest timeout of a check, in seconds, that keepalived 2.2 accepts."""
_LONGEST_PROGRAM = 254
"""nanny copies `send_program` into 255 bytes."""


class Form(Enum):
    """The checkers of keepalived that are used."""

    TCP = "TCP_CHECK"
    SCRIPT = "MISC_CHECK"
    HTTP = "HTTP_GET"
    NONE = ""


@compared
@frozen(eq=False, repr=False)
class ScriptedCheck:
    """A check that a script makes; equal ones share the script."""

    is_udp: bool
    send: str | None
    """The bytes to send, with `surrogateescape`."""
    expect: str | None
    """What the answer must begin with, match, or be; None if a connection is enough."""
    is_regex: bool
    words: tuple[str, ...]
    """The program and its arguments; none if the script speaks with the server itself."""
    timeout: int

    @property
    def accepts_anything(self) -> bool:
        """Whether any answer will do."""
        return not self.words and not self.is_regex and self.expect in (ANYTHING, "")


@compared
@frozen(eq=False, repr=False)
class HttpCheck:
    """A check that keepalived's own HTTP_GET makes."""

    protocol: str
    """`1.0` or `1.1`."""
    path: str
    host: str | None
    status: str
    """A status code, or a range of them."""


@record
class Check:
    """How the servers of a service are checked."""

    form: Form
    health: HealthCheck
    script: ScriptedCheck | None = None
    http: HttpCheck | None = None
    trouble: "Trouble | None" = None
    """Why the check never worked under Piranha."""
    has_own_monitor: bool = False
    """Whether `client_monitor` is not nanny."""


@record
class Trouble:
    """Why a check never worked under Piranha."""

    directive: str
    reason: str
    """A clause about nanny, such as `nanny hangs`."""


def check_of(service: Service, native: bool, target: Target) -> Check:
    """The check for the servers of a service with effective values."""
    health = HealthCheck(service)
    without_answer = Form.NONE if health.is_udp else Form.TCP
    if not is_nanny(service.client_monitor):
        return Check(without_answer, health, has_own_monitor=True)
    trouble = _trouble(health)
    if trouble is not None:
        return Check(without_answer, health, trouble=trouble)
    if health.kind != "program" and health.expected is None:
        return Check(Form.TCP, health)
    if native and target.checks_http:
        http = _http(health)
        if http is not None:
            return Check(Form.HTTP, health, http=http)
    return Check(Form.SCRIPT, health, script=scripted(health))


def scripted(health: HealthCheck) -> ScriptedCheck:
    """The check that a script makes."""
    is_program = health.kind == "program"
    return ScriptedCheck(
        health.is_udp and not is_program,
        None if is_program else health.sent,
        health.expected,
        health.is_regex,
        words_of(health.program or "") if is_program else (),
        health.service.timeout or 0,
    )


def words_of(command: str) -> tuple[str, ...]:
    """The words of a command, as nanny splits it: at blanks, without quoting."""
    return tuple(word for word in command.split(" ") if word)


def _trouble(health: HealthCheck) -> Trouble | None:
    """Why a check never worked under Piranha; None if it did."""
    if health.kind == "http":
        return None
    if health.expect is not None and health.expected is None:
        return Trouble(
            "expect",
            "nanny hangs at a backslash that it does not know, and the servers are never up",
        )
    if health.kind == "program":
        return _trouble_of_program(health)
    if health.send is not None and health.sent is None:
        return Trouble(
            "send", "nanny hangs at a backslash that it does not know, and the servers are never up"
        )
    if health.expected is None:
        return Trouble("protocol", _UDP_WITHOUT_EXPECT) if health.is_udp else None
    if health.expected.startswith("'") and (health.expect or "").startswith("'"):
        return Trouble(
            "expect", "nanny expects the apostrophes as part of the answer, so no server is up"
        )
    if health.is_udp and health.send is None:
        return Trouble("expect", "nanny sends nothing, so no server answers it")
    if not health.is_udp and health.send is None and health.service.port == 80:
        return Trouble("expect", "nanny sends nothing on port 80, so a web server never answers")
    if health.is_regex:
        try:
            posix_regex.check(health.expected)
        except posix_regex.InvalidPatternError as error:
            return Trouble("expect", f"nanny rejects the regular expression: {error}")
    return None


_UDP_WITHOUT_EXPECT = "without `expect`, nanny crashes on the first answer"


def _trouble_of_program(health: HealthCheck) -> Trouble | None:
    program = health.program or ""
    words = words_of(program)
    if health.expect is None:
        return Trouble("send_program", "without `expect`, nanny counts every server as down")
    if not words:
        return Trouble("send_program", "the command is empty")
    if program.startswith("'"):
        return Trouble(
            "send_program",
            "nanny cannot run a program whose name begins with an apostrophe, and counts every "
            "server as up",
        )
    if len(program) > _LONGEST_PROGRAM or len(words) > MOST_COMMAND_WORDS:
        return Trouble("send_program", "the command is too long, and nanny crashes")
    return None


_REQUEST = re.compile(
    r"GET (?P<path>/[A-Za-z0-9/?&=%._~+,;:@*()-]*) HTTP/(?P<version>1\.[01])\r\n"
    r"(?P<headers>(?:[A-Za-z-]+: [^\r\n]*\r\n)*)\r\n"
)
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?")
_STATUS = re.compile(r"HTTP/1\.[01] ([1-5][0-9][0-9])")
_ANY_STATUS = "100-599"


def _http(health: HealthCheck) -> HttpCheck | None:
    """The HTTP_GET that asks the same; None if there is none."""
    if health.is_udp or health.is_regex or health.kind == "program":
        return None
    request = _REQUEST.fullmatch(health.sent or "")
    if request is None:
        return None
    expected = health.expected or ""
    status = _STATUS.fullmatch(expected)
    if expected != "HTTP" and status is None:
        return None
    host = None
    for header in request["headers"].splitlines():
        name, _, value = header.partition(": ")
        if name.lower() == "host" and _HOST.fullmatch(value):
            host = value
        elif name.lower() not in ("connection", "user-agent", "accept"):
            return None
    return HttpCheck(
        request["version"], request["path"], host, status[1] if status else _ANY_STATUS
    )
