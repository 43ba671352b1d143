#!/usr/bin/env python3
"""Counts test cases in ctest's log: those that doctest reports, and one for every test that is not doctest's.

A program that died before it could report is one failed test. What says "skipped: WHY" stands by its name, since
it passes without having looked. Ends with the plain line "N passed, N failed" and with status 1 when any failed or
none ran.
"""
import pathlib
import re
import sys

SUMMARY = re.compile(r"test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")
SKIPPED = re.compile(r"^(?:.*: )?(skipped: .*)$", flags=re.M)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def blocks(log):
    return re.split(r"^\d+/\d+ Testing: ", log, flags=re.M)[1:]


def skipped(log):
    """What did not look, each once: the test's name and why."""
    found = [f"{block.splitlines()[0]}: {why}" for block in blocks(log) for why in SKIPPED.findall(block)]
    return list(dict.fromkeys(found))


def count(log):
    passed = failed = 0
    for block in blocks(log):
        # A test that is judged by what it prints passes with a reason.
        fine = re.search(r"^Test Pass(ed\.$| Reason:)", block, flags=re.M) is not None
        cases = [(int(p), int(f)) for p, f in SUMMARY.findall(block)]
        passed_here = sum(p for p, _ in cases) if cases else int(fine)
        failed_here = sum(f for _, f in cases)
        passed += passed_here
        failed += failed_here if fine or failed_here else 1
    return passed, failed


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    log = path.read_text(errors="replace") if path.exists() else ""
    log = COLOUR.sub("", log)
    passed, failed = count(log)
    for line in skipped(log):
        print(f"passed without having looked: {line}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)
