"""What scripts hold is what lvs.cf says, byte by byte."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvscf.config.health_check import MOST_COMPARED
from lvscf.keepalived.checks import ScriptedCheck
from lvscf.keepalived.scripts import RESERVED, ansi_c, check, joined, named
from lvscf.source import Source, encode

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is needed")


def output_of(script: str) -> bytes:
    assert BASH is not None
    return subprocess.run([BASH, "-c", script], capture_output=True, check=True).stdout


def exchange(**changes: object) -> ScriptedCheck:
    settled: dict[str, object] = {
        "is_udp": False, "send": "x", "expect": "OK", "is_regex": False, "words": (), "timeout": 3,
    }  # fmt: skip
    return ScriptedCheck(**(settled | changes))  # type: ignore[arg-type]


@needs_bash
@settings(max_examples=40)
@given(st.binary(max_size=60).map(lambda some: some.replace(b"\0", b"")))
def test_bash_reads_the_same_bytes(content: bytes) -> None:
    """Quoting keeps every byte but NUL, which cannot occur."""
    text = Source.of(content).text

    assert encode(text) == content
    assert ansi_c(text).isascii()
    assert output_of(f"printf %s {ansi_c(text)}") == content


@needs_bash
@settings(max_examples=20)
@given(st.lists(st.text(st.characters(exclude_characters="\0\n"), min_size=1), max_size=5))
def test_bash_reads_the_same_words(words: list[str]) -> None:
    """A command has the words that it is made of."""
    command = joined(["printf", "%s\\n", *words])

    assert output_of(command) == b"".join(encode(one) + b"\n" for one in words or [""])


@needs_bash
@pytest.mark.parametrize(
    "one",
    [
        exchange(),
        exchange(send=None, expect=None),
        exchange(is_udp=True, expect="*"),
        exchange(is_regex=True, expect="^(a|b)[$`\"']"),
        exchange(words=("/bin/x y", "%h", "%p", "-%h", "a'b")),
    ],
)
def test_scripts_are_bash(one: ScriptedCheck) -> None:
    """Bash can read every kind of script."""
    script = check(one, ("from lvs.cf", "virtual a\\"), ("shift 2",))
    result = subprocess.run(
        [str(BASH), "-n"], input=script.encode(), capture_output=True, check=False
    )

    assert (result.returncode, result.stderr) == (0, b"")
    assert script.startswith("#!/bin/bash\n# from lvs.cf\n# virtual a\\\n")


def program(answer: str, expect: str, status: int = 0) -> int:
    """The exit status of the check of a program."""
    words = ("bash", "-c", f"printf {ansi_c(answer)}; exit {status}")
    script = check(exchange(words=words, expect=expect), ())
    return subprocess.run([str(BASH), "-c", script, "check", "h", "p"], check=False).returncode


@needs_bash
def test_programs() -> None:
    """The output without its last byte must be the text, and the status 0."""
    assert program("OK\n", "OK") == 0
    assert program("OK", "OK") == 1
    assert program("O", "") == 0
    assert program("OK\n\n", "OK\n") == 0
    assert program("OK x\n", "OK") == 1
    assert program("OK\n", "*") == 1
    assert program("OK\n", "OK", status=3) == 1


@needs_bash
def test_programs_are_not_what_bash_means() -> None:
    """A program in PATH is run even if bash has a word of that name; an assignment is none."""
    for words, status in ((("if",), 1), (("exit", "0"), 1), (("A=1", "echo"), 1), (("echo",), 0)):
        script = check(exchange(words=words, expect=""), ())
        result = subprocess.run(
            [str(BASH), "-c", script, "check", "h", "p"], capture_output=True, check=False
        )
        assert (words, result.returncode, result.stderr) == (words, status, b"")


def test_words_of_programs() -> None:
    """%h and %p are replaced as whole words only."""
    script = check(exchange(words=("/bin/x", "%h", "%p", "a%h", "$x")), ())

    assert 'output=$(/bin/x "$1" "$2" a%h $\'$x\' </dev/null' in script


def test_bytes_that_are_read() -> None:
    """As many as are expected, in bytes, at most 254; any number for an expression."""
    assert "bs=2 count=1" in check(exchange(), ())
    assert "bs=2 count=1" in check(exchange(expect="é"), ())
    assert "bs=1 count=1" in check(exchange(expect=""), ())
    long = check(exchange(expect="x" * 300), ())
    assert f"bs={MOST_COMPARED} " in long
    assert "x" * 254 in long
    assert "x" * 255 not in long
    assert f"bs={MOST_COMPARED} " in check(exchange(is_regex=True, expect="a"), ())


def test_datagrams_are_sent_in_one_piece() -> None:
    """Bash alone would send one for each line."""
    assert 'printf %s "$send" | dd obs=64k >&3' in check(exchange(is_udp=True), ())


def test_names() -> None:
    """Equal checks share a script; names are those of blocks, without odd characters."""
    one, two, three = (exchange(timeout=seconds) for seconds in (1, 2, 3))
    wanted = [(one, "My service!"), (two, "my_service"), (one, "x"), (three, "My service!")]
    names = named(wanted).names

    assert names == {one: "my-service", two: "my_service", three: "my-service-2"}
    assert named([(one, "é{}")]).names == {one: "check"}
    assert not RESERVED & set(named([(one, "become-master")]).names.values())
    assert named(wanted).command(one, "10.0.0.1", 80) == (
        "/etc/keepalived/checks/my-service 10.0.0.1 80"
    )
