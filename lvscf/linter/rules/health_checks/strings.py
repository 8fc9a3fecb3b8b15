r"""LVS6: the strings of health checks: escapes, patterns and lengths."""

from collections.abc import Iterator

from lvscf.config import health_check, places
from lvscf.config.health_check import MOST_COMPARED, HealthCheck
from lvscf.config.model import VirtualServer
from lvscf.findings.finding import Severity
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.consequences import of_failing
from lvscf.source import encode, quoted

MOST_DOCUMENTED = 255
"""Bytes that lvs.cf(5) allows for `send`."""
MOST_IN_PROGRAM = 254
"""Bytes of `send_program` that nanny has room for."""
_PATTERN = frozenset("[]()|*+?^$")
"""Characters of patterns that the first line of a web server's answer never contains."""


@rule("LVS613", "bad-regex", Severity.ERROR, also=(Severity.WARNING,))
def bad_regex(case: Case) -> Iterator[Problem]:
    r"""A regular expression that the C library cannot compile.

    What:
        `use_regex = 1`, and `expect`, after its escapes are resolved, is not a valid POSIX extended
        regular expression.  It is a warning if the expression is valid but uses Perl syntax (`\\d`,
        lazy `+?`).

    Why:
        nanny compiles the pattern at each check; if that fails, it logs an error and the check
        fails: the servers never come up.  Perl syntax compiles, but means something else: `\d` is
        the letter d.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "HTTP/1.(0|1 200"
        +     expect = "HTTP/1\\.(0|1) 200"
              use_regex = 1
          }
    """
    for check in case.health_checks:
        if not check.is_regex or check.has_apostrophes:
            continue
        pattern, line = check.expected, places.written(check.service, "expect")
        if pattern is None or line is None:
            continue
        from lvscf.piranha import posix_regex

        try:
            posix_regex.check(pattern)
        except posix_regex.InvalidPatternError as reason:
            yield Problem(
                at=places.value(line),
                message=f"This is not a valid POSIX extended regular expression: {reason}. nanny "
                f"cannot compile it, and {of_failing(check.service)}.",
                help=_help_for_regex(pattern),
            )
            continue
        for start, end, means in posix_regex.perlisms(pattern):
            where = health_check.written_span(check.expect or "", start, end)
            yield Problem(
                at=places.inside(line, 2, *where),
                message=f"{quoted(pattern[start:end])} {means}.",
                help="Write the pattern in POSIX syntax, as for `grep -E`.",
                severity=Severity.WARNING,
            )


def _help_for_regex(pattern: str) -> str:
    if pattern == "*":
        return "Without `use_regex`, `*` accepts any answer; as a pattern, `.` does."
    if "(?" in pattern:
        return "`(?` is Perl syntax; write the pattern as for `grep -E`."
    return "Write it as for `grep -E`; to match such a character literally, put `\\\\` before it."


@rule("LVS614", "backslash-hang", Severity.ERROR)
def backslash_hang(case: Case) -> Iterator[Problem]:
    r"""A backslash that makes nanny hang.

    What:
        In `send` or `expect`, a backslash is the last character, or is followed by a character
        other than `\`, `r`, `n`, `t`, `'` and `"`.

    Why:
        nanny never gets to the end of such a string: it uses 100 % CPU, logs nothing and makes no
        check, and the server is never added.  A backslash that a regular expression needs must be
        doubled.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              send = "GET / HTTP/1.0\r\n\r\n"
        -     expect = "HTTP/1\.1 200"
        +     expect = "HTTP/1\\.1 200"
              use_regex = 1
          }

    Fix:
        Unsafe: the backslash is doubled, so that it stands for itself.
    """
    for check in case.health_checks:
        if check.has_apostrophes:
            continue
        if check.send is not None and check.kind != "program":  # with a program, `send` is unused
            yield from _endless(check, "send", check.send)
        if check.expect is not None:
            yield from _endless(check, "expect", check.expect)


def _endless(check: HealthCheck, name: str, text: str) -> Iterator[Problem]:
    found = health_check.endless_escapes(text)
    line = places.written(check.service, name)
    if not found or line is None:
        return
    start, end = found[0]
    end_of_text = end - start == 1
    what = "a backslash at the end" if end_of_text else quoted(text[start:end])
    edits = tuple((places.inside(line, 2, at, at), "\\") for at, _ in found)
    effect = "the server is never added"
    if not isinstance(check.service, VirtualServer):
        effect = "a dead service goes unnoticed"
    yield Problem(
        at=places.inside(line, 2, start, end),
        message=f"nanny hangs on {what}: it uses 100 % CPU and makes no check, and {effect}.",
        help="Write `\\\\` for a backslash; the other valid escapes are `\\r`, `\\n`, `\\t`, `\\'` "
        'and `\\"`.',
        change=Change("Double the backslash", "unsafe", edits),
    )


