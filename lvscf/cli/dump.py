"""`lvscf dump`: an lvs.cf as JSON or YAML."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from lvscf.cli import terminal
from lvscf.cli.errors import CommandError
from lvscf.cli.load_document import loaded
from lvscf.config.plain_data import to_dict


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Print the values of an lvs.cf as JSON or YAML, for other programs; `lvscf load` reads "
        "them back."
    )
    command.add_argument("file", metavar="FILE", nargs="?", help="an lvs.cf; - is standard input")
    command.add_argument(
        "--format", choices=("json", "yaml"), default="json", help="output format (default: json)"
    )
    command.add_argument(
        "--effective", action="store_true",
        help="print every value that Piranha will use, including defaults",
    )  # fmt: skip
    command.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of this data instead"
    )


def run(options: Namespace) -> int:
    """Print the file's values; returns the exit status.

    Raises:
        CommandError: the file cannot be read, or Piranha would reject it.
    """
    if options.schema:
        from lvscf.config.json_schema import json_schema

        data = json_schema()
    elif options.file is None:
        raise CommandError("name an lvs.cf, or give --schema")
    else:
        config = loaded(options.file).config
        data = written(to_dict(config.effective if options.effective else config))
    terminal.write(_FORMATS[options.format](data))
    return 0


def written(data: Any) -> Any:
    """Plain data without absent values."""
    if isinstance(data, dict):
        return {key: written(value) for key, value in data.items() if value is not None}
    return [written(value) for value in data] if isinstance(data, list) else data


def _json(data: Any) -> str:
    import json

    return json.dumps(data, indent=2) + "\n"


def _yaml(data: Any) -> str:
    import yaml

    return yaml.safe_dump(data, sort_keys=False, default_flow_style=False, width=sys.maxsize)


_FORMATS = {"json": _json, "yaml": _yaml}
