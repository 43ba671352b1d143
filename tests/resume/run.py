#!/usr/bin/env python3
"""A run of many paths that is killed and started again answers with the same bytes; so do shards put together.

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


def merged(program, folder, shards):
    """The run in parts, of other blocks and threads each, put together from the last to the first."""
    parts = [str(pathlib.Path(folder) / f"{i}-of-{shards}.sum") for i in range(1, shards + 1)]
    for i, part in enumerate(parts, 1):
        more = ["--shard", f"{i}/{shards}", "--out", part, "--threads", str(i % 3 + 1), "--block", str(16 * (i + 3))]
        subprocess.run(arguments(program, *more), capture_output=True, timeout=600, check=True)
    return digest([str(pathlib.Path(program).resolve()), "merge", *reversed(parts), "--json"])


def main(program):
    expected = digest(arguments(program, "--threads", "1"))
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for shards in (1, 3, 7):
            if merged(program, folder, shards) != expected:
                print(f"FAILED: {shards} shards come to other bytes")
                failures += 1
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
    print(f"{6 - failures} of 6 resumed runs and merged ones came to the same bytes")
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
