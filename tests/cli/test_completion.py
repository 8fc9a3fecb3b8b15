"""Completion, in the shells themselves: what is typed at a prompt, and what TAB makes of it."""

import contextlib
import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lvscf.cli.completion import FILES
from lvscf.linter.registry import rules
from lvscf.piranha.directives import TABLE
from tests.conftest import ROOT, Run

SCRIPTS = ROOT / "lvscf" / "completions"
LVS_CF = """\
primary = 10.10.1.21
backup = 10.10.1.22
virtual web {
  server lvs-d03 {
    address = 10.10.1.31
  }
  server lvs-d04 {
    address = 10.10.1.32
  }
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files to complete."""
    (tmp_path / "lvs.cf").write_text(LVS_CF)
    (tmp_path / "other.cf").write_text("server elsewhere {\n}\n")
    (tmp_path / "iptables").touch()
    return tmp_path


class Terminal:
    """An interactive shell on a terminal."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.process, self.descriptor = pty.fork()
        if not self.process:  # pragma: no cover - the other process
            os.chdir(folder)
            environment = {
                "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "PS1": "$ ",
                "LC_ALL": "C.UTF-8",
            }  # fmt: skip
            os.execvpe(command[0], list(command), environment)
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What is shown after the last match; within a while, or the test fails."""
        end = time.monotonic() + 20
        while True:
            found = re.search(pattern, self.seen)
            if found is not None:
                self.seen = self.seen[found.end() :]
                return found
            assert time.monotonic() < end, f"{pattern} is not in {self.seen!r}"
            if select.select([self.descriptor], [], [], 0.2)[0]:
                self.seen += os.read(self.descriptor, 65536).decode(errors="replace")

    def close(self) -> None:
        os.close(self.descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, 9)
        os.waitpid(self.process, 0)


def words_on(terminal: Terminal, line: str, key: str) -> list[str]:
    """The words of a line after typing it and a key that inserts all completions."""
    terminal.type("\x15")
    terminal.type(line)
    time.sleep(0.2)
    terminal.type(key)
    time.sleep(0.8)
    terminal.type("\x01printf 'BEG''IN%s|' \x05 'E''ND'\r")
    found = terminal.wait_for(r"(?s)BEGIN(.*?)BEGINEND\|")
    return [word.replace("BEGIN", "", 1) for word in found[0].split("|")[:-2]]


Complete = Callable[[str], list[str]]


def in_bash(folder: Path) -> tuple[Complete, Callable[[], None]]:
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], folder)
    terminal.type("bind 'set enable-bracketed-paste off'; bind 'set disable-completion off'\r")
    terminal.type(f"source '{SCRIPTS / 'lvscf.bash'}'; echo rea''dy\r")
    terminal.wait_for("ready")
    return lambda line: words_on(terminal, line, "\x1b*"), terminal.close


def in_zsh(folder: Path) -> tuple[Complete, Callable[[], None]]:
    terminal = Terminal(["zsh", "-f", "-i"], folder)
    terminal.type(
        f"fpath=('{SCRIPTS}' $fpath); autoload -U compinit; compinit -u -D; unsetopt zle_bracketed_paste;"
        " bindkey -e; setopt no_beep; inserted() { _main_complete; compstate[insert]=all };"
        " zle -C inserted complete-word inserted; bindkey '^Xa' inserted;"
        " echo rea''dy\r"
    )
    terminal.wait_for("ready")
    return lambda line: words_on(terminal, line, "\x18a"), terminal.close


