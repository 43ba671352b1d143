#!/usr/bin/env python3
"""One model in NumPy, all paths of a step at once: least processor time of a path-step, and the mean of a state.

usage: numpy_paths.py OUT NAME STATE PATHS STEPS REPEATS      (OUT as prototypes.py left it)
"""
import importlib.util
import sys
import time

import numpy as np


def spread(paths):
    """The same factors that limit.cpp uses, in [0.95, 1.05)."""
    number = np.arange(paths, dtype=np.int64)
    yield 1 + 0.1 * ((number * 2654435761 % 1000003) / 1000003 - 0.5)
    yield 1 + 0.1 * (((number * 40503 + 77) % 1000003) / 1000003 - 0.5)


def main():
    out, name, state = sys.argv[1:4]
    paths, steps, repeats = map(int, sys.argv[4:7])
    spec = importlib.util.spec_from_file_location("model", f"{out}/{name}_np.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    parameters = [line.split()[1] for line in open(f"{out}/{name}.start") if line.startswith("param ")]
    least, mean = 1e30, 0.0
    for _ in range(repeats):
        begin = time.process_time()
        x = dict(model.x0)
        for parameter, factor in zip(parameters, spread(paths)):
            x[parameter] = model.x0[parameter] * factor
        z = {key: np.full(paths, value) for key, value in model.s0.items()}
        z.update({key: model.x0[key] for key in model.s0 if key in model.x0})
        total = 0.0
        for _ in range(steps):
            z.update(model.step(z, x))
            total += float(np.mean(z[state]))
        least = min(least, time.process_time() - begin)
        mean = total / steps
    print(f"numpy {name} {least / paths / steps * 1e9:.3f} {mean!r}")


main()
