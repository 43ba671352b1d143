#!/usr/bin/env python3
"""A run of many paths that is killed and started again answers with the same bytes; so do shards put together. So do a stress and a study.

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


STRESS = ["stress", str(root / "books/tutorial/07-default"), "--default", "b@2026-Q1", "--paths", "6000", "--causal"]
MULTIPLIER = ["stress", str(root / "books/tutorial/07-default"), "--multiplier", "a + 1 B USD from 2026-Q1", "--paths", "3000"]
STUDY = ["study", "sensitivity", str(root / "books/tutorial/08-chance"), "--of", "default startup", "--rows", "1024", "--screen", "64"]
GRID = ["study", "grid", str(root / "books/tutorial/08-chance"), "--x", "deal.startup-supplier.total = 4..12 B USD by 9",
        "--y", "deal.customers-startup.total = 1..9 B USD by 7", "--of", "default startup", "--paths", "512"]


def told(program, command, *more):
    answer = subprocess.run([str(pathlib.Path(program).resolve()), *command, *more], capture_output=True, text=True, timeout=600)
    return answer.stdout


def in_rounds(program, folder, command, shards):
    """All shards of a stage, then of the next, until nothing is left to do; then the answer from all parts."""
    parts = []
    for turn in range(9):
        known = [word for part in parts for word in ("--with", part)]
        new = [str(pathlib.Path(folder) / f"{turn}-{i}.part") for i in range(1, shards + 1)]
        answers = [told(program, command, *known, "--shard", f"{i}/{shards}", "--out", part, "--threads", str(i))
                   for i, part in enumerate(new, 1)]
        parts = new  # each has what it was given, too
        if not any(" written to " in answer for answer in answers):
            return answers[0], turn
        if command[0] == "stress":
            break
    return told(program, command, *[word for part in reversed(parts) for word in ("--with", part)]), turn


def killed_anywhere(program, checkpoint, command):
    """Killed as soon as there is a checkpoint, twice, then left in peace."""
    for _ in range(2):
        process = subprocess.Popen([str(pathlib.Path(program).resolve()), *command, "--checkpoint", str(checkpoint),
                                    "--checkpoint-every", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not checkpoint.exists():
            time.sleep(0.001)
        process.kill()
        process.wait()
    return told(program, command, "--checkpoint", str(checkpoint), "--threads", "2")


def studies(program):
    failures = 0
    for name, command in (("stress", STRESS), ("multiplier", MULTIPLIER), ("sensitivity", STUDY), ("grid", GRID)):
        expected = told(program, command, "--threads", "1")
        with tempfile.TemporaryDirectory() as folder:
            found, rounds = in_rounds(program, folder, command, 3)
            if found != expected or not expected:
                print(f"FAILED: {name} in shards, {rounds} rounds, says something else:\n{found[:2000]}")
                failures += 1
            if killed_anywhere(program, pathlib.Path(folder) / "checkpoint", command) != expected:
                print(f"FAILED: {name}, killed and taken up again, says something else")
                failures += 1
    return failures


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
    failures += studies(program)
    print(f"{14 - failures} of 14 resumed runs, stresses and studies, and merged ones, came to the same bytes")
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
