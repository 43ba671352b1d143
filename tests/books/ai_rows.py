#!/usr/bin/env python3
"""Every row of the tables that the AI book was made from is in the book, or says why it is not.

    python3 tests/books/ai_rows.py [FOLDER]

FOLDER (books/ai) holds the book and rows.tsv: a row's id (or FIRST..LAST), where it is in the book (a table or a key of it, '-' if
nowhere), and why. Each id must be there once, each place must exist, each absence needs a reason, and every id that the book
names must be one of them.
"""
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAST = {"D": 108, "P": 194, "AB": 536, "S000-": 40, "S001-": 55, "S002-": 31, "S003-": 61, "S004-": 38}
ID = re.compile(r"\b(?:D\d{3}|P\d{3}|AB\d{3}|S00\d-\d{2})\b")


def all_ids():
    return [f"{kind}{n:0{2 if kind.endswith('-') else 3}}" for kind, last in LAST.items() for n in range(1, last + 1)]


def spread_out(text):
    """'AB003..AB005' -> AB003, AB004, AB005."""
    first, _, last = text.partition("..")
    kind = first.rstrip("0123456789")
    width = len(first) - len(kind)
    end = int((last or first)[len(kind):])
    return [f"{kind}{n:0{width}}" for n in range(int(first[len(kind):]), end + 1)]


def merge(into, table):
    for key, value in table.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def exists(book, place):
    """Whether the book has it: keys are followed as far as they go, so that a part of a dotted key is enough."""
    here = book
    for word in re.findall(r'"[^"]*"|[^.]+', place):
        word = word.strip('"')
        if not isinstance(here, dict) or word not in here:
            return False
        here = here[word]
    return True


def faults_of(folder):
    book, texts = {}, ""
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text()
        merge(book, tomllib.loads(text))
        texts += text
    seen, faults = {}, []
    lines = (folder / "rows.tsv").read_text().splitlines()
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != 3:
            faults.append(f"rows.tsv:{number}: wants three fields")
            continue
        row, place, why = fields
        for one in spread_out(row):
            if one in seen:
                faults.append(f"rows.tsv:{number}: {one} is in line {seen[one]} already")
            seen[one] = number
        if place == "-" and not why:
            faults.append(f"rows.tsv:{number}: {row} is not in the book and does not say why")
        if place != "-" and not exists(book, place):
            faults.append(f"rows.tsv:{number}: the book has no {place}")
    wanted = set(all_ids())
    faults += [f"rows.tsv: {one} is missing" for one in sorted(wanted - seen.keys())]
    faults += [f"rows.tsv: there is no row {one}" for one in sorted(seen.keys() - wanted)]
    faults += [f"the book names {one}, which is no row" for one in sorted(set(ID.findall(texts)) - wanted)]
    return faults, len(seen), sum(1 for line in lines[1:] if "\t-\t" in line)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "books" / "ai"
    faults, rows, absent = faults_of(folder)
    print("\n".join(faults))
    print(f"{rows} rows, {absent} lines of them not in the book, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
