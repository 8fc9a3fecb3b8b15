"""The process of the server: what it prints, and its memory."""

import json
import os
import subprocess
import sys

NOISE = """
import gc, os, sys
from lvscf.language_server import server
from lvscf.cli import main

def lint(*arguments):
    print("printed")
    os.write(1, b"written")
    os.system("echo from a program")
    assert gc.isenabled()
    return right(*arguments)

right, server.lint_document = server.lint_document, lint
sys.exit(main(["lsp"]))
"""


def message(method: str, **rest: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, **rest}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def messages(output: bytes) -> list[str]:
    """The methods of messages, with nothing between them; answers have none."""
    found = []
    while output:
        head, _, rest = output.partition(b"\r\n\r\n")
        length = int(head.split(b"\r\n")[0].removeprefix(b"Content-Length: "))
        found.append(json.loads(rest[:length]).get("method", "answer"))
        output = rest[length:]
    return found


def test_only_the_protocol_is_on_standard_output() -> None:
    """Prints, system calls and programs cannot disturb it; the garbage collector is on."""
    item = {"uri": "untitled:a", "languageId": "lvs", "version": 1, "text": "keepalive = 6\n"}
    sent = (
        message("initialize", id=1, params={"processId": None, "capabilities": {}})
        + message("textDocument/didOpen", params={"textDocument": item})
        + message("shutdown", id=2)
        + message("exit")
    )
    result = subprocess.run(
        [sys.executable, "-c", NOISE], input=sent, capture_output=True, timeout=60, check=False
    )

    assert messages(result.stdout) == ["answer", "textDocument/publishDiagnostics", "answer"]
    assert b"printed" in result.stderr
    assert b"from a program" in result.stderr
    assert b"Traceback" not in result.stderr
    assert result.returncode == 0


def test_findings_link_to_a_copy_of_the_documentation() -> None:
    """LVSCF_DOCS is where the pages of rules are, as for `lvscf lint`."""
    item = {"uri": "untitled:a", "languageId": "lvs", "version": 1, "text": "keepalive = 6 # s\n"}
    can = {"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": True}}}
    sent = (
        message("initialize", id=1, params={"processId": None, "capabilities": can})
        + message("textDocument/didOpen", params={"textDocument": item})
        + message("shutdown", id=2)
        + message("exit")
    )
    result = subprocess.run(
        [sys.executable, "-m", "lvscf", "lsp"],
        input=sent,
        env=os.environ | {"LVSCF_DOCS": "file:///srv/docs"},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert b"file:///srv/docs/rules/LVS005.html" in result.stdout
