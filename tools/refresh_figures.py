#!/usr/bin/env python3
"""Reruns what the documents tell of the AI book, and writes its tables anew.

    python3 tools/refresh_figures.py build/perpetuum           all of it (some minutes)
    python3 tools/refresh_figures.py build/perpetuum switches  only blocks whose name begins so
    python3 tools/refresh_figures.py build/perpetuum --check   changes nothing; exit 1 and a line for each block that is not what a run gives

A block stands in a document between <!-- figures: NAME --> and <!-- end figures -->; what is between is a command's answer and nobody's
prose. The same book, models and program give the same bytes, whatever the machine: no day and no commit is written.
"""
import csv
import functools
import io
import json
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- figures: ([\w -]+) -->\n)(.*?)(<!-- end figures -->)", re.S)
DATES = ("2025-12-31", "2026-07-31")
LABS = ("openai", "anthropic", "xai")
FOUR = ("microsoft", "amazon", "alphabet", "meta")
PATHS = 2000

# Facts of the page: what, what a source says, series, step, times
FACTS = [
    ("Microsoft, capex 2025-Q4", "29.9 (2026-01-28)", "microsoft.bought", "2025-Q4", 1),
    ("Amazon, 2025-Q4", "39.5: 131.8 in 2025 less nine months (2026-02-05)", "amazon.bought", "2025-Q4", 1),
    ("Alphabet, 2025-Q4", "27.9: 91.4 less nine months (2026-02-04)", "alphabet.bought", "2025-Q4", 1),
    ("Meta, 2025-Q4", "22.1: 72.2 less nine months (2026-01-28)", "meta.bought", "2025-Q4", 1),
    ("Microsoft, capex 2026", "105 to 190 (P140)", "microsoft.capex_year", "2026-Q4", 1),
    ("Amazon", "200 (P135)", "amazon.capex_year", "2026-Q4", 1),
    ("Alphabet", "175 to 185 (P137)", "alphabet.capex_year", "2026-Q4", 1),
    ("Meta", "115 to 135 (P139)", "meta.capex_year", "2026-Q4", 1),
    ("Oracle", "50 to 55.7, fiscal to May (P141)", "oracle.capex_year", "2026-Q4", 1),
    ("CoreWeave", "31 to 35 (P142)", "coreweave.capex_year", "2026-Q4", 1),
    ("Nebius", "16 to 20 (2026-02-12)", "nebius.capex_year", "2026-Q4", 1),
    ("NVIDIA, revenue 2025-Q4", "68.1, to 2026-01-25", "nvidia.revenue", "2025-Q4", 1),
    ("NVIDIA, revenue 2026", "81.6 and 96.2 in its first two quarters", "nvidia.revenue", "2026-Q4", 1),
    ("OpenAI, revenue 2025-Q4", "13.07 in 2025, 4.3 in its first half", "openai.revenue", "2025-Q4", 1),
    ("OpenAI, rate at the end of 2025", "20 a year, over (2026-01-18)", "openai.annual_rate", "2025-Q4", 4),
    ("OpenAI, revenue 2026", "5.7 in Q1; 25 a year in 2026-02", "openai.revenue", "2026-Q4", 1),
    ("Anthropic, revenue 2025-Q4", "4.5 in 2025; 9 a year at its end", "anthropic.revenue", "2025-Q4", 1),
    ("Anthropic, revenue 2026", "4.8 in Q1, 10.9 projected for Q2", "anthropic.revenue", "2026-Q4", 1),
    ("CoreWeave, revenue 2025-Q4", "1.57: 5.13 less nine months", "coreweave.revenue", "2025-Q4", 1),
    ("CoreWeave, revenue 2026", "12 to 13 planned (2026-02-26); 2.08 in Q1", "coreweave.revenue", "2026-Q4", 1),
    ("Oracle, revenue 2026", "17.2 and 19.2 in the quarters to February and May", "oracle.revenue", "2026-Q4", 1),
    ("OpenAI, new shares 2026", "110 announced in 2026-02, in tranches", "openai.raised_year", "2026-Q4", 1),
    ("Anthropic, new shares 2026", "65 at 2026-05, 15 pledged 2025-11", "anthropic.raised_year", "2026-Q4", 1),
    ("xAI, new shares 2026", "20 in 2026-01", "xai.raised_year", "2026-Q4", 1),
]
SWITCHES = [
    ("nothing", []),
    ("`reflexivity = 0`", ["reflexivity = 0"]),
    ("`guarantees = 0 %`", ["guarantees = 0 %"]),
    ("`power_limit = 0 %`", ["power_limit = 0 %"]),
    ("`gives_back = 0 %` for labs", [f"entity.{lab}.gives_back = 0 %" for lab in LABS]),
    ("`cut_training = 0 %` for labs", [f"entity.{lab}.cut_training = 0 %" for lab in LABS]),
    ("`pace_spread = 0 %/year` for labs", [f"entity.{lab}.pace_spread = 0 %/year" for lab in LABS]),
    ("`crossing = 0 %`", ["crossing = 0 %"]),
    ("`credit_part = 100 %`: one pool of debt", ["credit_part = 100 %"]),
    ("`contest = 0 %/year` for hyperscalers", [f"entity.{firm}.contest = 0 %/year" for firm in FOUR]),
    ("`leaks = 0 %`", ["leaks = 0 %"]),
    ("`impairment = 0 %`", ["impairment = 0 %"]),
    ("CoreWeave's `gw_under_way = 0 GW`", ["entity.coreweave.gw_under_way = 0 GW"]),
]
# Quantities of the scenarios' pages: word, ending, firms
MOVED = [
    ("sales", "revenue", "openai anthropic xai oracle coreweave microsoft amazon alphabet meta nvidia amd broadcom tsmc".split()),
    ("investment", "bought", "oracle coreweave microsoft amazon alphabet meta".split()),
    ("new shares", "raised", "openai anthropic xai oracle coreweave".split()),
    ("value", "value", "openai anthropic xai oracle coreweave nvidia amd".split()),
]
NAMES = {
    "openai": "OpenAI", "anthropic": "Anthropic", "xai": "xAI", "oracle": "Oracle", "coreweave": "CoreWeave", "microsoft": "Microsoft",
    "amazon": "Amazon", "alphabet": "Alphabet", "meta": "Meta", "nvidia": "NVIDIA", "amd": "AMD", "broadcom": "Broadcom", "tsmc": "TSMC",
    "softbank": "SoftBank", "nebius": "Nebius", "lambda": "Lambda", "nscale": "Nscale", "crusoe": "Crusoe", "blue_owl": "Blue Owl",
    "xai_vehicle": "xAI's vehicle", "abilene": "Abilene's owners", "vantage_sites": "Vantage's sites", "new_mexico_site": "New Mexico's site",
    "michigan_site": "Michigan's site", "intel": "Intel", "hyperion": "Meta's vehicle", "nvidia_programme": "NVIDIA's start-ups",
}


