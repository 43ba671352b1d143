#!/usr/bin/env python3
"""Runs one case for each row of the systems that this product is for: docs/handbook/systems.md.

    python3 tests/systems/run.py build/perpetuum [NN …]

A case is a text, tests/systems/NN-what-it-shows.case. What stands before the first --- is for the reader: the row's words, its
claims, and a line "off: …" that says how its mechanism is switched off. Then come sections:

    --- file PATH     what follows is written to PATH, in an empty folder that has the books and models
    --- ask NAME      what follows are arguments of perpetuum; NAME stands for its answer below
    --- off NAME      the same with the mechanism off
    --- edit PATH     lines "A => B": with the mechanism off that file has B for A
    --- check         lines of one of the forms
        let NAME = EXPRESSION
        WHAT: EXPRESSION is VALUE [+- TOLERANCE]     (1e-9 of the value, if nothing else is said)
        WHAT: EXPRESSION within LOW .. HIGH
        WHAT: EXPRESSION above VALUE                 (or below)
        also WHAT: …                                 need not fail when the mechanism is off

Every line must hold; and every line without "also" must fail when the case is run again with its mechanism off, for a check
that cannot fail shows nothing. Expressions are Python over answers: JSON by name (hyphens as _), a --csv - by series,
run("oracle.cash", "2026-Q4") or run("oracle.cash"), any other answer as its text. Prints a line for each row.
"""
import csv
import io
import json
import math
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
ROWS = 41
SECTION = re.compile(r"^--- (file|edit|ask|off|check)(?: (.*))?$")
CHECK = re.compile(r"^(also )?([^:]+): (.+) (is|within|above|below) (.+)$")


class Refused(Exception):
    """The command did not answer at all: neither a pass nor a fair failure."""


class Node:
    """A JSON object: its values by attribute, hyphens written as _."""

    def __init__(self, values):
        self.values = {key.replace("-", "_"): wrapped(value) for key, value in values.items()}

    def __getattr__(self, name):
        values = self.__dict__["values"]
        if name not in values:
            raise LookupError(f"no '{name}' in the answer")
        return values[name]

    def __getitem__(self, name):
        return getattr(self, name.replace("-", "_"))

    def __contains__(self, name):
        return name.replace("-", "_") in self.values


def wrapped(value):
    if isinstance(value, dict):
        return Node(value)
    if isinstance(value, list):
        return [wrapped(item) for item in value]
    return value


class Series:
    """A run as columns: run(name) is the list, run(name, step) one value, run(name, "2026") the sum of a year's steps."""

    def __init__(self, text):
        rows = list(csv.reader(io.StringIO(text)))
        self.steps = [row[0] for row in rows[1:]]
        self.columns = {name: [float(row[at]) for row in rows[1:]] for at, name in enumerate(rows[0]) if at}

    def __call__(self, name, step=None):
        if name not in self.columns:
            raise LookupError(f"no series '{name}'")
        values = self.columns[name]
        if step is None:
            return values
        chosen = [value for at, value in zip(self.steps, values) if at == step or at.startswith(f"{step}-")]
        if not chosen:
            raise LookupError(f"no step '{step}'")
        return sum(chosen)

    def names(self, ends):
        return [name for name in self.columns if name.endswith(ends)]


def answer_of(arguments, done):
    if done.returncode not in (0, 1):
        raise Refused(f"perpetuum {arguments}: exit {done.returncode}\n{done.stderr}")
    words = shlex.split(arguments)
    if "--json" in words:
        return wrapped(json.loads(done.stdout))
    if "--csv" in words:
        return Series(done.stdout)
    return done.stdout


class Case:
    def __init__(self, path):
        self.path = path
        self.row = int(path.name.split("-")[0])
        self.head, self.files, self.edits, self.asks, self.offs, self.lines = [], {}, {}, {}, {}, []
        kind = name = None
        for line in path.read_text().split("\n"):
            if found := SECTION.match(line):
                kind, name = found[1], (found[2] or "").strip()
                if kind != "check":
                    self.table(kind)[name] = ""
            elif kind is None:
                self.head.append(line)
            elif kind == "check":
                if line.strip():
                    self.lines.append(line.strip())
            else:
                self.table(kind)[name] += line + "\n"

    def table(self, kind):
        return {"file": self.files, "edit": self.edits, "ask": self.asks, "off": self.offs}[kind]

    def faults(self):
        if not any(line.startswith("off:") for line in self.head):
            yield "no line 'off: …' says how the mechanism is switched off"
        if not self.offs and not self.edits:
            yield "nothing is switched off"
        if set(self.offs) - set(self.asks) or set(self.edits) - set(self.files):
            yield "what is switched off was never on"
        if not any(CHECK.match(line) and not line.startswith("also ") for line in self.lines):
            yield "no line that must fail when the mechanism is off"


def edited(text, lines):
    for line in lines.strip().split("\n"):
        old, arrow, new = line.partition(" => ")
        if not arrow or old not in text:
            raise Refused(f"nothing to edit: {line}")
        text = text.replace(old, new)
    return text


