"""lvscf(1), made from the tree of arguments."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

from docs.mdoc import escaped, literal, macro, page, prose
from lvscf.cli import arguments

DATE = "November 26, 2026"

_FILES = (
    ("/etc/sysconfig/ha/lvs.cf", "The configuration of Piranha on an LVS router."),
    (
        "lvscf.toml",
        "Settings: which rules apply, the severity of findings, the baseline, and the files that "
        "were collected from the hosts. The nearest one counts, in the directory of the linted "
        "file or above it.",
    ),
    ("pyproject.toml", "The same settings in its table `tool.lvscf`."),
)

_ENVIRONMENT = (
    ("NO_COLOR", "If not empty, no colours are used unless `--color always` is given."),
    ("FORCE_COLOR", "If not empty, colours are used even if the output is not a terminal."),
    ("COLUMNS", "The width of reports."),
    (
        "LVSCF_FORMAT",
        "The format of the report if `--format` is not given. Without it, that is `github` if "
        "GITHUB_ACTIONS is `true`, and else `full`.",
    ),
    (
        "LVSCF_DOCS",
        "The address of a copy of the documentation site. Reports link to the pages of rules "
        "there; terminals that are known to show links get them on the codes.",
    ),
)

_STATUS = (
    ("0", "Clean, or done."),
    ("1", "There are findings at or above `--fail-on`, or differences."),
    ("2", "The command line is wrong, or `lvscf` could not do its work for at least one file."),
    ("130", "Interrupted."),
)

_EXAMPLES = (
    (
        "Lint a file, and fix what can be fixed safely:",
        "lvscf lint lvs.cf\nlvscf lint --fix lvs.cf",
    ),
    (
        "Lint the file of a router together with the firewall rules of a real server:",
        "ssh lvs1 cat /etc/sysconfig/ha/lvs.cf > lvs.cf\n"
        "ssh www1 iptables-save > www1.iptables\n"
        "lvscf lint --real-server www1=www1.iptables lvs.cf",
    ),
    ("Show what Piranha will use, defaults included:", "lvscf show --effective lvs.cf"),
    ("Explain a rule, and a directive:", "lvscf explain LVS201 deadtime"),
)


def text() -> str:
    """The page."""
    return page(_lines())


def _lines() -> Iterator[str]:
    parser = arguments.whole()
    commands = _commands(parser)
    yield macro("Dd", DATE)
    yield ".Dt LVSCF 1"
    yield ".Os"
    yield ".Sh NAME"
    yield ".Nm lvscf"
    yield ".Nd linter and toolkit for lvs.cf, the configuration of Piranha"
    yield ".Sh SYNOPSIS"
    for name in commands:
        yield ".Nm lvscf"
        yield macro("Cm", name)
        yield ".Op Ar options"
        yield from _operands(commands[name])
    yield ".Nm lvscf"
    yield r".Fl \-version"
    yield ".Sh DESCRIPTION"
    yield ".Nm"
    yield from prose(
        "finds what is wrong with an lvs.cf: what Piranha rejects, what it misreads, and what it "
        "does not do as the writer meant. With files from the hosts, it also checks firewall marks "
        "and redirects. It needs no root, network or running cluster, and changes no file unless "
        "it is asked to."
    )
    yield ".Pp"
    yield "The format of the file is described in"
    yield ".Xr lvs.cf 5 ."
    yield ".Pp"
    yield "Options of"
    yield ".Nm"
    yield "itself come before the command:"
    yield from _list(_options(parser))
    yield ".Sh COMMANDS"
    for name, command in commands.items():
        yield f".Ss {name}"
        yield ".Nm lvscf"
        yield macro("Cm", name)
        yield ".Op Ar options"
        yield from _operands(command)
        yield ".Pp"
        yield from prose(command.description or "")
        yield from _list([*_positionals(command), *_options(command)])
    yield ".Sh ENVIRONMENT"
    yield from _tagged("Ev", _ENVIRONMENT)
    yield ".Sh FILES"
    yield from _tagged("Pa", _FILES)
    yield ".Sh EXIT STATUS"
    yield from _tagged("Li", _STATUS)
    yield ".Sh EXAMPLES"
    for number, (what, example) in enumerate(_EXAMPLES):
        if number:
            yield ".Pp"
        yield from prose(what)
        yield from literal(example)
    yield ".Sh SEE ALSO"
    yield ".Xr lvs.cf 5 ,"
    yield ".Xr iptables-save 8 ,"
    yield ".Xr ipvsadm 8"


def _commands(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the parser has no commands")


def _options(parser: ArgumentParser) -> list[Action]:
    return [
        action
        for action in parser._actions
        if action.option_strings and not isinstance(action, _SubParsersAction)
    ]


def _positionals(parser: ArgumentParser) -> list[Action]:
    return [
        action
        for action in parser._actions
        if not action.option_strings and not isinstance(action, _SubParsersAction)
    ]


def _operands(command: ArgumentParser) -> Iterator[str]:
    for action in _positionals(command):
        word = _argument(action)
        if action.nargs in ("?", "*"):
            yield f".Op Ar {word}" + (" ..." if action.nargs == "*" else "")
        else:
            yield f".Ar {word}" + (" ..." if action.nargs == "+" else "")


def _argument(action: Action) -> str:
    """The placeholder of an argument's value."""
    if action.choices is not None and action.metavar is None:
        return escaped("|".join(map(str, action.choices)))
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest
    return escaped(metavar if action.option_strings or action.metavar else metavar.upper())


def _list(actions: list[Action]) -> Iterator[str]:
    if not actions:
        return
    yield ".Bl -tag -width Ds"
    for action in actions:
        yield _tag(action)
        yield from prose(_help(action))
    yield ".El"


def _tag(action: Action) -> str:
    if not action.option_strings:
        return f".It Ar {_argument(action)}"
    names = " , ".join(f"Fl {escaped(name.removeprefix('-'))}" for name in action.option_strings)
    value = "" if action.nargs == 0 else f" Ar {_argument(action)}"
    return f".It {names}{value}"


def _help(action: Action) -> str:
    words = (action.help or "").replace("%%", "%")
    words = words.replace("show program's version number and exit", "show the version and exit")
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def _tagged(name: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield ".Bl -tag -width Ds"
    for tag, words in rows:
        yield f".It {name} {escaped(tag)}"
        yield from prose(words)
    yield ".El"
