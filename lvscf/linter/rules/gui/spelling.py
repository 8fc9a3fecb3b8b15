"""LVS8: lines that Piranha reads, but that the GUI splits into different words."""

from collections.abc import Iterator

from lvscf.config import places
from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.case import Case
from lvscf.linter.case_rule import CaseRule, rule
from lvscf.linter.rules.gui.in_force import kept_directives
from lvscf.piranha import gui
from lvscf.piranha.directives import BY_SCOPE, Scope
from lvscf.source import quoted
from lvscf.syntax.judge import complaint_about
from lvscf.syntax.nodes import Directive
from lvscf.syntax.words import BLANKS

_SCOPES = {
    "global": Scope.GLOBAL,
    "virtual": Scope.SERVICE,
    "failover": Scope.SERVICE,
    "server": Scope.SERVER,
}


@rule("LVS807", "gui-separator", Severity.ERROR, optional=True)
def gui_separator(case: Case) -> Iterator[Problem]:
    """A `=` without exactly one space on each side.

    What:
        Between a directive and its value there is something other than a space, `=` and a space,
        and the GUI reads a different value because of it.  (One extra space after the `=` is often
        harmless.)

    Why:
        The GUI splits a line at single spaces; it does not treat tabs as blanks.  It deletes the
        line for `port<TAB>= 80`, gives the port the value of the previous line for `port =<TAB>80`,
        and saves `port  = 80` as `port = = 80`, which Piranha rejects.

    Example:
        - keepalive  = 6
        + keepalive = 6

    Fix:
        Safe: one space on each side.
    """
    for kind, line in _misread(case, "separator"):
        between = _between(line)
        fixed = Change("Put one space on each side of the `=`", "safe", ((between, " = "),))
        yield Problem(
            at=between,
            message=f"The GUI expects one space on each side of the `=`: it {_effect(kind, line)}.",
            help=f"Write `{line.name} = ` and the value.",
            change=fixed,
        )


@rule("LVS808", "gui-two-words", Severity.ERROR, optional=True)
def gui_two_words(case: Case) -> Iterator[Problem]:
    """More than one space between an address and its device.

    What:
        There are two or more spaces between the address and the device of `address` or
        `nat_router`.

    Why:
        The GUI splits a line at single spaces, and finds an empty word in place of the device: when
        it saves, it deletes the line, or loses the device and Piranha rejects the file.

    Example:
          virtual http {
              active = 1
        -     address = 10.10.1.20  eth0:1
        +     address = 10.10.1.20 eth0:1
          }

    Fix:
        Safe: one space.
    """
    for kind, line in _misread(case, "two words"):
        words = line.words
        between = Place(line.start + words[2].end, line.start + words[3].start)
        yield Problem(
            at=between,
            message="There is more than one space between address and device: the GUI "
            f"{_effect(kind, line)}.",
            help="Write one space.",
            change=Change("Write one space", "safe", ((between, " "),)),
        )


@rule("LVS809", "gui-third-word", Severity.ERROR, optional=True)
def gui_third_word(case: Case) -> Iterator[Problem]:
    """A value that the GUI cuts off after its first or second word.

    What:
        When a value is split at single spaces, its third word is empty or `0`; or it has two words,
        and the second is `0`.

    Why:
        To the GUI, an empty word or a `0` is the end of the value.  What is left usually has an
        open quote, and then Piranha rejects the file.

    Example:
          virtual http {
              active = 1
        -     send_program = "/usr/local/bin/check %h 0 fast"
        +     send_program = "/usr/local/bin/check %h 00 fast"
          }
    """
    for kind, line in _misread(case, "third word"):
        yield Problem(
            at=places.value(line),
            message=f"To the GUI, an empty word or a `0` ends this value: it {_effect(kind, line)}.",
            help="Write single spaces, and no `0` among the first three words (put the command "
            "into a script if it needs one).",
        )