@functools.cache
def asked(*words):
    """The answer of perpetuum to these words, by standard output. Exit 0 or 1, else it is a fault of this script."""
    done = subprocess.run([program, *words], cwd=root, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"perpetuum {' '.join(words)}\n{done.stderr}")
    return done.stdout


@functools.cache
def paths(*words):
    return json.loads(asked("run", "books/ai", *words, "--json"))


@functools.cache
def central(date):
    rows = list(csv.reader(io.StringIO(asked("run", "books/ai", "--as-of", date, "--csv", "-"))))
    return {name: {row[0]: float(row[at]) for row in rows[1:]} for at, name in enumerate(rows[0]) if at}


def told(value):
    """Three digits, as a reader would say them: 8.76, 43.6, 136, 3,101."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    text = f"{value:.{1 if abs(value) >= 9.995 else 2}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def share(part, digits=1):
    return f"{100 * part:.{digits}f} %" if part else "0"


def rows_of(head, rows, ends=""):
    numbers = {n for n, end in enumerate(ends) if end == "r"}
    rule = ["---:" if n in numbers else "---" for n in range(len(head))]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, rule, *rows])


def facts():
    names = ",".join(sorted({series for _, _, series, _, _ in FACTS}))
    runs = {date: paths("--paths", "10000", "--as-of", date, "--series", names, "--quantiles", "10,50,90") for date in DATES}
    rows = []
    for what, says, series, step, times in FACTS:
        row = [what, says]
        for date in DATES:
            at = runs[date]["steps"].index(step)
            low, _, high = [times * cut["value"][at] / 1e9 for cut in runs[date]["series"][series]["quantiles"]]
            one = central(date)[series]
            flows = series.endswith(".revenue")
            middle = sum(one[s] for s in one if s[:4] == step[:4]) if flows else times * one[step]
            row += [told(middle / 1e9), f"{told(low)} to {told(high)}"]
        rows.append(row)
    four = [sum(central(date)[f"{firm}.capex_year"]["2026-Q4"] for firm in FOUR) / 1e9 for date in DATES]
    oracle = [central(date)["oracle.capex_year"]["2026-Q4"] / 1e9 for date in DATES]
    return rows_of(["fact", "source says", "central, " + DATES[0], "10 to 90 %", "central, " + DATES[1], "10 to 90 %"], rows) + (
        f"\nFour hyperscalers together in 2026, central: {told(four[0])} as of the end of 2025, {told(four[1])} as of July 2026; with Oracle {told(four[0] + oracle[0])} and "
        f"{told(four[1] + oracle[1])}.\n")


def failures(run):
    return {one["firm"]: one["probability"]["value"] for one in run["defaults"]}


def fails():
    names = ",".join(sorted({series for _, _, series, _, _ in FACTS}))
    then, now = [failures(paths("--paths", "10000", "--as-of", date, "--series", names, "--quantiles", "10,50,90")) for date in DATES]
    rows = [[NAMES.get(firm, firm), share(then.get(firm, 0)), share(now[firm])] for firm in sorted(now, key=lambda one: -now[one])
            if max(now[firm], then.get(firm, 0)) >= 0.001]
    return rows_of(["", "as of " + DATES[0], "as of " + DATES[1]], rows, "lrr")


def switches():
    series = [f"{firm}.bought" for firm in FOUR]
    wanted = ",".join(["ai_sales", "raised_shares", "sentiment", *series])
    rows = []
    for off, settings in SWITCHES:
        words = [word for one in settings for word in ("--set", one)]
        run = paths("--paths", "500", "--quarters", "--series", wanted, *words)
        failed = failures(run)
        steps, mean = run["steps"], lambda name: run["series"][name]["mean"]
        at = steps.index("2030-Q4")
        built = sum(value for name in series for step, value in zip(steps, mean(name)) if step.startswith("2030"))
        rows.append([off, str(round(500 * sum(failed[lab] for lab in LABS))), str(round(500 * sum(failed.values()))),
                     f"{run['series']['sentiment']['deviation'][at]:.3f}", told(4 * mean("ai_sales")[at] / 1e9),
                     told(sum(mean("raised_shares")) / 1e9), told(built / 1e9)])
    return rows_of(["off", "labs that fail, of 1,500", "all firms", "mood at the end of 2030, spread", "AI sales then, B a year", "shares raised to 2035, B",
                    "four build in 2030, B"], rows, "lrrrrrr")


def moved_series():
    return {f"{firm}.{end}": (word, NAMES[firm]) for word, end, firms in MOVED for firm in firms}


def scenario_run(name):
    extra = [] if name == "central" else ["--scenario", name]
    return paths("--paths", str(PATHS), "--quarters", "--series", ",".join(moved_series()), *extra)


def five_years(run, series):
    return sum(value for step, value in zip(run["steps"], run["series"][series]["mean"]) if "2026" <= step[:4] <= "2030") / 1e9


def default_moves(name):
    """Firms by how far the scenario moves their defaults: (firm, without, with, median step)."""
    before, after = failures(scenario_run("central")), scenario_run(name)
    rows = [(one["firm"], before[one["firm"]], one["probability"]["value"], one["median_step"]) for one in after["defaults"]]
    return sorted([row for row in rows if abs(row[2] - row[1]) >= 0.005], key=lambda row: -abs(row[2] - row[1]))


def scenario(name):
    base, run = scenario_run("central"), scenario_run(name)
    if name == "central":
        rows = []
        for firm in MOVED[0][2]:
            sums = [told(five_years(run, f"{firm}.{end}")) if firm in firms else "" for _, end, firms in MOVED[:3]]
            rows.append([NAMES[firm], *sums])
        failing = [f"{NAMES.get(one['firm'], one['firm'])} {share(one['probability']['value'])}" for one in
                   sorted(run["defaults"], key=lambda one: -one["probability"]["value"]) if one["probability"]["value"] >= 0.005]
        return (f"Means over {PATHS:,} paths; sales, investment and new shares in 2026 to 2030 together, B USD:\n\n"
                + rows_of(["firm", "sales", "investment", "new shares, not in a deal"], rows, "lrrr")
                + f"\nWho defaults by the end of 2035, of {PATHS:,} paths: {', '.join(failing)}.\n"
                + f"\n    perpetuum run books/ai --paths {PATHS}\n")
    first = []
    for series, (word, firm) in moved_series().items():
        for at, step in enumerate(run["steps"]):
            was, now = base["series"][series]["mean"][at], run["series"][series]["mean"][at]
            if step >= "2026" and was > 2e8 and abs(now - was) > 0.02 * was:
                first.append((step, f"{firm}'s {word}", now / was - 1))
                break
    first.sort(key=lambda one: (one[0], -abs(one[2])))
    rows = []
    for series, (word, firm) in moved_series().items():
        if word == "value":
            continue
        was, now = five_years(base, series), five_years(run, series)
        if abs(now - was) > max(1, 0.01 * abs(was)):
            rows.append((now - was, [f"{word} of {firm}", f"{'+' if now > was else ''}{told(now - was)}", told(was)]))
    rows.sort(key=lambda row: -abs(row[0]))
    moves = default_moves(name)
    costs = rows_of(["", "more or less", "without"], [row for _, row in rows], "lrr") if rows else "Nothing.\n"
    return ("**First.** Means move by more than 2 % in this order: "
            + ("; ".join(f"{what} in {step} ({by:+.0%})".replace("%)", " %)") for step, what, by in first[:6]) or "none")
            + f".\n\n**Costs.** Means of {PATHS:,} pairs of paths (the same draws with and without), 2026 to 2030 together, B USD; only what moves by more than 1 % and 1 B:\n\n" + costs
            + "\nDefaults by the end of 2035, of the paths without and with it: "
            + (", ".join(f"{NAMES.get(firm, firm)} {share(was)} and {share(now)}" + (f" (half of them by {step})" if now > was and step else "")
                         for firm, was, now, step in moves) or "none moves by half a point")
            + f".\n\n    perpetuum run books/ai --scenario {name} --paths {PATHS} --paired\n")


def scenarios():
    """The table of all of them: with a page first, as the pages are named."""
    text = (root / "books/ai/scenarios.toml").read_text()
    says = dict(re.findall(r"^\[scenario\.([\w-]+)\]\n(?:.*\n)*?says *= *\"([^\"]*)\"", text, re.M))
    pages = [path.stem for path in sorted((root / "docs/scenarios").glob("*.md")) if path.stem != "README"]
    rows = []
    for name in [page for page in pages if page != "central"] + ["central"] + [one for one in says if one not in pages]:
        if name not in pages:
            moved = "no page"
        elif name == "central":
            moved = "-"
        else:
            moved = ", ".join(f"{NAMES.get(firm, firm)} {share(was)} to {share(now)}" for firm, was, now, _ in default_moves(name)[:2])
        rows.append([f"[{name}]({name}.md)" if name in pages else name, says.get(name, ""), moved or "none by half a point"])
    return rows_of(["scenario", "says", "defaults that it moves most"], rows) + (
        f"\nShares of {PATHS:,} paths on which the firm defaults by the end of 2035, without and with the scenario.\n")


def backtest():
    text = asked("backtest", "books/ai", "--as-of", DATES[0], "--paths", "2000")
    kept, on = [], False
    for line in text.splitlines():
        on = on or bool(re.match(r"\d+ figures of", line))
        on = on and bool(line.strip())
        if on:
            kept.append(line)
    return "```\n" + "\n".join(kept) + "\n```\n"


def telecom():
    text = asked("backtest", "books/telecom-2000", "--outcomes", "books/telecom-2000/outcomes.tsv", "--paths", "10000")
    return "```\n" + text[text.index("\nAUC ") + 1:].rstrip() + "\n```\n"


def sensitivity():
    text = asked("study", "sensitivity", "books/ai", "--of", "default openai", "--rows", "1024")
    return "```\n" + text[text.index("default openai"):].rstrip() + "\n```\n"


def stress():
    run = json.loads(asked("stress", "books/ai", "--scenario", "funding-stops", "--json"))
    failed = {one["firm"]: one for one in run["failures"]}
    said = [f"{NAMES[firm]} fails on {100 * failed[firm]['probability']:.0f} % of them instead of {100 * failed[firm]['without'] / run['paths']:.0f} %"
            + f" (half of those by {run['steps'][failed[firm]['median_step'] - 1]})" for firm in ("xai", "openai", "anthropic")]
    further = run["further_failure"]["paths"] / run["paths"]
    lost, whole = run["loss"]["firms"]["nvidia"], run["loss"]["sum"]["loss_usd"]
    parts = [f"{told(part['mean'] / 1e9)} through {name}" for name, part in sorted(lost["channels"].items(), key=lambda one: -abs(one[1]["mean"])) if abs(part["mean"]) > 1e9]
    return (f"On {run['paths']:,} paths (without `--paths`) {', '.join(said)}; on {100 * further:.0f} % a firm fails "
            f"that was not hit and would not have failed.\nNVIDIA loses {told(lost['loss_usd']['mean'] / 1e9)} billion of income to 2035 (± {told(lost['loss_usd']['standard_error'] / 1e9)}, one standard error): "
            f"{', '.join(parts)}; {told(lost['first_round']['mean'] / 1e9)} of it in the first round.\nAll firms of the book together {'lose' if whole['mean'] > 0 else 'gain'} {told(abs(whole['mean']) / 1e9)} billion "
            f"(± {told(whole['standard_error'] / 1e9)}).\n")


RECOVERY_PATHS = 48


def recovery():
    """Of each vendor's loan: paths on which its borrower fails, and what is paid after that, by the end of 2003, of what was owed then."""
    text = (root / "books/telecom-2000/vendors.toml").read_text()
    loans = re.findall(r"^\[deal\.((?:lucent|nortel|cisco)-[\w-]+)\].*?\n(?:[^\[].*\n)*?borrower = \"([\w-]+)\"", text, re.M)
    loans = [(deal, firm) for deal, firm in loans if firm not in ("lucent", "nortel", "cisco")]
    owed, paid, count = {}, {}, {}
    for path in range(1, RECOVERY_PATHS + 1):
        words = ("run", "books/telecom-2000", "--path", str(path), "--steps", "12")
        failed = {one["firm"].replace("_", "-"): one["step"] for one in json.loads(asked(*words, "--json"))["defaults"]}
        rows = list(csv.reader(io.StringIO(asked(*words, "--csv", "-"))))
        columns = {name: at for at, name in enumerate(rows[0])}
        for deal, firm in loans:
            if firm not in failed or f"{deal}.repaid" not in columns:
                continue
            after = [row for row in rows[1:] if row[0] > failed[firm]]
            claim = float(after[0][columns[f"{deal}.instalment"]]) if after else 0
            if claim > 1e6:
                count[deal] = count.get(deal, 0) + 1
                owed[deal] = owed.get(deal, 0) + claim
                paid[deal] = paid.get(deal, 0) + sum(float(row[columns[f"{deal}.repaid"]]) for row in after)
    rows = [[f"{deal}", str(count[deal]), told(owed[deal] / count[deal] / 1e6), f"{100 * paid[deal] / owed[deal]:.0f} %"] for deal, _ in loans if deal in count]
    whole = sum(paid.values()) / sum(owed.values())
    nortel = [deal for deal in owed if deal.startswith("nortel")]
    theirs = sum(paid[deal] for deal in nortel) / sum(owed[deal] for deal in nortel)
    return (rows_of(["loan", f"failures on {RECOVERY_PATHS} paths", "owed then, M USD, mean", "paid after that"], rows, "lrrr")
            + f"\nAll together {100 * whole:.0f} %; Nortel's {100 * theirs:.0f} %, where Nortel itself expected 26 %.\n")


