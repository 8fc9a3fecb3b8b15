"""`lvscf collect`: the script that collects what lvscf reads about a host."""

from argparse import ArgumentParser, Namespace

from lvscf.cli import terminal


def arguments(command: ArgumentParser) -> None:
    """Add the command's arguments."""
    command.description = (
        "Print a shell script for a host of the cluster. It writes a tar to standard output, with "
        "the host's lvs.cf, iptables and arptables rules, addresses, routes and kernel settings. "
        "It only reads, loads no kernel module and writes no file."
    )
    command.epilog = (
        "Run it on the routers and the real servers, and lint what it wrote:\n\n"
        "  lvscf collect | ssh root@lvs1 sh > lvs1.tar\n"
        "  lvscf lint lvs1.tar lvs2.tar web1.tar web2.tar"
    )


def run(_options: Namespace) -> int:
    """Print the script; returns the exit status."""
    from pkgutil import get_data

    script = get_data("lvscf.cli", "collect.sh")
    assert script is not None
    terminal.write_bytes(script)
    return 0
