"""Evidence named on the command line: `--router` and `--real-server`."""

from collections.abc import Iterable

from lvscf.cli.errors import CommandError
from lvscf.files.host_files import HostFile
from lvscf.source import quoted

_EXAMPLES = {"router": "10.10.1.21=iptables.txt", "real-server": "lvs-d03=iptables.txt"}


def from_options(routers: Iterable[str], real_servers: Iterable[str]) -> tuple[HostFile, ...]:
    """The files that `--router` and `--real-server` name.

    Raises:
        CommandError: an option lacks its file or its host.
    """
    files = []
    for option in routers:
        host, path = _divided(option)
        if not path or host == "":
            raise _unusable("router", option)
        files.append(HostFile("router", host, path))
    for option in real_servers:
        host, path = _divided(option)
        if not path or not host:
            raise _unusable("real-server", option)
        files.append(HostFile("real-server", host, path))
    return tuple(files)


def combined(options: tuple[HostFile, ...], settings: tuple[HostFile, ...]) -> tuple[HostFile, ...]:
    """The files of both; options for a host replace its settings."""
    given = {(file.role, file.host) for file in options}
    return options + tuple(
        file
        for file in settings
        if (file.role, file.host) not in given and (file.role, None) not in given
    )


def _divided(option: str) -> tuple[str | None, str]:
    """`HOST=FILE`, split; a `=` after a slash is part of the file's name."""
    host, equals, path = option.partition("=")
    return (host, path) if equals and "/" not in host else (None, option)


def _unusable(name: str, option: str) -> CommandError:
    return CommandError(
        f"--{name} {quoted(option)} needs a host and a file; write `--{name} {_EXAMPLES[name]}`"
    )
