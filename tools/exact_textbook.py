#!/usr/bin/env python3
"""Solves runs of a textbook case once more in 30 digits, and writes the series in which double precision falls short.

    python3 tools/exact_textbook.py FOLDER MODEL RUN [SERIES …]

FOLDER holds the reference cases (sfc-case/1), RUN counts from 0. Prints `model,run,series,floor,values` for the series
named, or for those in which the reference is off by more than 1e-9; what it is off by, and where, goes to stderr. Each
period is solved from the reference's values on by Newton's method, slopes in double precision and what is left over in 30
digits, until that is below 1e-24. *floor* is what a program must be off by that solves each period just as exactly but
holds its values in double precision from one period to the next. Needs Debian's python3-mpmath; takes a minute a run.
tests/exact/openfix.csv was made so.
"""
import json
import math
import pathlib
import re
import sys

from mpmath import exp, log, mp, mpf

mp.dps = 30
SMALLEST = mpf("0.01")  # below it differences count as differences of a hundredth
MOST_ROUNDS = 12
IN_DIGITS = {"mpf": mpf, "exp": exp, "log": log}
IN_DOUBLES = {"mpf": float, "exp": math.exp, "log": math.log}


def written_out(equation):
    """A right side over L (a period ago) and X (now), its numbers exact."""
    text = re.sub(r"([A-Za-z_]\w*)\[-1\]", r'L["\1"]', equation)
    text = re.sub(r'(?<!["\w.])([A-Za-z_]\w*)(?!["\w(\[])', lambda m: m[1] if m[1] in "LX" else f'X["{m[1]}"]', text)
    return re.sub(r'(?<![\w."\]])(\d+\.?\d*(?:e-?\d+)?)(?![\w"])', r'mpf("\1")', text)


def exact(number):
    return mpf(repr(number))


def left_over(code, before, now, numbers):
    return [eval(right, numbers, {"L": before, "X": now}) - now[name] for name, right in code]


def inverse(matrix):
    """Gauss-Jordan with the largest pivot of each column."""
    n = len(matrix)
    rows = [row + [float(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: abs(rows[r][c]))
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for r in range(n):
            if r != c and rows[r][c] != 0:
                factor = rows[r][c]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[c])]
    return [row[n:] for row in rows]


def slopes(code, before, now):
    """[equation][unknown], by small differences: good enough to come nearer."""
    before, now = ({name: float(value) for name, value in row.items()} for row in (before, now))
    at = left_over(code, before, now, IN_DOUBLES)
    columns = []
    for name, _ in code:
        kept = now[name]
        now[name] = kept + 1e-6 * max(1e-3, abs(kept))
        width = now[name] - kept
        columns.append([(b - a) / width for a, b in zip(at, left_over(code, before, now, IN_DOUBLES))])
        now[name] = kept
    return [list(row) for row in zip(*columns)]


def solved_step(code, before, externals, guess):
    now = {name: exact(guess[name]) for name in before}
    now.update(externals)
    nearer = inverse(slopes(code, before, now))
    for _ in range(MOST_ROUNDS):
        left = left_over(code, before, now, IN_DIGITS)
        size = max(abs(value) for value in left)
        if size < mpf("1e-24"):
            return now
        scaled = [float(value / size) for value in left]
        for (name, _), row in zip(code, nearer):
            now[name] -= mpf(sum(a * b for a, b in zip(row, scaled))) * size
    raise SystemExit(f"no solution: {size}")


def in_doubles(row):
    return {name: mpf(float(value)) for name, value in row.items()}


def continued(code, first, run, externals, held=dict):
    """A row a period; `held`: what becomes of a row before the next one is solved."""
    rows = [held(first)]
    for period in range(2, run["periods"] + 1):
        given = dict(externals)
        for shock in run.get("shocks") or []:
            if shock["from"] <= period <= shock["to"]:
                given.update({name: exact(value) for name, value in shock["set"].items()})
        guess = {name: series[period - 1] for name, series in run["series"].items()}
        rows.append(held(solved_step(code, rows[-1], given, guess)))
    return rows


def off_by(theirs, ours, begin):
    """(difference, period) at its worst."""
    return max((float(abs(mpf(t) - o) / max(abs(o), SMALLEST)), i + 1)
               for i, (t, o) in enumerate(zip(theirs, ours)) if i >= begin)


def solved_run(code, case, number, externals, held=dict):
    start = {name: mpf("1e-15") for name in case["runs"][0]["series"]}
    start.update({name: exact(value) for name, value in case["initial"].items()})
    rows = continued(code, start, case["runs"][0], externals, held)
    return rows if number == 0 else continued(code, rows[-1], case["runs"][number], externals, held)


def main():
    folder, model, number, names = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    case = json.loads((pathlib.Path(folder) / f"{model}.json").read_text())
    externals = {name: exact(value) for name, value in case["external"].items()}
    code = [(e["lhs"], compile(written_out(e["rhs"]), e["lhs"], "eval")) for e in case["equations"]]
    run = case["runs"][number]
    rows = solved_run(code, case, number, externals)
    rounded = solved_run(code, case, number, externals, in_doubles)
    begin = 1 if number == 0 else 0
    for name, theirs in run["series"].items():
        ours = [row[name] for row in rows]
        worst, period = off_by(theirs, ours, begin)
        if (names and name in names) or (not names and worst > 1e-9):
            floor, _ = off_by([row[name] for row in rounded], ours, begin)
            print(f"{model},{run['name']},{name},{floor:.1e},{' '.join(repr(float(value)) for value in ours)}")
            print(f"{name}: the reference is off by {worst:.1e} in period {period}, doubles by {floor:.1e}", file=sys.stderr)


if __name__ == "__main__":
    main()
