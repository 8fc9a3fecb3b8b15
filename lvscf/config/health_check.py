r"""Health checks: what nanny does to find out whether a server is up.

nanny turns the strings of lvs.cf into what it sends and expects: it strips double quotes but keeps
single ones, `\r\n` becomes two bytes, and port 80 has a check of its own if none is configured.
Rules judge the result, and converters can write it for another program.  Facts: measurements on
nanny of Piranha 0.8.6.
"""

from typing import Literal

from lvscf.config.model import RealServer, Service, VirtualServer

Kind = Literal["connect", "http", "exchange", "program"]

ESCAPES = {"\\": "\\", "r": "\r", "n": "\n", "t": "\t", "'": "'", '"': '"'}
"""The characters that may follow a backslash in `send` and `expect`, and what the pair means."""
HTTP_PORT = 80
"""The port for which nanny has a check of its own."""
HTTP_SEND = "GET / HTTP/1.0\r\n\r\n"
HTTP_EXPECT = "HTTP"
ANYTHING = "*"
"""As the whole `expect`: accept any answer."""
MOST_COMPARED = 254
"""The number of bytes that nanny reads of an answer."""
DEFAULT_REENTRY = 180
"""The seconds that nanny uses if `reentry` is 0."""
INHERITED_PORT = -1
"""As the port of a real server: the port of its virtual server."""


def port_of(service: Service, server: RealServer) -> int | None:
    """The port at which a real server is checked and, with NAT, reached; of effective values."""
    return service.port if server.port == INHERITED_PORT else server.port


class HealthCheck:
    """How nanny checks the servers of a service, from its effective values.

    `kind` is the kind of check: only a connection, nanny's own HTTP check, an exchange of `send`
    and `expect`, or a program.
    """

    __slots__ = ("expect", "kind", "program", "send", "service")

    def __init__(self, service: Service) -> None:
        self.service: Service = service
        self.send: str | None = unquoted(service.send)
        """The text as written, with its escapes; None if there is none."""
        self.expect: str | None = unquoted(service.expect)
        self.program: str | None = unquoted(service.send_program)
        self.kind = self._kind()

    def _kind(self) -> Kind:
        if self.program is not None:
            return "program"
        if self.send is None and self.expect is None:
            if self.service.port == HTTP_PORT:
                return "http"
            return "exchange" if self.is_udp else "connect"
        return "exchange"

    @property
    def is_udp(self) -> bool:
        """Whether the check uses datagrams; then nanny reads an answer even if it expects none."""
        return self.service.protocol == "udp"

    @property
    def is_regex(self) -> bool:
        """Whether `expect` is a regular expression, which fos does not support."""
        return (
            bool(self.service.use_regex)
            and self.kind in ("exchange", "http")
            and self.expect is not None
            and isinstance(self.service, VirtualServer)
        )

    @property
    def sent(self) -> str | None:
        """What nanny sends; None if it sends nothing, or if an escape makes it hang."""
        if self.kind == "http":
            return HTTP_SEND
        return None if self.send is None or self.kind == "program" else unescaped(self.send)

    @property
    def expected(self) -> str | None:
        """What nanny compares the answer with; None if nothing, or if an escape makes it hang."""
        if self.kind == "http":
            return HTTP_EXPECT
        return None if self.expect is None else unescaped(self.expect)

    @property
    def has_apostrophes(self) -> bool:
        """Whether one of the strings is in single quotes, which nanny keeps as part of it."""
        texts = (self.send, self.expect, self.program)
        return any(text is not None and text.startswith("'") for text in texts)

    def port_of(self, server: RealServer) -> int | None:
        """The port at which a real server is checked."""
        return port_of(self.service, server)


def is_nanny(client_monitor: str | None) -> bool:
    """Whether the effective `client_monitor` is nanny, and not another program."""
    return client_monitor is not None and client_monitor.rpartition("/")[2] == "nanny"


def unquoted(value: str | None) -> str | None:
    """A value as lvsd and fos pass it to nanny: without a double quote at either end."""
    return None if value is None else value.removeprefix('"').removesuffix('"')


def unescaped(text: str) -> str | None:
    r"""The text that nanny reads in `send` or `expect`; None if it hangs in an endless loop.

    A string of one character is used verbatim, even a backslash.
    """
    if "\\" not in text or len(text) == 1:
        return text
    plain: list[str] = []
    position = 0
    while (backslash := text.find("\\", position)) >= 0:
        meaning = ESCAPES.get(text[backslash + 1 : backslash + 2])
        if meaning is None:
            return None
        plain += text[position:backslash], meaning
        position = backslash + 2
    plain.append(text[position:])
    return "".join(plain)


def endless_escapes(text: str) -> list[tuple[int, int]]:
    """The places of the backslash sequences in `send` or `expect` that make nanny hang."""
    if "\\" not in text or len(text) == 1:
        return []
    found = []
    position = 0
    while (backslash := text.find("\\", position)) >= 0:
        position = backslash + 2
        if text[backslash + 1 : position] not in ESCAPES:
            position = min(position, len(text))
            found.append((backslash, position))
    return found


def written_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The span in the text as written of the characters `start` to `end` of the unescaped text."""
    if "\\" not in text or len(text) == 1:
        return start, end
    offsets = []
    position = 0
    while position < len(text):
        offsets.append(position)
        position += 2 if text[position] == "\\" else 1
    offsets.append(position)
    return offsets[start], offsets[end]