def in_fish(folder: Path) -> tuple[Complete, Callable[[], None]]:
    def complete(line: str) -> list[str]:
        program = f"source '{SCRIPTS / 'lvscf.fish'}'; complete -C \"$argv[1]\""
        result = subprocess.run(
            ["fish", "--no-config", "-c", program, line],
            cwd=folder,
            env=os.environ | {"HOME": str(folder)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stderr == ""
        return [offered.partition("\t")[0] for offered in result.stdout.splitlines()]

    return complete, lambda: None


SHELLS = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}


@pytest.fixture(params=SHELLS)
def complete(request: pytest.FixtureRequest, folder: Path) -> object:
    """What a shell completes at the end of a line."""
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    asked, close = SHELLS[shell](folder)
    yield lambda line: [word.rstrip("/") for word in asked(line) if word not in line.split()]
    close()


def test_commands(complete: Complete) -> None:
    assert set(complete("lvscf ex")) == {"explain"}
    assert set(complete("lvscf d")) == {"diff", "dump"}


def test_options_and_choices(complete: Complete) -> None:
    assert set(complete("lvscf lint --exte")) == {"--extend-select"}
    assert set(complete("lvscf lint --fail-on ")) == {"info", "warning", "error"}
    assert set(complete("lvscf fmt --gui")) == {"--gui-safe"}


def test_rules(complete: Complete) -> None:
    assert set(complete("lvscf lint --select LVS00")) == {f"LVS00{n}" for n in range(1, 10)}
    assert set(complete("lvscf lint --ignore LVS201,alias-s")) == {"LVS201,alias-shared"}
    assert set(complete("lvscf rules trailing-c")) == {"trailing-comment"}


def test_an_option_and_its_value_in_one_word(complete: Complete) -> None:
    offered = {word.removeprefix("--select=") for word in complete("lvscf lint --select=LVS02")}
    assert offered == {"LVS020", "LVS021", "LVS022"}
    offered = {
        word.removeprefix("--ignore=") for word in complete("lvscf lint --ignore=LVS1,LVS90")
    }
    assert offered == {f"LVS1,LVS90{n}" for n in range(1, 5)}


def test_directives(complete: Complete) -> None:
    assert set(complete("lvscf explain tcp")) >= {"tcp_timeout", "tcpfin_timeout"}
    assert set(complete("lvscf explain LVS20")) == {f"LVS20{n}" for n in range(1, 10)}


def test_files(complete: Complete) -> None:
    assert set(complete("lvscf lint lv")) == {"lvs.cf"}
    assert set(complete("lvscf lint --baseline ipt")) == {"iptables"}
    assert set(complete("lvscf trace ip")) == {"iptables"}


def test_hosts_of_the_lvs_cf(complete: Complete) -> None:
    """Names come from the files on the line, else from the lvs.cf in the directory."""
    assert set(complete("lvscf lint lvs.cf --real-server ")) == {"lvs-d03=", "lvs-d04="}
    assert set(complete("lvscf lint --real-server lvs-d03")) == {"lvs-d03="}
    assert set(complete("lvscf lint other.cf --real-server ")) == {"elsewhere="}
    assert set(complete("lvscf lint --router 10.10.1.2")) == {"10.10.1.21=", "10.10.1.22="}
    assert set(complete("lvscf lint --router 10.10.1.21=ipt")) == {"10.10.1.21=iptables"}


def test_words_of_convert(complete: Complete) -> None:
    """Hosts, roles and releases, besides the files."""
    hosts = {"primary", "backup", "all", "routers", "real-servers", "lvs-d03", "lvs-d04"}
    assert set(complete("lvscf convert lvs.cf --host ")) == hosts
    assert set(complete("lvscf convert lvs.cf --router pr")) == {"primary"}
    assert set(complete("lvscf convert --router 10.10.1.2")) == {"10.10.1.21=", "10.10.1.22="}
    assert set(complete("lvscf convert --target rhel")) == {"rhel6", "rhel7", "rhel8", "rhel9"}
    assert set(complete("lvscf compare-table lv")) == {"lvs.cf"}


def test_reports(complete: Complete) -> None:
    """A format, then a file."""
    if "--report" not in (SCRIPTS / "lvscf.bash").read_text().split():
        pytest.skip("lvscf lint has no --report")
    assert {"json=", "full="} <= set(complete("lvscf lint --report "))
    assert set(complete("lvscf lint --report json=ipt")) == {"json=iptables"}


@pytest.mark.parametrize("shell", FILES)
def test_the_command_prints_the_script(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert result.returncode == 0
    assert result.stdout == (SCRIPTS / FILES[shell]).read_bytes()


@pytest.mark.parametrize("shell", FILES)
def test_every_rule_and_directive_is_there(shell: str) -> None:
    words = set(re.findall(r"[\w-]+", (SCRIPTS / FILES[shell]).read_text()))
    assert words >= {rule.code for rule in rules()} | {rule.name for rule in rules()}
    assert words >= {row.name for row in TABLE}


def test_completion_needs_a_shell(run: Run) -> None:
    result = run("completion", "ksh")
    assert result.returncode == 2
    assert b"'bash', 'zsh', 'fish'" in result.stderr or b"bash, zsh, fish" in result.stderr
