"""What a process of Python imports."""

import os
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
    # What measures coverage imports modules of its own; the others choose the format of a report.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COVERAGE_") and name not in ("LVSCF_FORMAT", "GITHUB_ACTIONS")
    }
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return set(result.stdout.split())
