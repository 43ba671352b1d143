#!/usr/bin/env python3
"""The telecom book is the one that was frozen before its outcomes were written down, and none of them got into it.

    python3 tests/books/telecom_frozen.py PERPETUUM [FOLDER]

Held: what firms, deals and the model are given is figure by figure what it was at the freeze (a digest of it stands below; who mends
a figure gives both results in docs/methods/telecom-2000.md and the new digest here); no source is younger than the book's as_of; no text of
the book says who failed; every firm has one outcome, and at least as many live as failed; the book is checked without errors and runs
through on 200 paths with every firm's money accounted for.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
FROZEN = "a495e2ed629f6d8f"
SAID = re.compile(r"bankrupt|chapter 11|insolven|went under|filed for|collapse", re.I)


def tables_of(folder):
    book = {}
    for path in sorted(folder.glob("*.toml")):
        for table, values in tomllib.loads(path.read_text()).items():
            book.setdefault(table, {}).update(values)
    return book


def value_of(figure):
    """What the run takes of a figure: everything before its remark."""
    return str(figure).split(": ")[0]


def leaves(table, name=()):
    for key, value in sorted(table.items()):
        if isinstance(value, dict) and key != "reported":  # no part of the run
            yield from leaves(value, (*name, key))
        elif key not in ("reported", "signed", "name", "note", "title"):  # words, and days that lie before the start
            yield ".".join((*name, key)) + " = " + value_of(value)


def digest_of(book):
    given = [line for table in ("entity", "deal", "model", "scenario") for line in leaves(book[table], (table,))]
    return hashlib.sha256("\n".join(given).encode()).hexdigest()[:16], len(given)


def faults_of_texts(folder, book):
    faults = []
    digest, _ = digest_of(book)
    if digest != FROZEN:
        faults.append(f"the book is not the frozen one: {digest} instead of {FROZEN}")
    for name, source in book["source"].items():
        date = str(source["date"])
        if date != "unknown" and date[:10] > "2001-05-31"[: len(date)]:
            faults.append(f"source {name} is of {date}, after the book")
    for path in sorted(folder.glob("*.toml")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.lstrip().startswith("#") and "url =" not in line and SAID.search(line):
                faults.append(f"{path.name}:{number}: says how it ended")
    return faults


def faults_of_outcomes(folder, book):
    lines = [line.split("\t") for line in (folder / "outcomes.tsv").read_text().splitlines() if line and line[0] != "#"]
    outcomes = {line[0]: line for line in lines[1:]}
    firms = {name for name, firm in book["entity"].items() if firm.get("kind") != "outside"}
    faults = [f"{name} has no outcome" for name in sorted(firms - outcomes.keys())]
    faults += [f"there is no firm {name}" for name in sorted(outcomes.keys() - firms)]
    failed = [line for line in outcomes.values() if line[1] == "failed"]
    if len(outcomes) != len(lines) - 1:
        faults.append("a firm has two outcomes")
    if 2 * len(failed) > len(outcomes):
        faults.append(f"{len(failed)} of {len(outcomes)} failed: fewer survivors than failures")
    for name, outcome, date, source in outcomes.values():
        if outcome == "failed" and not "2001-01-01" <= date <= "2003-12-31":
            faults.append(f"{name}: {date} is outside the twelve quarters")
        if not source:
            faults.append(f"{name}: no source")
    return faults


def asked(program, *arguments):
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300)


def faults_of_run(program, folder):
    checked = asked(program, "check", str(folder))
    if checked.returncode != 0:
        return [f"check: exit {checked.returncode}", checked.stdout, checked.stderr]
    done = asked(program, "run", str(folder), "--steps", "12", "--paths", "200", "--json")
    if done.returncode != 0:
        return [f"run: exit {done.returncode}", done.stderr]
    answer = json.loads(done.stdout)
    faults = ["a path was left out: " + str(answer["failed"])] if answer["failed"] else []
    expected = sum(firm["paths"] for firm in answer["defaults"]) / 200
    if not 20 < expected < 45:
        faults.append(f"{expected:.1f} of 72 firms fail on the mean path")
    return faults


def main():
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "books" / "telecom-2000"
    book = tables_of(folder)
    faults = faults_of_texts(folder, book) + faults_of_outcomes(folder, book) + faults_of_run(sys.argv[1], folder)
    print("\n".join(faults))
    print(f"{digest_of(book)[1]} figures, digest {digest_of(book)[0]}, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
