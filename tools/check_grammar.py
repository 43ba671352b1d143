#!/usr/bin/env python3
"""Holds the models of this tree to the grammar of docs/handbook/grammar.md, and the grammar to the models.

    python3 tools/check_grammar.py

Every line of every *.model file under models/, books/ and tests/, and of every model in the handbook, must follow the
rules; lines that the program refuses for their form must not (tests/errors/grammar-refuses.txt). The rules are read
from the page itself, as a parser that tries one after the other.
"""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[1]
page = root / "docs/handbook/grammar.md"
PIECE = re.compile(r'"([^"]+)"|([a-z_]+)|([A-Z]+)|([\[\]{}()|])')
TOKEN = re.compile(r'[ \t]+|#.*|("[^"\n]*")|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(->|!=|<=|>=|\S)')
# Words of the rules that may be names all the same.
FREE = set("in payer payee conduit on asset liability equity income expense normal lognormal uniform triangular pert "
           "bernoulli discrete loan k M B T min max".split())
OPENING, CLOSING = "([{", ")]}"
TIGHT = "\0"


def rules():
    text = re.search(r"```ebnf\n(.*?)```", page.read_text(), flags=re.S)[1]
    found = {}
    for rule in re.findall(r'\s*(\w+) = ((?:"[^"]*"|[^;"])*);', text):
        pieces = [m for m in PIECE.finditer(rule[1])]
        expression, end = choice(pieces, 0)
        assert end == len(pieces), rule[0]
        found[rule[0]] = expression
    return found


def choice(pieces, at):
    options = []
    while True:
        parts = []
        while at < len(pieces) and pieces[at][0] not in ("|", "]", "}", ")"):
            part, at = one(pieces, at)
            parts.append(part)
        options.append(("all", parts))
        if at == len(pieces) or pieces[at][0] != "|":
            return ("first", options), at
        at += 1


def one(pieces, at):
    text = pieces[at][0]
    if text in OPENING:
        inside, at = choice(pieces, at + 1)
        return ({"(": "group", "[": "maybe", "{": "many"}[text], inside), at + 1
    if pieces[at][1]:
        return ("word", pieces[at][1]), at + 1
    return (("class", text) if text.isupper() else ("rule", text)), at + 1


class Parser:
    def __init__(self, grammar, tokens):
        self.grammar, self.tokens, self.known = grammar, tokens, {}
        self.words = {w for rule in grammar.values() for w in words_of(rule)} - FREE

    def fits(self, rule, at):
        """Where it ends, or None."""
        kind, what = rule
        if kind == "rule":
            if (what, at) not in self.known:
                self.known[what, at] = self.fits(self.grammar[what], at)
            return self.known[what, at]
        if kind == "first":
            return next((end for end in (self.fits(option, at) for option in what) if end is not None), None)
        if kind == "all":
            for part in what:
                at = self.fits(part, at)
                if at is None:
                    return None
            return at
        if kind == "group":
            return self.fits(what, at)
        if kind == "maybe":
            end = self.fits(what, at)
            return at if end is None else end
        if kind == "many":
            while (end := self.fits(what, at)) is not None and end > at:
                at = end
            return at
        return at + 1 if at < len(self.tokens) and self.is_token(kind, what, self.tokens[at]) else None

    def is_token(self, kind, what, token):
        if kind == "word":
            return token.removesuffix(TIGHT) == what
        if what in ("SLASH", "STAR"):
            return token == {"SLASH": "/", "STAR": "*"}[what] + TIGHT
        if what == "STRING":
            return token.startswith('"')
        if what == "NUMBER":
            return token[0].isdigit()
        return bool(re.fullmatch(r"[A-Za-z_]\w*", token)) and (what == "WORD" or token not in self.words)


def words_of(rule):
    kind, what = rule
    if kind == "word":
        return {what} if re.fullmatch(r"[a-z_A-Z]+", what) else set()
    if kind in ("rule", "class"):
        return set()
    return set().union(*map(words_of, what)) if isinstance(what, list) else words_of(what)


def is_tight(line, match):
    """A sign of a unit rather than of arithmetic: no blanks around it."""
    around = line[match.start() - 1:match.start()] + line[match.end():match.end() + 1]
    return match[0] in "*/" and len(around) == 2 and " " not in around


def lines_of(text):
    """(number, tokens) of each line; what is open goes on."""
    tokens, first, depth = [], 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        here = [m[0] + (TIGHT if is_tight(line, m) else "") for m in TOKEN.finditer(line) if m.lastindex]
        first = first if tokens else number
        tokens += here
        depth += sum(t in OPENING for t in here) - sum(t in CLOSING for t in here)
        if depth <= 0 and tokens:
            yield first, tokens
            tokens, depth = [], 0
    if tokens:
        yield first, tokens


def follows(grammar, tokens):
    return Parser(grammar, tokens).fits(("rule", "line"), 0) == len(tokens)


def texts():
    for folder in ("models", "books", "tests/systems"):
        for path in sorted((root / folder).rglob("*.model")):
            yield str(path.relative_to(root)), path.read_text()
    for path in sorted((root / "docs/handbook").glob("*.md")):
        for number, block in enumerate(re.findall(r"```model\n(.*?)```", path.read_text(), flags=re.S), 1):
            if path.name != "errors.md":
                yield f"{path.name}, model {number}", block


def main():
    grammar, faults, seen = rules(), [], 0
    for name, text in texts():
        for number, tokens in lines_of(text):
            seen += 1
            if not follows(grammar, tokens):
                faults.append(f"{name}:{number}: not by the grammar of {page.name}: {' '.join(tokens)[:100]}")
    for line in (root / "tests/errors/grammar-refuses.txt").read_text().split("\n"):
        if line.strip() and not line.startswith("#") and any(follows(grammar, t) for _, t in lines_of(line)):
            faults.append(f"tests/errors/grammar-refuses.txt: the grammar allows: {line}")
    print("\n".join(faults) or f"grammar: {seen} lines of models follow it")
    sys.exit(bool(faults) or seen == 0)


if __name__ == "__main__":
    main()