answers = {}  # of commands on shipped books alone: many rows ask the same


def ask(program, case, off):
    asks = {**case.asks, **(case.offs if off else {})}
    files = dict(case.files)
    for path, lines in case.edits.items() if off else ():
        files[path] = edited(files[path], lines)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for shipped in ("books", "models"):
            (folder / shipped).symlink_to(root / shipped)
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.rstrip("\n") + "\n")
        found = {}
        for name, text in asks.items():
            arguments = " ".join(text.split())
            if files or arguments not in answers:
                done = subprocess.run([program, *shlex.split(arguments)], cwd=folder, capture_output=True, text=True, timeout=600)
                answer = answer_of(arguments, done)
                if not files:
                    answers[arguments] = answer
            else:
                answer = answers[arguments]
            found[name] = answer
        return found


TOOLS = {"abs": abs, "int": int, "all": all, "any": any, "len": len, "max": max, "min": min, "range": range, "round": round, "set": set,
         "sorted": sorted, "sum": sum, "zip": zip, "next": next, "float": float, "re": re, "log": math.log, "exp": math.exp,
         "enumerate": enumerate, "dict": dict, "list": list, "isinstance": isinstance, "str": str, "sqrt": math.sqrt}


def value_of(expression, names):
    return eval(expression, {"__builtins__": {}, **TOOLS, **names})  # texts of this folder only


def show(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def holds(relation, expected, value, names):
    """(whether, what was expected)"""
    if relation == "is":
        wanted, _, tolerance = expected.partition("+-")
        wanted = value_of(wanted, names)
        if not isinstance(wanted, (int, float)) or isinstance(wanted, bool):
            return value == wanted, show(wanted)
        room = value_of(tolerance, names) if tolerance else 1e-9 * abs(wanted)
        return abs(value - wanted) <= room, show(wanted)
    if relation == "within":
        low, high = (value_of(part, names) for part in expected.split(".."))
        return low <= value <= high, f"{show(low)} .. {show(high)}"
    bound = value_of(expected, names)
    return (value > bound if relation == "above" else value < bound), f"{relation} {show(bound)}"


def judge(case, found):
    """[(line, decisive, what, holds, text)]: every check with what it came to."""
    names, results = dict(found), []
    for line in case.lines:
        if line.startswith("let "):
            name, _, expression = line[4:].partition("=")
            try:
                names[name.strip()] = value_of(expression, names)
            except (LookupError, TypeError, ValueError, ZeroDivisionError, StopIteration, NameError):
                names.pop(name.strip(), None)  # who needs it says that it is not there
            continue
        parts = CHECK.match(line)
        if not parts:
            results.append((False, line, False, "is no check"))
            continue
        also, what, expression, relation, expected = parts.groups()
        try:
            value = value_of(expression, names)
            fine, wanted = holds(relation, expected, value, names)
            text = f"{show(value)} ({wanted})"
        except (LookupError, TypeError, ValueError, ZeroDivisionError, StopIteration, NameError) as problem:
            fine, text = False, f"nothing ({problem})"
        results.append((not also, what, fine, text))
    return results


def run_case(program, case):
    """(passed, lines to print)"""
    tag = f"[system-{case.row:02}]"
    faults = list(case.faults())
    if faults:
        return False, [f"{tag} FAILED {case.path.name}: {fault}" for fault in faults]
    try:
        on, off = judge(case, ask(program, case, False)), judge(case, ask(program, case, True))
    except (Refused, subprocess.TimeoutExpired, json.JSONDecodeError) as problem:
        return False, [f"{tag} FAILED {case.path.name}: {problem}"]
    bad = [f"{tag} FAILED {case.path.name}: {what}: {text}" for _, what, fine, text in on if not fine]
    bad += [f"{tag} FAILED {case.path.name}: with the mechanism off still holds: {what}: {text}"
            for decisive, what, fine, text in off if decisive and fine]
    if bad:
        return False, bad
    shown = next((what, text) for decisive, what, _, text in on if decisive)
    off_text = next(text for decisive, _, _, text in off if decisive)
    return True, [f"{tag} {case.path.stem[3:].replace('-', ' ')}: {shown[0]} {shown[1]}; off: {off_text.rsplit(' (', 1)[0]}"
                  f"; {len(on)} checks"]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    chosen = {int(name) for name in sys.argv[2:]}
    cases = [Case(path) for path in sorted(here.glob("*.case"))]
    outcomes = []
    for case in cases:
        if chosen and case.row not in chosen:
            continue
        passed, lines = run_case(program, case)
        outcomes.append(passed)
        print("\n".join(lines), flush=True)
    if not chosen:
        missing = sorted(set(range(1, ROWS + 1)) - {case.row for case in cases})
        print(f"rows with a case: {ROWS - len(missing)} of {ROWS}" + (f"; without: {missing}" if missing else ""))
    print(f"test cases: {len(outcomes)} | {sum(outcomes)} passed | {len(outcomes) - sum(outcomes)} failed")
    sys.exit(not outcomes or not all(outcomes))


if __name__ == "__main__":
    main()
