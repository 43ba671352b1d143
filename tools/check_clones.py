#!/usr/bin/env python3
"""Objects of *.clones.cpp share no code with others: nm OBJECT… must show no weak symbol.

A linker keeps one copy of a function that several objects emit. Were that the copy of the AVX-512 clone, everybody
who calls, say, std::max would run it, on machines that cannot.
"""
import subprocess
import sys

faults = []
for object_file in sys.argv[2:]:
    listing = subprocess.run([sys.argv[1], "--defined-only", "-C", object_file], check=True, text=True, capture_output=True)
    for line in listing.stdout.splitlines():
        kind, name = line.split(" ", 2)[1:]
        if kind in "WwVvu":
            faults.append(f"{object_file}: {name} is shared with other objects: make it static")
if not sys.argv[2:]:
    faults.append("no objects to check")
print("\n".join(faults))
sys.exit(bool(faults))
