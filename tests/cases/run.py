#!/usr/bin/env python3
"""Runs the text cases of the command line, and the examples of the documents.

    python3 tests/cases/run.py build/perpetuum [NAME …]

A case (*.case in tests/cases/cli and tests/errors/running; its file name is the behaviour) is plain text:

    anything before the first --- is a comment
    --- file PATH          what follows is written to PATH, in an empty folder that has the books and models
    --- run ARGUMENTS      perpetuum is run there; what follows is its stdout
    --- stderr             what it says besides (default: not looked at)
    --- exit N             its exit status (default 0)

The page of a command (apps/cli/*.md) lists no option that the command does not have.

A line ... stands for any number of lines. In documents, every line of a fenced block that begins with "perpetuum " is
run and must not be refused; one that begins with "$ perpetuum " must also print what stands below it. A block after
"<!-- file: NAME -->" is written to NAME first.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
SECTION = re.compile(r"^--- (file|run|stderr|exit) ?(.*)$")


def matches(expected, actual):
    """Whether lines agree, where '...' stands for any number of them."""
    while expected and expected[0] != "...":
        if not actual or expected[0] != actual[0]:
            return False
        expected, actual = expected[1:], actual[1:]
    if not expected:
        return not actual
    return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))


def lines_of(text):
    return [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []


def sandbox(folder):
    for name in ("books", "models"):
        (folder / name).symlink_to(root / name)


def run(program, arguments, folder):
    return subprocess.run([program, *shlex.split(arguments)], cwd=folder, capture_output=True, text=True, timeout=600)


def report(what, expected, actual):
    print(f"FAILED {what}")
    print("".join(f"    expected | {line}\n" for line in expected), end="")
    print("".join(f"    actual   | {line}\n" for line in actual), end="")
    return False


def read_case(path):
    """[(kind, argument, lines)] in order."""
    sections = []
    for line in path.read_text().split("\n"):
        if found := SECTION.match(line):
            sections.append((found[1], found[2].strip(), []))
        elif sections:
            sections[-1][2].append(line)
    return sections


def strip_blank_ends(lines):
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def check_case(program, path):
    fine = True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sandbox(folder)
        sections = read_case(path)
        if not any(kind == "run" for kind, _, _ in sections):
            return report(f"{path.name}: a case without a run", [], [])
        for at, (kind, argument, lines) in enumerate(sections):
            if kind == "file":
                target = folder / argument
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text("\n".join(lines).rstrip("\n") + "\n")
            if kind != "run":
                continue
            done = run(program, argument, folder)
            status, stderr = "0", None
            for follow, text, more in sections[at + 1:]:
                if follow in ("run", "file"):
                    break
                if follow == "exit":
                    status = text
                else:
                    stderr = strip_blank_ends(more)
            what = f"{path.name}: perpetuum {argument}"
            if str(done.returncode) != status:
                fine = report(f"{what}: exit", [status], [str(done.returncode), *lines_of(done.stderr)])
            if not matches(strip_blank_ends(lines), lines_of(done.stdout)):
                fine = report(what, strip_blank_ends(lines), lines_of(done.stdout))
            if stderr is not None and not matches(stderr, lines_of(done.stderr)):
                fine = report(f"{what}: stderr", stderr, lines_of(done.stderr))
    return fine


def examples(path):
    """[("file", name, text) or ("run", command line, expected lines or None)] of a document's fenced blocks, in order."""
    found = []
    for name, block in re.findall(r"^(?:<!-- file: (\S+) -->\n)?```[a-z]*\n(.*?)^```", path.read_text(), flags=re.M | re.S):
        if name:
            found.append(("file", name, block))
            continue
        shown = None
        for line in block.split("\n"):
            if line.startswith("perpetuum "):
                found.append(("run", line.split(" #")[0], None))
            elif line.startswith("$ "):
                shown = [] if line.startswith("$ perpetuum ") else None
                if shown is not None:
                    found.append(("run", line[2:], shown))
            elif shown is not None:
                shown.append(line)
    return found


def has_runs(path):
    return any(kind == "run" for kind, _, _ in examples(path))


def check_document(program, path):
    fine = True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sandbox(folder)
        (folder / "out").mkdir()
        for kind, what, more in examples(path):
            if kind == "file":
                (folder / what).write_text(more)
                continue
            done = run(program, what.removeprefix("perpetuum "), folder)
            where = f"{path.relative_to(root)}: {what}"
            if done.returncode not in (0, 1):
                fine = report(where, ["exit 0 or 1"], [f"exit {done.returncode}", *lines_of(done.stderr)])
            elif more is not None and not matches(strip_blank_ends(more), lines_of(done.stdout)):
                fine = report(where, strip_blank_ends(more), lines_of(done.stdout))
    return fine


def check_page(program, path):
    """Whether a command has every option that its page lists."""
    heads = re.findall(r"^(?:- (`--.*?)(?:: |$)|\| (`--.*?) \|)", path.read_text(), flags=re.M)
    flags = sorted(set(re.findall(r"`(--[a-z][a-z-]*)", " ".join("".join(head) for head in heads))))
    fine = True
    for flag in flags:
        said = run(program, f"{path.stem} {flag}", root).stderr
        if "has no option" in said:
            fine = report(f"{path.name}: {flag}", ["an option of the command"], said.splitlines())
    return fine


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    names = sys.argv[2:]
    cases = [path for folder in ("cases/cli", "errors/running") for path in sorted((root / "tests" / folder).glob("*.case"))]
    documents = [root / "README.md", *sorted((root / "apps/cli").glob("*.md")),
                 *sorted((root / "docs").rglob("*.md"))]
    outcomes = [check_case(program, path) for path in cases if not names or path.stem in names]
    if not names:
        outcomes += [check_page(program, path) for path in sorted((root / "apps/cli").glob("*.md"))]
        outcomes += [check_document(program, path) for path in documents if path.exists() and has_runs(path)]
    passed = sum(outcomes)
    print(f"test cases: {len(outcomes)} | {passed} passed | {len(outcomes) - passed} failed")
    sys.exit(not outcomes or passed < len(outcomes))


if __name__ == "__main__":
    main()
