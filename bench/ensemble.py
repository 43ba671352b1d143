#!/usr/bin/env python3
"""What a path-step of four textbook models costs, beside straight-line code and NumPy, in one run.

usage: bench/ensemble.py BUILD [SHARED] [ROUNDS]      (`./go bench ensemble` builds and runs it)

BUILD holds ensemble_bench. SHARED (../shared) holds the models' reference and the straight-line programs
(prototypes/sim); without it there is nothing to compare with. In each of ROUNDS (3) rounds the contestants take turns;
least processor time counts. All run the same paths: 100 steps from the end of the reference baseline, two parameters
within a twentieth of what they are. The means of a state must agree.
"""
import os
import platform
import shutil
import subprocess
import sys
import tempfile

MODELS = {"sim": (16, 32), "pc": (16, 32), "insout": (8,), "growth": (8,)}
AIMS = {"sim": 2.0, "pc": 2.0, "insout": 1.5, "growth": 1.5}
PATHS = 20480  # of the programs; a multiple of 2 * 128
NUMPY = (100_000, 10)  # paths and steps: what is measured does not depend on the steps
FLAGS = "-O3 -march=native -mprefer-vector-width=512 -std=c++20 -ffp-contract=fast -Wno-psabi"


def output(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def processor():
    try:
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        return f"{names[0]}, {len(names)} processors"
    except (OSError, IndexError):
        return platform.machine()


def build_limits(shared, work):
    output([sys.executable, "bench/prototypes.py", shared, work])
    for name, widths in MODELS.items():
        for width in widths:
            source = f"{shared}/prototypes/sim/limit.cpp"
            output(["g++", *FLAGS.split(), f"-DMODEL={name}", f"-DW={width}", f"-I{work}", source, "-o",
                    f"{work}/limit_{name}_{width}", "-pthread", "-lmvec", "-lm"])


def python_with_numpy():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0:
            return python
    return None


class Least:
    """By contestant and threads: least ns of processors and on the wall; the means that were computed."""

    def __init__(self):
        self.processor, self.wall, self.mean = {}, {}, {}

    def take(self, key, processor, wall, mean):
        self.processor[key] = min(processor, self.processor.get(key, 1e300))
        self.wall[key] = min(wall, self.wall.get(key, 1e300))
        self.mean[key] = mean


def run_limit(least, work, name):
    for width in MODELS[name]:
        for line in output([f"{work}/limit_{name}_{width}", str(PATHS), "0"]).splitlines():
            words = line.replace("=", " ").replace(",", " ").split()
            threads = int(words[words.index("threads") + 1])
            wall = float(words[words.index("ns/path-step") - 1])
            least.take(("limit", threads), float(words[words.index("cpu") - 1]), wall, float(words[-1]))


def run_ours(least, build, work, name):
    for line in output([f"{build}/ensemble_bench", name, f"{work}/{name}.start", str(PATHS)]).splitlines():
        what, _, _, threads, cpu, wall, mean = line.split()
        least.take((what, int(threads)), float(cpu), float(wall), float(mean))


def run_numpy(least, python, work, name):
    state = next(line.split()[1] for line in open(f"{work}/{name}.start") if line.startswith("state "))
    for paths, steps in (NUMPY, (PATHS, 100)):
        if paths == PATHS and ("numpy check", 1) in least.mean:
            continue
        key = ("numpy" if paths != PATHS else "numpy check", 1)
        words = output([python, "bench/numpy_paths.py", work, name, state, str(paths), str(steps), "1"]).split()
        least.take(key, float(words[2]), float(words[2]), float(words[3]))


def agreement(least):
    """The largest relative difference of the means over the same paths."""
    ours = least.mean["stepping", 1]
    others = [least.mean[key] for key in (("limit", 1), ("numpy check", 1)) if key in least.mean]
    return max(abs(other - ours) / abs(ours) for other in others)


def report(results):
    print("ns of a path-step, least processor time (two threads: of both together)")
    print("model    limit  stepping  ratio   aim   with statistics   2 threads, wall   NumPy  NumPy/ours   means differ by")
    fine = True
    for name, least in results.items():
        limit, ours = least.processor["limit", 1], least.processor["stepping", 1]
        numpy = least.processor.get(("numpy", 1))
        wall = least.wall["stepping", 1] / least.wall["stepping", 2]
        differs = agreement(least)
        # The limit prints ten digits; different rounding costs the rest.
        fine &= differs < 1e-8
        told = f"{numpy:7.1f} {numpy / ours:9.1f} x" if numpy else "      -           -"
        print(f"{name.upper():7s}{limit:7.2f}{ours:10.2f}{ours / limit:7.2f}{AIMS[name]:6.1f}"
              f"{least.processor['statistics', 1]:18.2f}{wall:16.2f} x {told}{differs:18.1e}")
    if not fine:
        sys.exit("the means do not agree")


def main():
    build = sys.argv[1]
    shared = sys.argv[2] if len(sys.argv) > 2 else "../shared"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    print(f"{processor()}; load {os.getloadavg()[0]:.1f}")
    if not os.path.isdir(f"{shared}/prototypes/sim") or not shutil.which("g++"):
        sys.exit("skipped: the comparison needs the reference programs (../shared/prototypes/sim) and g++")
    python = python_with_numpy()
    if not python:
        print("NumPy: not installed (python3-numpy)")
    results = {name: Least() for name in MODELS}
    with tempfile.TemporaryDirectory() as work:
        build_limits(shared, work)
        for _ in range(rounds):
            for name, least in results.items():
                run_limit(least, work, name)
                run_ours(least, build, work, name)
                if python:
                    run_numpy(least, python, work, name)
    report(results)


main()