def standing():
    """Dollars by how they are known, with the last column as it stands in the document."""
    text = asked("check", "books/ai")
    found = re.findall(r"^  (filed|announced|reported|estimated|derived|assumed) +(\d+) +([\d.]+ [BT])", text, re.M)
    usd = {name: float(amount[:-2]) * (1000 if amount[-1] == "T" else 1) for name, _, amount in found}
    whole = sum(usd.values())
    kept = dict(re.findall(r"^\| (\w+) \|.*\| ([^|]*) \|$", (root / "docs/handbook/ai-book.md").read_text(), re.M))
    rows = [[name, count, amount, f"{100 * usd[name] / whole:.0f} %" if usd[name] / whole >= 0.005 else "<1 %", kept.get(name, "")] for name, count, amount in found]
    return rows_of(["standing", "figures", "USD promised", "share", "mostly"], rows)


MAKERS = {"facts": facts, "fails": fails, "switches": switches, "scenarios": scenarios, "backtest": backtest, "telecom": telecom, "standing": standing,
          "sensitivity": sensitivity, "stress": stress, "recovery": recovery}


def made(name):
    if name.startswith("scenario "):
        return scenario(name.split(" ", 1)[1])
    if name not in MAKERS:
        sys.exit(f"no block is called '{name}'; there are scenario NAME, {', '.join(sorted(MAKERS))}")
    return MAKERS[name]()


def main():
    global program
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if not words:
        sys.exit(__doc__)
    program, names, checking = str(pathlib.Path(words[0]).resolve()), words[1:], "--check" in sys.argv
    stale = blocks = 0
    for path in sorted((root / "docs").rglob("*.md")):
        text = path.read_text()

        def anew(found):
            nonlocal stale, blocks
            if names and not any(found[2].startswith(name) for name in names):
                return found[0]
            fresh = made(found[2])
            blocks += 1
            if fresh != found[3]:
                stale += 1
                print(f"{path.relative_to(root)}: {found[2]}: {'is not what a run gives' if checking else 'written anew'}", flush=True)
            return found[1] + fresh + found[4]

        changed = BLOCK.sub(anew, text)
        if not checking and changed != text:
            path.write_text(changed)
    print(f"{blocks} blocks, {stale} {'stale' if checking else 'changed'}")
    sys.exit(1 if checking and stale else 0 if blocks else 2)


if __name__ == "__main__":
    main()
