#!/usr/bin/env python3
"""Arrows between rooms point one way: src/perpetuum/LAYERS says which doors a room may use."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src/perpetuum")
allowed = {room: set(uses.split()) for room, uses in
           (line.split(":") for line in (root / "LAYERS").read_text().splitlines())}
faults = []
for room in allowed:
    for file in [root / f"{room}.hpp", *sorted((root / room).glob("*.?pp"))]:
        if not file.exists():
            faults.append(f"{file}: room {room} has no door")
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if hit := re.match(r"#include <perpetuum/(\w+)(/?)", line):
                target, inner = hit.groups()
                # The headers made to be compiled into clones, where a door would not do.
                if file.name.endswith(".clones.cpp") and re.search(r"<perpetuum/lanes/(elementary|words)\.hpp>", line):
                    inner = ""
                # What a lower room offers to tests: one place each.
                if file.stem.endswith(("_test", "_for_tests")) and line.endswith("_for_tests.hpp>"):
                    inner = ""
                if target != room and (inner or target not in allowed[room]):
                    faults.append(f"{file}:{number}: {room} may not use {target}{inner}")
for folder in sorted(p.name for p in root.iterdir() if p.is_dir()):
    if folder not in allowed:
        faults.append(f"{root}/{folder}: a room that LAYERS does not know")
for file in sorted(pathlib.Path("apps").rglob("*.?pp")):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if re.match(r"#include <perpetuum/\w+/", line):
            faults.append(f"{file}:{number}: apps use doors only")
print("\n".join(faults))
sys.exit(bool(faults))
