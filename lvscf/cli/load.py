"""`lvscf load`: JSON or YAML to lvs.cf, the reverse of `lvscf dump`."""

from argparse import ArgumentParser, Namespace
from typing import Any

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.config.model import Config
from lvscf.config.plain_data import from_dict
from lvscf.document import parse
from lvscf.files import inputs
from lvscf.source import displayable, encode

_ODD_YAML = (ValueError, LookupError, TypeError, AttributeError)
"""What PyYAML raises for values that contradict their tag, such as `!!int ''`."""


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Write an lvs.cf from data in the format of `lvscf dump`: JSON if it begins with {, "
        "otherwise YAML. It goes to standard output unless --output or --into is given."
    )
    command.add_argument("file", metavar="DATA", help="JSON or YAML; - is standard input")
    target = command.add_mutually_exclusive_group()
    target.add_argument("--output", metavar="FILE", help="the file to write")
    target.add_argument(
        "--into", metavar="LVS_CF",
        help="an lvs.cf to edit in place, keeping comments and spacing",
    )  # fmt: skip


def run(options: Namespace) -> int:
    """Write the lvs.cf; returns the exit status.

    Raises:
        CommandError: the data does not describe an lvs.cf, or a file cannot be used.
    """
    if options.into == "-":
        raise CommandError("--into edits a file; name it, or omit the option")
    name = inputs.STANDARD_INPUT if options.file == "-" else displayable(options.file)
    try:
        config = from_dict(_data(options.file, name))
        if options.into is not None:
            _change(options.into, config)
            return 0
        from lvscf.writing.canonical import dumps

        content = encode(dumps(config))
    except ValueError as error:
        raise CommandError(f"{name}: {displayable(str(error))}") from None
    if options.output in (None, "-"):
        terminal.write_bytes(content)
    else:
        from lvscf.files import writing

        writing.replace(options.output, content)
    return 0


def _change(path: str, config: Config) -> None:
    from lvscf.files import writing

    before = inputs.read(path)
    after = bytes(parse(before, path).replace(config))
    if after != before:
        writing.replace(path, after, before)


def _data(path: str, name: str) -> Any:
    """The data in a file.

    Raises:
        CommandError: it cannot be read, or is neither JSON nor YAML.
    """
    content = inputs.read(path, "JSON or YAML file")
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{name}:{line}: this is not UTF-8 text") from None
    is_json = text.lstrip().startswith("{")
    try:
        return _json(text, name) if is_json else _yaml(text, name)
    except RecursionError:
        raise CommandError(f"{name}: the data is nested too deeply") from None


def _json(text: str, name: str) -> Any:
    import json

    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CommandError(f"{name}:{error.lineno}: this is not valid JSON: {error.msg}") from None
    except ValueError:
        raise CommandError(f"{name}: a number has thousands of digits") from None


def _yaml(text: str, name: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CommandError(
            f"{name}:{line}: this is not valid YAML: a control character must be escaped"
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        problem = displayable(error.problem or "it cannot be parsed")
        raise CommandError(f"{place}: this is not valid YAML: {problem}") from None
    except _ODD_YAML as error:
        reason = displayable(str(error))
        raise CommandError(f"{name}: a value does not match its tag ({reason})") from None
