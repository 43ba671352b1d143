#!/usr/bin/env python3
"""A run of many paths that is killed and started again answers with the same bytes.

    python3 tests/resume/run.py build/perpetuum

Wherever the kill falls (before the first checkpoint, between two, after the end), the digest must be that of a run that
nobody disturbed: so the test does not depend on how fast the machine is.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
BOOK = "books/tutorial/01-loop-of-two"


def arguments(program, *more):
    return [str(pathlib.Path(program).resolve()), "run", str(root / BOOK), "--paths", "20000", "--json", *more]


def digest(command):
    answer = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    return json.loads(answer.stdout)["digest"]


def killed_once(program, checkpoint, threads):
    """Starts a run that writes a checkpoint after every turn, and kills it once there is one."""
    command = arguments(program, "--checkpoint", str(checkpoint), "--checkpoint-every", "0", "--threads", threads)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not checkpoint.exists():
        time.sleep(0.001)
    process.kill()
    process.wait()
    return checkpoint.exists()


def main(program):
    expected = digest(arguments(program, "--threads", "1"))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for threads in ("1", "2", "3"):
            checkpoint = pathlib.Path(folder) / f"{threads}.sum"
            found = killed_once(program, checkpoint, threads) and killed_once(program, checkpoint, threads)
            after = digest(arguments(program, "--checkpoint", str(checkpoint), "--threads", "2"))
            if not found or after != expected:
                print(f"FAILED with {threads} threads: checkpoint {found}, {after} instead of {expected}")
                failures += 1
            leftovers = [file.name for file in pathlib.Path(folder).iterdir() if not file.name.endswith(".sum")]
            if leftovers:  # a kill within a write may leave the file beside the target, never half a target
                print(f"note: {', '.join(leftovers)} left beside")
    print(f"{3 - failures} of 3 resumed runs came to the same bytes")
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
