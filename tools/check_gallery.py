#!/usr/bin/env python3
"""Holds the error gallery to the sources: whatever the program can say of a reader's text is shown in tests/errors.

    python3 tools/check_gallery.py            what is not shown; exit status 1 when there is something
    python3 tools/check_gallery.py --list     every template with a rendering that shows it

All rooms and all commands are looked through. Rooms that read texts (READERS) are looked at whole, as any sentence in
them may be said of a text; of the others and of the commands what they report counts, not what they answer. What a
room throws at its caller (BadInput) is no message: a command that lets it through has a fault of its own.

A template is an argument of a call that reports something (error, warning, say, refuse …), or a sentence elsewhere in
the rooms, as far as it is written there; what is put in between is anything. Each branch of `a ? "…" : "…"` is one.
It is shown when some line of a rendering in tests/errors or tests/cases/cli matches it. What cannot be shown, and why,
stands in tests/errors/not-shown.txt, as `file | words | why` (a file with its room
where two are called alike); `*` for the words stands for all of a file.
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[1]
READERS = ("base", "text", "book", "model", "instance", "program", "network", "schedule", "step", "ensemble")
# Functions that hand what is wrong back as a text.
TELLERS = set("misfit wrong_words parse_shock difference".split())
SPEAKERS = set("error warning note complain fail fail_at warn refuse refuse_at failed_value say say_ fault unit_error wants want "
               "missing hint expect unknown_key take_name take_any_name party known_id same fail_number refused BadOption "
               "check_value problem LoanFault wrong".split())
# Functions whose literals are no message: formats, searches, names of cells; what a caller did wrong.
SILENT = set("BadInput bad_input require throw_unless says printf snprintf find_first_not_of find_first_of find string_view nameless coin_cell".split())
WRAPPERS = ("string", "quoted", "printable", "format", "move")
TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"(?:sv|s)?|'(?:[^'\\\n]|\\.)+'|[A-Za-z_]\w*|\d[\w.']*|::|->|\S''',
                   re.S)
ANY = object()


def sources():
    files = sorted((root / "src/perpetuum").glob("*/*.?pp")) + sorted((root / "apps/cli").glob("*.?pp"))
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True).stdout.split("\n")
    if len(tracked) > 1:  # what is in the making need not be shown yet
        files = [f for f in files if str(f.relative_to(root)) in set(tracked)]
    return [f for f in files if not re.search(r"_(test|bench)\.cpp$|_for_tests\.hpp$", f.name)]


def tokens_of(text):
    text = re.sub(r"^[ \t]*#include.*$", "", text, flags=re.M)
    found = []
    for match in TOKEN.finditer(text):
        if not match[0].startswith(("//", "/*")):
            found.append((match[0], text.count("\n", 0, match.start()) + 1))
    return found


def is_literal(token):
    return token.startswith('"')


def value_of(token):
    inner = token[1:token.rindex('"')]
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), inner)


def close_of(tokens, at):
    """Where the bracket that opens at `at` is closed."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index][0] in "([{"
        depth -= tokens[index][0] in ")]}"
        if depth == 0:
            return index
    return len(tokens) - 1


def split_at(tokens, sign):
    """Parts between a sign that stands outside all brackets."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += token[0] in "([{"
        depth -= token[0] in ")]}"
        if depth == 0 and token[0] == sign:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def branches(tokens):
    """(condition, then, else) of `c ? a : b` outside all brackets, or None."""
    parts = split_at(tokens, "?")
    if len(parts) < 2:
        return None
    rest = tokens[len(parts[0]) + 1:]
    depth = asked = 0
    for index, (token, _) in enumerate(rest):
        depth += token in "([{"
        depth -= token in ")]}"
        if depth == 0 and token == "?":
            asked += 1
        elif depth == 0 and token == ":":
            if asked == 0:
                return parts[0], rest[:index], rest[index + 1:]
            asked -= 1
    return None


def templates(tokens):
    """Every way to write an expression, as lists of literals and ANY."""
    if not any(is_literal(token) for token, _ in tokens):
        return [[ANY]]
    if choice := branches(tokens):
        return templates(choice[1]) + templates(choice[2])
    parts = split_at(tokens, "+")
    if len(parts) > 1:
        pieces = [templates(part) if part else [[ANY]] for part in parts]
        found = []
        for index, piece in enumerate(pieces):
            # One branch after the other, the rest as it comes.
            rest = [one[0] if len(one) == 1 else [ANY] for one in pieces]
            for option in piece if len(piece) > 1 else []:
                found.append(sum(rest[:index], []) + option + sum(rest[index + 1:], []))
        return found or [sum((one[0] for one in pieces), [])]
    if all(is_literal(token) for token, _ in tokens):
        return [["".join(value_of(token) for token, _ in tokens)]]
    if tokens[0][0] in "({" and close_of(tokens, 0) == len(tokens) - 1:
        return templates(tokens[1:-1])
    opening = next((i for i, t in enumerate(tokens) if t[0] in "({"), None)
    if opening and close_of(tokens, opening) == len(tokens) - 1 and tokens[opening - 1][0] in WRAPPERS:
        quote = [["'"]] if tokens[opening - 1][0] == "quoted" else [[]]
        inside = templates(split_at(tokens[opening + 1:-1], ",")[0])
        if tokens[opening - 1][0] == "format":
            inside = [sum((with_holes(one) if one is not ANY else [ANY] for one in way), []) for way in inside]
        return [quote[0] + one + quote[0] for one in inside]
    return [[ANY]]


def with_holes(text):
    """The {} of a format are anything."""
    pieces = re.split(r"\{[^{}]*\}", text)
    return [piece for one in pieces for piece in (one, ANY)][:-1]


def pattern_of(template):
    text = "".join(".*" if piece is ANY else re.escape(piece) for piece in template)
    return re.sub(r"(\.\*)+", ".*", text)


def words_of(template):
    return "…".join("" if piece is ANY else piece for piece in template).strip("… ")


def told_back(tokens):
    """What is wrong, where it is no argument: `problem = …;`, and what a teller returns."""
    teller_ends = 0
    for at, (token, _) in enumerate(tokens[:-1]):
        if token in TELLERS and tokens[at + 1][0] == "(":
            opening = close_of(tokens, at + 1) + 1
            if opening < len(tokens) and tokens[opening][0] == "{":
                teller_ends = close_of(tokens, opening)
        said = (token == "problem" and tokens[at + 1][0] == "=") or (token == "return" and at < teller_ends)
        if said:
            begin = at + 1 + (token == "problem")
            end = next((i for i in range(begin, len(tokens)) if tokens[i][0] == ";"), begin)
            if any(is_literal(one) for one, _ in tokens[begin:end]):
                yield tokens[begin:end]


def found_in(path):
    """(line, template) of every message in a source; of those that read no texts only what they report, not what they answer."""
    tokens = tokens_of(path.read_text())
    everything = path.parent.name in READERS
    spoken = set()
    for at, (token, _) in enumerate(tokens[:-1]):
        if token not in SPEAKERS | SILENT or tokens[at + 1][0] not in "({":
            continue
        end = close_of(tokens, at + 1)
        if token in SILENT:
            spoken.update(range(at, end))
            continue
        for argument in split_at(tokens[at + 2:end], ","):
            if any(is_literal(one) for one, _ in argument):
                for template in templates(argument):
                    yield argument[0][1], template
        spoken.update(range(at, end))
    for argument in told_back(tokens):
        for template in templates(argument):
            yield argument[0][1], template
    at = 0
    while everything and at < len(tokens):
        first = at
        while at < len(tokens) and is_literal(tokens[at][0]) and at not in spoken:
            at += 1
        if at > first:
            yield tokens[first][1], ["".join(value_of(t) for t, _ in tokens[first:at])]
        at += at == first


def says_something(template):
    text = " ".join(piece for piece in template if piece is not ANY)
    return " " in text and len(re.findall(r"[A-Za-z]{2,}", text)) >= 2


def renderings():
    """Every line that is shown, without its place."""
    lines = []
    shown = [(root / "tests/errors").rglob("*.expected"), (root / "tests/errors").rglob("*.case"),
             (root / "tests/cases/cli").glob("*.case")]
    for path in sorted(path for paths in shown for path in paths):
        for line in path.read_text().split("\n"):
            if " | " not in line[:9]:
                lines.append((path.relative_to(root), re.sub(r"^\S+:\d+:\d+: (error|warning|note): ", "", line)))
    return lines


def exceptions():
    path = root / "tests/errors/not-shown.txt"
    kept = []
    for line in path.read_text().split("\n") if path.exists() else []:
        if line.strip() and not line.startswith("#"):
            kept.append(tuple(part.strip() for part in line.split(" | ")))
    return kept


def main():
    lines = renderings()
    text = "\n".join(line for _, line in lines)
    excused, used = exceptions(), set()
    missing = 0
    for path in sources():
        told = set()
        for line, template in found_in(path):
            words = words_of(template)
            if not says_something(template) or (line, words) in told:
                continue
            told.add((line, words))
            shown = re.search(pattern_of(template), text)
            if "--list" in sys.argv and shown:
                print(f"{path.name}:{line}: {words}")
            if shown:
                continue
            names = (path.name, "/".join(path.parts[-2:]))
            reason = [one for one in excused if one[0] in names and one[1] in (words, "*")]
            used.update(reason)
            if not reason:
                missing += 1
                print(f"{path.relative_to(root)}:{line}: not shown in the gallery: {words}")
    for one in excused:
        if one not in used:
            missing += 1
            print(f"tests/errors/not-shown.txt: nothing says this any more, or it is shown now: {' | '.join(one)}")
    sys.exit(missing > 0)


if __name__ == "__main__":
    main()
