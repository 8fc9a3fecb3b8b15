"""`lvscf completion`: print a script that completes lvscf in a shell."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal

FILES = {"bash": "lvscf.bash", "zsh": "_lvscf", "fish": "lvscf.fish"}
"""The script of each shell, in `lvscf/completions`; `docs/generate.py` makes them."""


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Print a script that completes commands, options, files, rules and directives of lvscf in "
        "a shell. Python is not started to complete a word."
    )
    command.epilog = (
        "to install it:\n"
        "  lvscf completion bash > ~/.local/share/bash-completion/completions/lvscf\n"
        "  lvscf completion zsh > DIRECTORY/_lvscf  (a directory in $fpath, before compinit)\n"
        "  lvscf completion fish > ~/.config/fish/completions/lvscf.fish"
    )
    command.add_argument("shell", choices=tuple(FILES), help="the shell")


def run(options: Namespace) -> int:
    """Print the script; returns the exit status."""
    from pkgutil import get_data

    script = get_data("lvscf", f"completions/{FILES[options.shell]}")
    assert script is not None
    terminal.write_bytes(script)
    return 0
