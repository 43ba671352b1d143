#!/usr/bin/env python3
"""What loops, circulation, clearing and files of payments cost, beside the prototypes, in one run.

usage: bench/networks.py BUILD [--shared FOLDER] [--quick] [--rounds N] [ROW ...]      (`./go bench networks [...]`)

BUILD holds networks_bench, which makes the graphs from their seeds and checks every answer. FOLDER (../shared) holds
the reference counts (data/graphs/expected.json) and the prototypes (prototypes/net); without it there is nothing to
compare with and only our own figures are printed. Each row is a process of its own, on 1 and on 2 threads; ours and
the prototype take turns, and the least of N rounds (2) counts. --quick: the small rows, one round, about a minute.
"""
import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

COMPILE = {
    "gen": "-O2 -std=c++20",
    "cyc": "-O3 -march=native -std=c++20 -pthread",
    "circ_pd": "-O3 -march=native -std=c++20",
    "clear": "-O3 -march=native -std=c++20 -fopenmp",
}
# Row: the prototype's words (GRAPH stands for its file, THREADS for their number), what it says of itself, and the
# aim in seconds on two threads of a quiet machine.
PROTOTYPES = {
    "static-sf3": ("sf3", "cyc static GRAPH 6 THREADS", "search_s", 0.05),
    "static-sf5": ("sf5", "cyc static GRAPH 4 THREADS", "search_s", 0.8),
    "temporal-tt5": ("tt5", "cyc temporal GRAPH 64 604800 THREADS", "search_s", 0.5),
    "temporal-tt6": ("tt6", "cyc temporal GRAPH 64 259200 THREADS", "search_s", 0.4),
    "temporal-tt7": ("tt7", "cyc temporal GRAPH 64 86400 THREADS", "search_s", 1.5),
    "temporal-dense": ("dense", "cyc temporal GRAPH 64 86400 THREADS", "search_s", None),
    "read-tt6": ("tt6", "cyc static GRAPH 1 1", "load_s", None),
    "read-tt7": ("tt7", "cyc static GRAPH 1 1", "load_s", 8.0),
    "file-tt7": ("tt7", "cyc temporal GRAPH 64 86400 THREADS", "both", 4.0),
    "circulation-sf4": ("sf4", "circ_pd GRAPH", "solve_s", None),
    "circulation-sf5": ("sf5", "circ_pd GRAPH", "solve_s", 3.0),
    "circulation-tt6": ("tt6", "circ_pd GRAPH", "solve_s", 6.0),
    "clear-cp5": ("cp5", "clear GRAPH picard 1 1 1e-12 THREADS", "solve_s", None),
    "clear-cp6": ("cp6", "clear GRAPH picard 1 1 1e-12 THREADS", "solve_s", 0.3),
    "clear-cq6": ("cq6", "clear GRAPH picard 1 1 1e-12 THREADS", "solve_s", None),
    "scenarios-5": ("cp2b", "clear GRAPH batch 1 1 1e-10 THREADS 100000", "solve_s", None),
    "scenarios-6": ("cp2b", "clear GRAPH batch 1 1 1e-10 THREADS 1000000", "solve_s", 2.0),
}
NETWORKS = {"cp5": "cp 100000 300 6 34 60 50", "cp6": "cp 1000000 1000 8 35 60 50",
            "cq6": "cp 1000000 1000 8 45 190 1", "cp2b": "cp 500 25 5 36 60 50"}
READS_FILE = {"read-tt6", "read-tt7", "file-tt7"}
MOST_MEMORY = {"file-tt7": 600}
ANSWERS = {"cyc": "total", "circ_pd": "max_circulation", "clear": "sum_p"}


def processor():
    try:
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        return f"{names[0]}, {len(names)} processors"
    except (OSError, IndexError):
        return platform.machine()


