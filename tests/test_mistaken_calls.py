"""What a new user of the library passes by mistake is refused, in a sentence."""

from collections.abc import Callable
from typing import Any

import pytest

import lvscf
from lvscf import firewall
from lvscf.firewall import Packet

UNTYPED: Any = lvscf
"""The library as code without types sees it."""
MAKE: Any = Packet
RULES = firewall.parse("*filter\n:INPUT ACCEPT\nCOMMIT\n", "rules")
PIECE = lvscf.Evidence("router", None, "firewall", RULES)
DOCUMENT = lvscf.parse("keepalive = 6\n")


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: UNTYPED.Evidence("ruter", None, "firewall", RULES), ValueError, "not 'ruter'"),
        (lambda: UNTYPED.Evidence("router", None, "iptables", RULES), ValueError, "not 'iptables'"),
        (lambda: UNTYPED.Evidence("real-server", None, "firewall", RULES), ValueError, "its host"),
        (lambda: UNTYPED.Evidence("router", 1, "firewall", RULES), TypeError, "not int"),
        (
            lambda: UNTYPED.Evidence("router", None, "firewall", "text"),
            TypeError,
            "needs parsed rules",
        ),
        (lambda: UNTYPED.Evidence("router", None, "sysctl"), TypeError, "needs a source"),
        (lambda: UNTYPED.Cluster(PIECE), TypeError, "several hosts"),
        (lambda: UNTYPED.Cluster("text"), TypeError, "not str"),
        (lambda: UNTYPED.Cluster([RULES]), TypeError, "not Firewall"),
        (lambda: UNTYPED.Cluster(5), TypeError, "not int"),
        (lambda: UNTYPED.lint(DOCUMENT, [PIECE]), TypeError, "made with Cluster"),
        (lambda: UNTYPED.lint("text"), TypeError, r"lvscf.parse\(text\)"),
        (lambda: UNTYPED.lint(None), TypeError, "not NoneType"),
        (lambda: UNTYPED.examine(b"text"), TypeError, "not bytes"),
        (lambda: UNTYPED.fix("text"), TypeError, "not str"),
        (lambda: UNTYPED.lint(DOCUMENT, pair="text"), TypeError, "pair must be a Document"),
        (lambda: UNTYPED.lint(DOCUMENT, settings={}), TypeError, "not dict"),
        (lambda: UNTYPED.dumps("text"), TypeError, "expected a Config"),
        (lambda: UNTYPED.to_dict(DOCUMENT), TypeError, "not Document"),
        (lambda: UNTYPED.parse("text", 5), TypeError, "a filename must be a str"),
        (lambda: DOCUMENT.replace("text"), TypeError, "not str"),  # type: ignore[arg-type]
        (lambda: MAKE("tcp", "10.0.0.1", port="80"), TypeError, "port is an int or None, not str"),
        (lambda: MAKE("tcp", "10.0.0.1", True), TypeError, "not bool"),
        (lambda: MAKE("tcp", "10.0.0.1", 80, source_port="1"), TypeError, "source_port is"),
        (lambda: MAKE("tcp", 10, 80), TypeError, "destination is"),
        (lambda: MAKE("tcp", "10.0.0.1", 80, interface=0), TypeError, "interface is"),
        (lambda: MAKE(6, "10.0.0.1", 80), TypeError, "protocol is a str"),
        (lambda: MAKE("tpc", "10.0.0.1", 80), ValueError, "no such protocol: 'tpc'"),
        (lambda: MAKE("tcp", "10.0.0.1", 65536), ValueError, "from 0 to 65535"),
        (lambda: RULES.trace("text"), TypeError, "not str"),  # type: ignore[arg-type]
    ],
)
def test_mistakes(call: Callable[[], object], error: type[Exception], sentence: str) -> None:
    """Each has the error that Python has for its kind, and says what is needed."""
    with pytest.raises(error, match=sentence):
        call()


def test_a_cluster_of_a_list() -> None:
    """Any collection of evidence will do."""
    cluster = lvscf.Cluster([PIECE])

    assert [file.role for file in cluster.files] == [PIECE.role]
    assert lvscf.Cluster().files == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("keepalive = 6\n", "<Document 'a.cf': 1 line>"),
        ("keepalive = 6\r\ndeadtime = 18", "<Document 'a.cf': 2 lines>"),
        ("\nfoo = 1\n", "<Document 'a.cf': 2 lines, refused at line 2 (unknown command)>"),
        ("", "<Document 'a.cf': empty, refused at line 0 (Empty configuration)>"),
    ],
)
def test_what_a_document_looks_like(text: str, shown: str) -> None:
    """Short in a debugger, however long the file is."""
    assert repr(lvscf.parse(text, "a.cf")) == shown