@rule("LVS810", "gui-single-quotes", Severity.WARNING, optional=True)
def gui_single_quotes(case: Case) -> Iterator[Problem]:
    """Three or more words that are not in double quotes.

    What:
        A value of three or more words does not begin with a double quote.

    Why:
        The GUI keeps such a value only from its first double quote on.  When it saves, it deletes a
        value that contains none, and cuts off the beginning of one that has it in the middle.

    Example:
          virtual http {
              active = 1
        -     send = 'GET / HTTP/1.0'
        +     send = "GET / HTTP/1.0"
          }

    Fix:
        Safe: double quotes, if the value contains none.  Unsafe for values that keep their quotes,
        such as `send`: there the apostrophes were part of the text.
    """
    for kind, line in _misread(case, "quotes"):
        words = line.words
        change = None
        if len(words) == 3 and words[2].quote == "'" and '"' not in words[2].text:
            keeps = BY_SCOPE[_SCOPES[kind]][line.name].kind.keeps_quotes
            edit = (places.value(line), f'"{words[2].text}"')
            change = Change("Write double quotes", "unsafe" if keeps else "safe", (edit,))
        yield Problem(
            at=places.value(line),
            message="The GUI only understands double quotes at the beginning of a value: it "
            f"{_effect(kind, line)}.",
            help="Put the value in double quotes, with no double quote inside.",
            change=change,
        )


@rule("LVS820", "gui-vertical-tab", Severity.WARNING, optional=True)
def gui_vertical_tab(case: Case) -> Iterator[Problem]:
    r"""A vertical tab at the end of a value, which the GUI removes.

    What:
        A value ends in a vertical tab.

    Why:
        To Piranha, a vertical tab is an ordinary character and part of the value.  The GUI treats
        it as a blank and removes it when it saves.  It is hardly ever there on purpose.

    Bad (with escapes):
        rsh_command = ssh\x0b

    Good:
        rsh_command = ssh
    """
    for _, line in _misread(case, "end"):
        at = places.value(line)
        kept = gui.stripped(_text(case, at))
        yield Problem(
            at=Place(at.start + len(kept), at.end),
            message="This value ends in a vertical tab, which is part of the value for Piranha. "
            "The GUI removes it when it saves.",
            help=f"Write {quoted(kept)}.",
        )


def _misread(case: Case, cause: str) -> Iterator[tuple[str, Directive]]:
    """The lines that the GUI would change when it saves, for one cause."""
    for kind, line in kept_directives(case):
        text = line.content.strip(BLANKS)
        name, value = gui.read(text)
        if name == line.name and value and text == f"{name} = {value}":
            continue
        if gui.is_too_long(line.content):
            continue  # LVS819
        if _cause(case, kind, line) == cause:
            yield kind, line


def _cause(case: Case, kind: str, line: Directive) -> str:
    """Why the GUI does not read a line as Piranha does."""
    words = line.words
    name, value = gui.read(line.content)
    text = gui.stripped(line.content)
    if text != line.content.strip(BLANKS) and text == f"{name} = {value}":
        return "end"
    if name != line.name or _text(case, _between(line)) != " = ":
        return "separator"
    if BY_SCOPE[_SCOPES[kind]][line.name].kind.with_device:
        between = line.text[words[2].end : words[3].start]
        if between.startswith("  "):
            return "two words"
    if words[2].quote != '"' and (not value or value.startswith('"')):
        return "quotes"
    return "third word"


def _between(line: Directive) -> Place:
    words = line.words
    return Place(line.start + words[0].end, line.start + words[2].start)


def _text(case: Case, place: Place) -> str:
    return case.source.text[place.start : place.end]


def _effect(kind: str, line: Directive) -> str:
    """What the GUI does to a line that it does not read as Piranha does."""
    name, value = gui.read(line.content)
    if name != line.name:
        return f"does not know {quoted(name)} and deletes the line"
    if value is None:
        return f"gives `{name}` the value of the previous line"
    if not value:
        return "deletes the line"
    saved = f"{name} = {value}"
    effect = f"saves the line as {quoted(saved)}"
    if complaint_about(saved, _SCOPES[kind]) is not None:
        effect += ", which Piranha cannot read"
    return effect


RULES: tuple[CaseRule, ...] = (
    gui_separator,
    gui_two_words,
    gui_third_word,
    gui_single_quotes,
    gui_vertical_tab,
)
