#!/usr/bin/env python3
"""Whether LaTeX takes what `perpetuum matrices … --latex` writes.

    python3 tests/latex/run.py build/perpetuum [FILE.pdf]

All matrices of the textbook models, of two small books and of a book with every sign that LaTeX reads otherwise go into
one document; with FILE.pdf it is kept, to be looked at. Where pdflatex, booktabs or rotating is missing (Debian: texlive-latex-base,
texlive-latex-recommended) it says "skipped" and passes: they are too large to be asked of everybody.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
BOOKS = ["books/tutorial/02-ono", "books/tutorial/06-backstop"]
SIGNS_MODEL = """model
  param x = 3
  y = 2 * x
"""
SIGNS_MATRIX = r"""[balance_sheet]
columns      = ["A & B", "100 % of_it", "#1 {or} $2"]
"a~b^c"      = ["y", "-y", ""]
'back\slash' = ["", "x", "-x"]
"<less> \"more\" é ü" = ["-y", "y - x", "x"]
"""
HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{booktabs}
\usepackage{rotating}
\begin{document}
"""


def latex_is_there():
    if not shutil.which("pdflatex"):
        return False
    return subprocess.run(["kpsewhich", "booktabs.sty", "rotating.sty"], capture_output=True).returncode == 0


def matrices(program, *arguments):
    """The tables; a model whose sums are not zero exits with 1 and writes them all the same."""
    done = subprocess.run([program, "matrices", *map(str, arguments), "--latex"], capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1) or "table}" not in done.stdout:
        raise SystemExit(f"matrices {arguments}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def tables(program, folder):
    parts = [matrices(program, path, "--steps", "20") for path in sorted((root / "books/godley-lavoie").glob("*.model"))]
    parts += [matrices(program, root / book) for book in BOOKS]
    (folder / "signs.model").write_text(SIGNS_MODEL)
    (folder / "signs.matrix").write_text(SIGNS_MATRIX)
    return parts + [matrices(program, folder / "signs.model", "--steps", "1")]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if not latex_is_there():
        print("skipped: no pdflatex with booktabs (Debian: texlive-latex-base, texlive-latex-recommended)")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        parts = tables(program, folder)
        # Floats would wait for a page of their own: \clearpage gives each model one.
        (folder / "all.tex").write_text(HEAD + "\n\\clearpage\n".join(parts) + "\\end{document}\n")
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"], cwd=folder,
                              capture_output=True, text=True, errors="replace", timeout=300)
        log = (folder / "all.log").read_text(errors="replace")
        faults = re.findall(r"^Overfull .hbox.*", log, flags=re.M)
        faults += re.findall(r"^(?:! .*|LaTeX Warning: (?!Label|There were|Reference).*)", log, flags=re.M)
        if done.returncode != 0 or faults:
            print("\n".join(faults) or log[-2000:])
            return 1
        if len(sys.argv) > 2:
            shutil.copy(folder / "all.pdf", sys.argv[2])
        count = sum(len(re.findall(r"begin\{(?:sideways)?table\}", part)) for part in parts)
        print(f"{count} tables: LaTeX takes them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
