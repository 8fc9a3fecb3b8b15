"""Commands that set up a host, followed through a script: words, output, places, courses."""

import pytest

from lvscf.firewall.possible_states import NotedCommand
from lvscf.firewall.scripts.notes import courses
from lvscf.source import Source


def noted(text: str) -> list[NotedCommand]:
    """The commands of a script that takes one course."""
    (course,) = courses(Source(text)).commands
    return list(course)


def test_words_are_expanded() -> None:
    """Variables, braces and lists are what the shell would pass on."""
    text = 'DEVS="eth0 eth1"\nfor d in $DEVS; do ip addr add 10.0.0.{1,2}/8 dev "$d"; done\n'

    assert [one.words[3:] for one in noted(text)] == [
        ("10.0.0.1/8", "10.0.0.2/8", "dev", "eth0"),
        ("10.0.0.1/8", "10.0.0.2/8", "dev", "eth1"),
    ]


@pytest.mark.parametrize("prompt", ["", "[root@lvs1 ~]# ", "root@lvs1:~# ", "$ ", "  "])
def test_places(prompt: str) -> None:
    """A command is where it is written, after a prompt as well."""
    text = f"\n{prompt}sysctl -w net.ipv4.ip_forward=1\n"
    (command,) = noted(text)

    assert text[command.start : command.end] == "sysctl -w net.ipv4.ip_forward=1"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("echo 1 2 > {}", "1 2"),
        ("echo -n '1' > {}", "1"),
        ("printf '%s %d\\n' a 1 > {}", "a 1"),
        ("echo 1 | tee {}", "1"),
        ("cat <<EOF > {}\nx\nEOF", "x\n"),
        ("date > {}", None),
        ("date | tee {}", None),
    ],
)
def test_output(line: str, output: str | None) -> None:
    """It is None if the text does not show it."""
    (command,) = noted(line.format("/proc/sys/net/ipv4/ip_forward") + "\n")

    assert (command.file, command.output) == ("/proc/sys/net/ipv4/ip_forward", output)


def test_courses() -> None:
    """Each branch that may run is one, and so is that none does."""
    text = 'case "$1" in\nstart) modprobe ip_vs;;\nstop) modprobe -r ip_vs;;\nesac\n'
    found = {
        tuple(command.words for command in course) for course in courses(Source(text)).commands
    }

    assert found == {(("modprobe", "ip_vs"),), (("modprobe", "-r", "ip_vs"),), ()}


@pytest.mark.parametrize(
    "text",
    [
        "iptables -A INPUT -j DROP\n",
        "ip addr show\nifconfig lo\n",
        "route -n\n",
        "echo 1 > /tmp/x\n",
    ],
)
def test_other_commands(text: str) -> None:
    """What changes nothing but rules is not noted."""
    assert all(course == () for course in courses(Source(text)).commands)


def test_more_courses_than_are_followed() -> None:
    """Then the commands are not all that may run."""
    line = "if [ $X = {0} ]; then modprobe x{0}; fi\n"

    assert courses(Source("".join(map(line.format, range(3))))).whole
    assert not courses(Source("".join(map(line.format, range(60))))).whole
