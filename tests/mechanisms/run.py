#!/usr/bin/env python3
"""Runs the worked checks of models/ai-economy: docs/methods/ai-economy.md.

    python3 tests/mechanisms/run.py build/perpetuum [NN …]

A case is a text, tests/mechanisms/NN-what-it-shows.case, NN the number of the mechanism; the form is that of tests/systems/run.py: every
line of a check must hold, and every line without "also" must fail with the mechanism's switch off.
"""
import contextlib
import importlib.util
import io
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("systems", here.parent / "systems" / "run.py")
systems = importlib.util.module_from_spec(spec)
spec.loader.exec_module(systems)
systems.here = here
systems.ROWS = 12

if __name__ == "__main__":
    said, status = io.StringIO(), 0
    with contextlib.redirect_stdout(said):
        try:
            systems.main()
        except SystemExit as end:
            status = end.code
    print(said.getvalue().replace("[system-", "[mechanism-").replace("rows with a case", "mechanisms with a case"), end="")
    sys.exit(status)