@rule("LVS615", "check-string-too-long", Severity.WARNING, also=(Severity.ERROR,))
def check_string_too_long(case: Case) -> Iterator[Problem]:
    r"""A health check string that is too long.

    What:
        `send_program` has more than 254 bytes: an error.  `send` has more than 255 bytes, or
        `expect` has more than 254 and is compared with an answer: a warning.

    Why:
        nanny reads 254 bytes of an answer, so the end of a longer `expect` is not compared.
        lvs.cf(5) allows 255 bytes in `send`; nanny was seen to send more, but that is not
        guaranteed.  nanny copies `send_program` into 255 bytes without checking its length: a
        longer one overwrites its stack.

    Bad:
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            expect = "OK"
            send_program = "/usr/local/bin/check %h aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        }

    Good:
        virtual web {
            active = 1
            address = 10.10.1.20 eth0:1
            expect = "OK"
            send_program = "/usr/local/bin/check %h"
        }
    """
    for check in case.health_checks:
        service = check.service
        length = _bytes(check.program)
        at = places.value_of(service, "send_program")
        if length > MOST_IN_PROGRAM and at:
            yield Problem(
                at=at,
                message=f"This has {length} bytes, but nanny has room for {MOST_IN_PROGRAM}: the "
                "rest overwrites its stack.",
                help="Put the command into a script with a short path.",
                severity=Severity.ERROR,
            )
        if check.kind != "exchange":
            continue
        length, at = _bytes(check.send), places.value_of(service, "send")
        if length > MOST_DOCUMENTED and at:
            yield Problem(
                at=at,
                message=f"This has {length} bytes, but lvs.cf(5) allows {MOST_DOCUMENTED}: nothing "
                "guarantees that nanny sends the rest.",
                help="Send a shorter text, or use a `send_program`.",
            )
        expected = None if check.is_regex else check.expected
        length, at = _bytes(expected), places.value_of(service, "expect")
        if length > MOST_COMPARED and at:
            yield Problem(
                at=at,
                message=f"This has {length} bytes, but nanny compares only the first "
                f"{MOST_COMPARED}.",
                help="Expect a shorter beginning of the answer.",
            )


def _bytes(text: str | None) -> int:
    return 0 if text is None else len(text) if text.isascii() else len(encode(text))


@rule("LVS617", "regex-ignored", Severity.WARNING)
def regex_ignored(case: Case) -> Iterator[Problem]:
    r"""A regular expression that is never used.

    What:
        A virtual server has `use_regex = 1` together with a `send_program`, or without `expect`.

    Why:
        The output of a program is always compared with `expect` literally, and without `expect`
        there is no pattern.

    Example:
          virtual dns {
              active = 1
              address = 10.10.1.20 eth0:1
              port = 53
              send_program = "/usr/local/bin/check_dns %h"
              expect = "OK"
        -     use_regex = 1
          }
    """
    for check in case.health_checks:
        service = check.service
        at = places.value_of(service, "use_regex")
        if at is None or not service.use_regex or not isinstance(service, VirtualServer):
            continue
        if check.kind == "program":
            reason = "the output of a program is always compared with `expect` literally"
        elif check.expect is None:
            reason = "without `expect` there is no pattern"
        else:
            continue
        yield Problem(
            at=at,
            message=f"`use_regex` has no effect here: {reason}.",
            help="Write `use_regex = 0` or leave the line out.",
        )


@rule("LVS618", "regex-looking-expect", Severity.WARNING)
def regex_looking_expect(case: Case) -> Iterator[Problem]:
    r"""A pattern that is compared literally.

    What:
        `use_regex` is off, and `expect` looks like a regular expression: it contains `.*`, `[0-9]`
        or an escaped character, or begins with `^`.

    Why:
        Without `use_regex`, the answer must begin with exactly these characters (the output of a
        program must consist of them), so the check always fails.

    Example:
          virtual web {
              active = 1
              address = 10.10.1.20 eth0:1
              send = "GET / HTTP/1.0\r\n\r\n"
              expect = "HTTP/1.[0-9] 200"
        +     use_regex = 1
          }
    """
    for check in case.health_checks:
        service, expected = check.service, check.expected
        if not expected or service.use_regex or check.has_apostrophes:
            continue
        if not looks_like_pattern(expected) or case.is_unreadable(service, "use_regex"):
            continue
        at = places.value_of(service, "expect")
        if at is None:
            continue
        if check.kind == "program":
            compared, help = "the program's output must be", "Write the line that it prints."
        elif not isinstance(service, VirtualServer):
            compared = "the answer must begin with"
            help = (
                "Write the beginning of the answer; failover services do not support `use_regex`."
            )
        else:
            compared = "the answer must begin with"
            help = "Write `use_regex = 1`, or the beginning of the answer."
        yield Problem(
            at=at,
            message=f"This looks like a regular expression, but {compared} exactly these "
            f"characters: {of_failing(service)}.",
            help=help,
        )


def looks_like_pattern(expected: str) -> bool:
    r"""Whether a text is hardly meant literally: `.*`, `[0-9]`, `^HTTP`, `\.`, `(a|b)`, `OK*`.

    For a web server's answer, also `HTTP/1.[01]` and the like.  Not `*`, `+OK`, `* OK`, `[ready]`
    or `220 mail.example.com`, which are answers of servers.
    """
    if expected.isalnum():
        return False
    if (expected[0] == "^" and len(expected) > 1) or "\\" in expected:
        return True
    if ".*" in expected or ".+" in expected or "]+" in expected or "]*" in expected:
        return True
    if expected.startswith("HTTP/") and not _PATTERN.isdisjoint(expected.partition("\r\n")[0]):
        return True  # status lines do not contain such characters
    if expected[-1] == "*" and (expected[-2:-1].isalnum() or expected[-2:-1] in (")", "/")):
        return True
    opening = expected.find("(")
    if 0 <= opening < expected.find("|", opening) < expected.find(")", opening):
        return True
    return any(map(_is_character_range, expected.split("[")[1:]))


def _is_character_range(after: str) -> bool:
    """Whether the text after a `[` makes a bracket such as `[0-9]` or `[A-Za-z]`."""
    inside, closing, _ = after.partition("]")
    inside = inside.removeprefix("^")
    low, high = inside[:1], inside[2:3]
    if not closing or inside[1:2] != "-" or not (low + high).isalnum() or low > high:
        return False
    return len(inside) == 3 or low + high in ("09", "az", "AZ", "af", "AF")


RULES: tuple[CaseRule, ...] = (
    bad_regex,
    backslash_hang,
    check_string_too_long,
    regex_ignored,
    regex_looking_expect,
)
