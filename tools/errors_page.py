#!/usr/bin/env python3
"""Builds docs/handbook/errors.md from the texts of tests/errors and what is said of them.

    python3 tools/errors_page.py           writes the page
    python3 tools/errors_page.py --check   exit status 1 where the page is not what would be written

tests/errors/groups.txt gives the order. Books and models stand beside their renderings (*.expected, held to the program
by the tests of the rooms `book` and `model`); cases (*.case) are runs of the command line, as tests/cases/run.py
describes them. A text's first comment, or the first lines of a case, is its heading.
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[1]
errors = root / "tests/errors"
page = root / "docs/handbook/errors.md"
LONGEST_TEXT = 14  # lines of a text that is shown whole
LONGEST_LIST = 160  # lines of what is said of one text

INTRODUCTION = """# Messages, and what to do

<!-- Built by tools/errors_page.py from tests/errors: change the texts there, then run the tool. -->

When a book, a model or a command is not what it must be, `perpetuum` says where, what, and the way out:

```text
book.toml:29:10: error: '400,000' has a comma
   29 | total = "400,000 USD filed [s1]"
      |          ^^^^^^^
   hint: write '400 k' or '400000' for four hundred thousand, '2.5' with a point
```

The first line names the file, the line, the column (both from 1) and the fact; below stand the line itself with a mark
under what is meant, and after `hint:` what to do or write instead. All **errors** of a text are said at once, and the
command stops (exit status 2); **warnings** and **notes** do not stop it. A first error may bring others with it: begin at
the top.

Below is every kind of message, each with a text that brings it about. Most come from a small book or model made for
the purpose, to which the heading leads; firms and contracts in the books are of the kinds that the
[page on books](book.md) speaks of.
"""


def groups():
    """[(heading, [text …])] in order."""
    found = []
    for line in (errors / "groups.txt").read_text().split("\n")[1:]:
        if line.startswith("# "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line.strip())
    return found


def texts_there():
    names = {str(path.relative_to(errors).with_suffix("")) for kind in ("*.expected", "*.case")
             for path in errors.rglob(kind) if path.read_bytes().strip()}
    return {name for name in names if not name.startswith("books/ok-")}


def source_of(name):
    for suffix in (".toml", ".model", ".case", ""):
        if (path := errors / (name + suffix)).exists():
            return path
    raise SystemExit(f"tests/errors/groups.txt: there is no text {name}")


def readable(path):
    return path.read_text(errors="replace") if path.is_file() else ""


def heading_of(name):
    """(heading, sentence or nothing)"""
    path = source_of(name)
    words = path.stem.replace("-", " ")
    words = words[0].upper() + words[1:]
    if path.suffix == ".case":
        return words, readable(path).split("--- ")[0].strip()
    first = readable(path if path.is_file() else path / "book.toml").split("\n")[0]
    said = first[2:].strip() if first.startswith("# ") else ""
    said = said[:1].upper() + said[1:] + ("." if said and said[-1] not in ".!?" else "")
    return words, said


def anchor(heading):
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def fence(text, kind="text"):
    return f"```{kind}\n{text.rstrip()}\n```\n"


def body_of_case(path):
    """The files that a case writes, then each run with what it says of them."""
    parts = re.split(r"^--- (file|run|stderr|exit) ?(.*)$", path.read_text(), flags=re.M)[1:]
    shown = []
    for kind, argument, text in zip(parts[::3], parts[1::3], parts[2::3]):
        text = text.strip("\n")
        if kind == "file":
            shown.append(f"`{argument}`:\n\n" + fence(text))
        elif kind == "run":
            shown.append(f"`perpetuum {argument}`\n")
        if kind in ("run", "stderr") and text:
            shown.append(fence(text))
    return "\n".join(shown)


def shortened(text):
    """Without what only repeats a long list: cut before a message."""
    lines = text.rstrip().split("\n")
    if len(lines) <= LONGEST_LIST:
        return text
    cut = next(i for i in range(LONGEST_LIST // 8, len(lines)) if re.match(r"\S+:\d+:\d+: ", lines[i]))
    more = sum(bool(re.match(r"\S+:\d+:\d+: ", line)) for line in lines[cut:])
    return "\n".join(lines[:cut]) + f"\n… and {more} more"


def entry(name):
    path = source_of(name)
    heading, said = heading_of(name)
    parts = [f"### {heading}\n"]
    link = f"[{path.name}](../../{path.relative_to(root)})"
    parts.append((said + " " if said else "") + link + "\n")
    if path.suffix == ".case":
        return "\n".join([*parts, body_of_case(path)])
    text = "\n".join(line for line in readable(path).split("\n")[bool(said):])
    if path.suffix == ".model" and text.count("\n") <= LONGEST_TEXT and all(len(line) < 110 for line in text.split("\n")):
        parts.append(fence(text))
    parts.append(fence(shortened(readable(errors / (name + ".expected")))))
    return "\n".join(parts)


def built():
    listed = [name for _, names in groups() for name in names]
    for name in sorted(texts_there() - set(listed)):
        raise SystemExit(f"tests/errors/groups.txt: {name} is in no group")
    for name in listed:
        if listed.count(name) > 1:
            raise SystemExit(f"tests/errors/groups.txt: {name} is in two groups")
    index = ["| group | texts |", "| --- | --- |"]
    for heading, names in groups():
        links = ", ".join(f"[{heading_of(n)[0].lower()}](#{anchor(heading_of(n)[0])})" for n in names)
        index.append(f"| [{heading}](#{anchor(heading)}) | {links} |")
    parts = [INTRODUCTION, "\n".join(index) + "\n"]
    for heading, names in groups():
        parts.append(f"## {heading}\n")
        parts += [entry(name) for name in names]
    return "\n".join(parts)


def main():
    text = built()
    if "--check" not in sys.argv:
        page.write_text(text)
    elif not page.exists() or page.read_text() != text:
        print("docs/handbook/errors.md is not what tests/errors says: run python3 tools/errors_page.py")
        sys.exit(1)


if __name__ == "__main__":
    main()
