"""Measure kllib against its peers and write RESULTS.md: `python -m benchmarks`.

Every figure is a ratio within one process: the contenders take turns, and medians of their
processor times are compared. torch takes part where it is installed, on one thread.
"""

import os

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")})

import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.cases import CASES

ROUNDS, LEAST = 7, 0.02  # turns of each contender; seconds that one turn must last
HERE = Path(__file__).parent


def seconds(call, repeats):
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats


def repeats(call):
    count = 1
    while seconds(call, count) * count < LEAST:
        count *= 4
    return count


def medians(contenders):
    counts = {name: repeats(call) for name, call in contenders.items()}
    times = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            times[name].append(seconds(call, counts[name]))
    return {name: statistics.median(found) for name, found in times.items()}


def megabytes(call):
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def import_seconds():
    def run(code):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    pairs = [(run("import kllib"), run("import numpy, scipy.special")) for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*pairs, strict=True)]


def machine():
    lines = Path("/proc/cpuinfo")
    models = [x for x in lines.read_text().splitlines() if x.startswith("model name")]
    model = models[0].split(":")[1].strip() if models else platform.processor()
    parts = [f"{model}, {os.cpu_count()} cores, one used", f"Python {platform.python_version()}"]
    for name in ("numpy", "scipy", "torch"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"no {name}")
    return "; ".join(parts)


def table():
    yield "| work | kllib | its memory | peer | kllib / peer | the peer's memory |"
    yield "|---|---|---|---|---|---|"
    for title, contenders in CASES:
        calls = contenders()
        times = medians(calls)
        memory = {name: megabytes(call) for name, call in calls.items()}
        for name, value in times.items():
            if name != "kllib":
                own = f"{1e3 * times['kllib']:.3g} ms | {memory['kllib']:.1f} MB"
                # tracemalloc does not see what torch allocates
                theirs = "not traced" if "torch" in name else f"{memory[name]:.1f} MB"
                yield f"| {title} | {own} | {name} | **{times['kllib'] / value:.3f}** | {theirs} |"
                print(title, name, round(times["kllib"] / value, 3), flush=True)


def main():
    rows = "\n".join(table())
    own, below = import_seconds()
    text = f"""# Speed

Written by `python -m benchmarks` on: {machine()}.

Processor times, medians of {ROUNDS} turns in one process; below 1, kllib is the faster one.
Memory is the peak of what Python traces beyond the inputs. Inputs are validated by kllib only.

{rows}

`import kllib` takes {own:.2f} s, of which NumPy and `scipy.special` take {below:.2f} s.
"""
    (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
