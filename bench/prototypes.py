#!/usr/bin/env python3
"""Writes what the measurement of the ensemble compares with.

usage: prototypes.py SHARED OUT

Of each model: OUT/NAME.h and OUT/NAME_np.py by prototypes/sim/gen.py, and OUT/NAME.start: its two random
parameters ("param NAME VALUE") and where every variable starts ("state NAME VALUE": the last row of the
reference baseline), the state whose mean is compared first.
"""
import contextlib
import io
import os
import sys
import types

MODELS = {"sim": ("alpha1", "Gd"), "pc": ("alpha1", "G"), "insout": ("alpha1", "alpha2"), "growth": ("alpha1", "GRg")}


def write_model(gen, shared, out, name):
    case, model = gen.load(f"{shared}/data/sfc/{name}.json")
    parameters = list(MODELS[name])
    with contextlib.redirect_stdout(io.StringIO()):
        gen.emit_cpp(name, model, case, f"{out}/{name}.h", parameters, parameters[:1])
        gen.emit_np(name, model, case, f"{out}/{name}_np.py")
    states = [s for s in model.states() if s not in model.ext or s in parameters]
    last = {variable: values[-1] for variable, values in case["runs"][0]["series"].items()}
    others = [v for v in last if v not in states and v not in parameters]
    with open(f"{out}/{name}.start", "w") as file:
        for parameter in parameters:
            file.write(f"param {parameter} {float(model.ext[parameter])!r}\n")
        for variable in states + others:
            file.write(f"state {variable} {last[variable]!r}\n")


def main():
    shared, out = sys.argv[1:3]
    sys.path.insert(0, os.path.join(shared, "prototypes/sim"))
    sys.dont_write_bytecode = True
    try:
        import numpy  # noqa: F401
    except ImportError:  # only their solver needs it
        sys.modules["numpy"] = types.ModuleType("numpy")
    import gen

    for name in MODELS:
        write_model(gen, shared, out, name)


main()
