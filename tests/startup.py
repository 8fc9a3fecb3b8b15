"""What a process of Python imports."""

import subprocess
import sys

HEAVY = {
    "rich",
    "hypothesis",
    "lark",
    "asyncio",
    "logging",
    "importlib.metadata",
    "json",
    "inspect",
}


def imported(code: str, *arguments: str) -> set[str]:
    """The modules that are loaded after `code` has run in a process of its own."""
    program = (
        f"import sys\nsys.argv[1:] = {list(arguments)!r}\n{code}\nprint('\\n'.join(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())