def measured(command):
    """Standard output, processor seconds and peak megabytes of a program."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {child.returncode}")
    return text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Graphs:
    """Files of graphs, each written once: by our generator, and compared with the reference's sum of bytes."""

    def __init__(self, bench, work, expected):
        self.bench, self.work, self.expected, self.same = bench, work, expected, []

    def path(self, name):
        path = f"{self.work}/{name}"
        if os.path.exists(path):
            return path
        if name in NETWORKS:
            with open(path, "wb") as file:
                subprocess.run([f"{self.work}/bin/gen", *NETWORKS[name].split()], stdout=file, check=True)
        else:
            subprocess.run([self.bench, "write", name, path], check=True)
        wanted = self.expected.get(name, {}).get("sha256")
        if wanted:
            with open(path, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != wanted:
                    sys.exit(f"the graph {name} is not the reference's")
            self.same.append(name)
        return path

    def csv(self, name):
        path = f"{self.work}/{name}.csv"
        if not os.path.exists(path):
            subprocess.run([self.bench, "write", name, path, "csv"], check=True)
        return path

    def forget(self, name):
        for path in (f"{self.work}/{name}", f"{self.work}/{name}.csv"):
            if os.path.exists(path):
                os.remove(path)


def compile_prototypes(shared, work):
    """Names of those that stand in work/bin."""
    os.mkdir(f"{work}/bin")
    sources = f"{shared}/prototypes/net"
    if not os.path.isdir(sources) or not shutil.which("c++"):
        return set()
    for name, flags in COMPILE.items():
        subprocess.run(["c++", *flags.split(), f"{sources}/{name}.cpp", "-o", f"{work}/bin/{name}"], check=True)
    return set(COMPILE)


class Least:
    def __init__(self):
        self.wall = self.processor = 1e300
        self.memory, self.answer, self.further = 0.0, None, {}

    def take(self, wall, processor, memory, answer, further=None):
        if processor < self.processor:
            self.further = further or {}
        self.wall, self.processor = min(self.wall, wall), min(self.processor, processor)
        self.memory, self.answer = max(self.memory, memory), answer


def run_ours(least, graphs, name, threads):
    command = [graphs.bench, name, str(threads), "1"]
    if name in READS_FILE:
        command.append(graphs.csv(PROTOTYPES[name][0]))
    text, _, memory = measured(command)
    found = json.loads(text)
    least.take(found["wall"], found["processor"], memory, found["answer"], found["further"])


def run_prototype(least, graphs, name, threads):
    graph, words, clock, _ = PROTOTYPES[name]
    words = words.replace("GRAPH", graphs.path(graph)).replace("THREADS", str(threads)).split()
    text, used, memory = measured([f"{graphs.work}/bin/{words[0]}", *words[1:]])
    found = json.loads(text)
    load = found.get("load_s", found.get("prep_s", 0.0))
    rest = found.get("search_s", found.get("solve_s", 0.0))
    wall = {"load_s": load, "both": load + rest}.get(clock, rest)
    # It loads on one thread: of its processor time, what is left of the wall's after that is the search's.
    share = {"load_s": load, "both": load + threads * rest}.get(clock, threads * rest) / (load + threads * rest)
    answer = None if clock == "load_s" else found.get(ANSWERS[words[0]])
    least.take(wall, used * share, memory, answer)


def check_answers(name, ours, theirs):
    """They agree where they answer the same question (scenarios draw other shocks)."""
    if theirs.answer is None or name.startswith("scenarios"):
        return
    if abs(ours.answer / theirs.answer - 1) > 1e-8:
        sys.exit(f"{name}: ours {ours.answer}, the prototype {theirs.answer}")


def check_expected(name, answer, expected):
    """Against the reference's figures; how it is told in the table."""
    graph = PROTOTYPES[name][0] if name in PROTOTYPES else None
    reference = expected.get(graph, {})
    kinds = {"circulation": [reference.get("circulation", {}).get("max_circulation")],
             "clear": [c["sum_p"] for c in reference.get("clearing", []) if c["alpha"] == c["beta"] == 1],
             "static": [c["total"] for c in reference.get("cycles", [])
                        if c["kind"] == "static" and f"static GRAPH {c['max_len']} " in PROTOTYPES[name][1]],
             "temporal": [c["total"] for c in reference.get("cycles", [])
                          if c["kind"] == "temporal" and f"GRAPH {c['max_len']} {c['window_s']} " in PROTOTYPES[name][1]]}
    wanted = [value for value in kinds.get(name.split("-")[0], []) if value is not None]
    if any(abs(answer / value - 1) > 1e-8 for value in wanted):
        sys.exit(f"{name}: {answer}, expected.json says {wanted}")
    return "expected.json" if wanted else ""


def told(value, digits=3):
    return f"{value:.{digits}f}" if value < 1e299 else "-"


def print_row(name, threads, last, ours, theirs, checked):
    aim = PROTOTYPES.get(name, (None,) * 4)[3]
    columns = [f"{name:16s}", f"{threads}", f"{told(ours.wall):>8s}", f"{told(ours.processor):>8s}"]
    if theirs:
        columns += [f"{told(theirs.wall):>8s}", f"{told(theirs.processor):>8s}",
                    f"{theirs.processor / max(ours.processor, 1e-9):7.2f}"]
    else:
        columns += ["       -", "       -", "      -"]
    said = "-" if aim is None else f"{aim:g} s"
    if aim is not None and last:
        said += " met" if ours.wall < aim else " by proc." if ours.processor < aim * threads else " missed"
    columns += [f"{said:>13s}", f"{ours.memory:7.0f}" + (f" of {MOST_MEMORY[name]}" if name in MOST_MEMORY else "")]
    further = "; ".join(f"{key} {value:.4g}" for key, value in ours.further.items())
    agreed = [word for word in (checked, "prototype" if theirs and theirs.answer is not None
                                and not name.startswith("scenarios") else "") if word]
    print("  ".join(columns) + f"  {ours.answer:.12g}" + (f" = {', '.join(agreed)}" if agreed else "")
          + (f"  ({further})" if further else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("rows", nargs="*")
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    asked = parser.parse_intermixed_args()
    bench = f"{asked.build}/networks_bench"
    rounds = asked.rounds or (1 if asked.quick else 2)
    rows = [json.loads(line) for line in measured([bench, "rows"])[0].splitlines()]
    unknown = set(asked.rows) - {row["row"] for row in rows}
    if unknown:
        sys.exit(f"no row is called {', '.join(sorted(unknown))}; there are {', '.join(row['row'] for row in rows)}")
    rows = [row for row in rows if (row["row"] in asked.rows if asked.rows else row["quick"] or not asked.quick)]
    expected = {}
    if os.path.exists(f"{asked.shared}/data/graphs/expected.json"):
        with open(f"{asked.shared}/data/graphs/expected.json") as file:
            expected = json.load(file)["graphs"]
    print(f"{processor()}; load {os.getloadavg()[0]:.1f}; least of {rounds} round{'s' * (rounds > 1)}")
    with tempfile.TemporaryDirectory() as work:
        prototypes = compile_prototypes(asked.shared, work)
        if not prototypes:
            print("prototypes: absent (../shared/prototypes/net, or no C++ compiler): only ours")
        graphs = Graphs(bench, work, expected)
        print("seconds: least on the wall, least of processors; ratio: the prototype's processor time over ours\n"
              "aim: on two threads, or on one where ours has but one; 'by proc.': missed on the wall, but with less\n"
              "processor time than the aim has\n"
              "row            thr     wall     proc  pr.wall  pr.proc    ratio              aim  MB peak  answer")
        for row in rows:
            name = row["row"]
            for threads in (1, 2) if row["threaded"] else (1,):
                ours, theirs = Least(), Least() if prototypes and name in PROTOTYPES else None
                for _ in range(rounds):
                    run_ours(ours, graphs, name, threads)
                    if theirs:
                        run_prototype(theirs, graphs, name, threads)
                if theirs:
                    check_answers(name, ours, theirs)
                print_row(name, threads, threads == 2 or not row["threaded"], ours, theirs, check_expected(name, ours.answer, expected))
            if name in ("clear-cp6", "clear-cq6"):
                graphs.forget(PROTOTYPES[name][0])
        if graphs.same:
            print(f"graphs made from their seeds, byte for byte the reference's: {', '.join(graphs.same)}")


main()
