"""The cost of a commit hook: processor time of cold starts.

    python -m benchmarks.startup

Peer: yamllint on a YAML file with as many lines and bytes.  Each number is the median of 21
interleaved runs, with byte code compiled beforehand.
"""

import compileall
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import lvscf
from benchmarks import inputs

ROUNDS = 21
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "direct-routing" / "lvs.cf"
SCRIPTS = Path(sys.executable).parent


def processor_time(command: list[str]) -> float:
    """The processor time of a command, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * used


def main() -> None:
    """Measure and print."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(Path(lvscf.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        peer = Path(folder, "lvs.yaml")
        peer.write_text(inputs.yaml(EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
        alone = shutil.copy(EXAMPLE, folder)  # away from its settings and the hosts' files
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import lvscf": [sys.executable, "-c", "import lvscf"],
            "lvscf --version": [str(SCRIPTS / "lvscf"), "--version"],
            "lvscf lint --format concise": [
                str(SCRIPTS / "lvscf"), "lint", "--format", "concise", alone,
            ],
            "lvscf lint": [str(SCRIPTS / "lvscf"), "lint", alone],
            "lvscf lint with evidence": [str(SCRIPTS / "lvscf"), "lint", str(EXAMPLE)],
            "yamllint": [str(SCRIPTS / "yamllint"), str(peer)],
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(processor_time(command))
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, median in medians.items():
        print(f"{name:<28} {median:6.1f} ms   {median / medians['yamllint']:5.2f} x yamllint")


if __name__ == "__main__":
    main()
