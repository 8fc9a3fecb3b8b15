"""Time and memory per line from text to typed values, and how they grow.

    python -m benchmarks.throughput

Peer: crossplane, reading nginx configurations of as many lines.  Each number is the best of three
runs.
"""

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import crossplane

import lvscf
from benchmarks import inputs

SIZES = (100, 1_000, 10_000)
"""Numbers of virtual servers; 10,000 are 270,000 lines."""


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds for `work`, in the best round."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def peak(work: Callable[[], object]) -> int:
    """Bytes that `work` allocates at its peak."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> None:
    """Measure and print."""
    lvscf.parse("")  # loads the tables
    print(f"{'lines':>8} {'parse':>11} {'lint':>11} {'memory':>11} {'crossplane':>12} {'ratio':>7}")
    for size in SIZES:
        text = inputs.lvs_cf(size)
        lines = text.count("\n")
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as nginx:
            Path(nginx.name).write_text(inputs.nginx_conf(lines), encoding="utf-8")
            peer_lines = Path(nginx.name).read_text(encoding="utf-8").count("\n")
            peer = best(lambda name=nginx.name: crossplane.parse(name)) / peer_lines  # type: ignore[misc]
        parse = best(lambda text=text: lvscf.parse(text).config) / lines  # type: ignore[misc]
        lint = best(lambda text=text: lvscf.lint(lvscf.parse(text))) / lines  # type: ignore[misc]
        memory = peak(lambda text=text: lvscf.parse(text).config) / lines  # type: ignore[misc]
        print(
            f"{lines:>8} {parse * 1e6:>8.2f} us {lint * 1e6:>8.2f} us {memory:>9.0f} B "
            f"{peer * 1e6:>9.2f} us {peer / parse:>6.1f}x"
        )
    print("per line; ratio: crossplane's time over lvscf's, from text to Config")


if __name__ == "__main__":
    main()
