#!/usr/bin/env python3
"""The report's page in a browser: every part is drawn, every switch can be pressed, no script fails.

    python3 tests/page/run.py build/perpetuum [FOLDER]

Makes reports of a tutorial book, a textbook model and the AI book with all that a page can hold, opens each in headless
Chromium on a screen's width and a phone's, opens every fold, presses every button and switch, follows links and reads
the page after each: no error of a script, no "undefined", "NaN", "[object Object]", number like "1.9e+2" or "−0", no text wider than
the page, no name in the ring over another or over a firm, no name cut short in a table, no first column that scrolls away, and on the
first screen no figure that is called by its identifier. The gauges say what the command prints, the list of assumed figures is as long as the sum
that check prints, each warning has its place, a panel draws no firm of which the run has nothing. With
FOLDER the pages are kept. Where no Chromium is (Debian: chromium) the reports are made, nobody opens them, and it says
"skipped": a browser is too large to be asked of everybody.
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
WIDTHS = (1280, 390)
GAUGES = ["gauges", "books/ai", "--paths", "16", "--steps", "9"]
# The page's own data come packed; what is asked for here is what a reader sees.
PROBE = """
<script>
const faults = [];
addEventListener("error", event => faults.push("script: " + event.message + " at line " + event.lineno));
addEventListener("unhandledrejection", event => faults.push("script: " + event.reason));
navigator.clipboard && (navigator.clipboard.writeText = () => Promise.resolve());
</script>
"""
PRESS = """
<script>
function look(when) {
    const text = document.body.innerText;
    for (const wrong of ["[object ", "undefined", "NaN", "Infinity", /\\d(\\.\\d+)?e[+-]\\d/, /(^|[^\\d.,])[-−]0(?![\\d.,])/m]) {
        const at = wrong instanceof RegExp ? text.search(wrong) : text.indexOf(wrong);
        if (at >= 0) faults.push(when + ": reads '" + text.slice(Math.max(0, at - 60), at + 40).replace(/\\s+/g, " ") + "'");
    }
    for (const shape of document.querySelectorAll("svg *"))
        for (const { name, value } of shape.attributes)
            if (/NaN|undefined|Infinity/.test(value)) faults.push(when + ": a drawing has " + name + "=" + value);
    const box = shape => { const { left, right, top, bottom } = shape.getBoundingClientRect(); return { left, right, top, bottom, shape }; };
    for (const ring of document.querySelectorAll(".ring svg")) {
        const words = [...ring.querySelectorAll("text")].map(box), firms = [...ring.querySelectorAll("circle")].map(box);
        const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
        words.forEach((one, i) => [...words.slice(i + 1), ...firms].forEach(other => {
            if (over(one, other)) faults.push(when + ": in the ring '" + one.shape.textContent + "' lies over '" + (other.shape.textContent || "the mark of " + other.shape.parentNode.textContent) + "'");
        }));
    }
    for (const cell of document.querySelectorAll("table th, table td"))
        if (/[^ ]…( →|$)/.test(cell.innerText) && !cell.closest(".warnings, #articles")) faults.push(when + ": a table cuts '" + cell.innerText + "'");
    for (const table of document.querySelectorAll(".tablebox")) {
        const first = table.querySelector("tbody th");
        if (!first || table.scrollWidth < table.clientWidth + 20 || !table.clientWidth) continue;
        table.scrollLeft = 1e6;
        const away = table.getBoundingClientRect().left - first.getBoundingClientRect().left;
        if (away > 2) faults.push(when + ": the first column scrolls away, '" + first.innerText + "'");
        if (first.getBoundingClientRect().width > 0.6 * table.clientWidth) faults.push(when + ": the first column leaves no room, '" + first.innerText + "'");
        table.scrollLeft = 0;
    }
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth + 1) faults.push(when + ": the page is " + wide + " wide on a screen of " + innerWidth);
}
addEventListener("load", () => setTimeout(() => {
    look("at first");
    const hangs = document.getElementById("hangs");
    if (hangs && /\\b[a-z]\\w*[._][a-z]\\w*/.test(hangs.innerText)) faults.push("the first screen names a figure by its identifier: " + hangs.innerText);
    let pressed = 0;
    const open = () => document.querySelectorAll("details").forEach(fold => (fold.open = true));
    open();
    look("all folds open");
    for (const button of [...document.querySelectorAll("button")].filter(one => !/^(copy|SVG|PNG)/.test(one.innerText))) button.click();
    look("all buttons pressed");
    // What a reader can choose stands in the address: every switch, and of the many links to firms, loops and deals each tenth.
    const addresses = of => [...new Set([...document.querySelectorAll(of)].map(one => one.getAttribute("href")))];
    const switches = addresses(".switch a[href^='#']"), links = addresses("a[href^='#']").filter(one => !switches.includes(one));
    for (const address of [...switches, ...links.filter((_, i) => i % Math.ceil(links.length / 30) === 0)]) {
        if (faults.length) break;
        location.hash = address;
        dispatchEvent(new Event("hashchange"));
        open();
        look("at " + address);
        ++pressed;
    }
    const found = document.createElement("pre");
    found.id = "findings";
    found.textContent = JSON.stringify({ faults: faults.slice(0, 5), pressed,
        gauges: [...document.querySelectorAll("#gauges table")].map(table => [table.caption.firstChild.textContent, [...table.querySelectorAll("tbody tr")].map(row => [...row.cells].map(cell => cell.innerText))]),
        panels: [...document.querySelectorAll("#time .multiples .ends:last-child span")].map(one => one.innerText),
        assumptions: (document.getElementById("assumptions") || {}).innerText || "",
        headings: [...document.querySelectorAll("h1, h2")].map(one => one.innerText), drawings: document.querySelectorAll("svg").length });
    document.body.append(found);
}, 200));
</script>
"""


def browser():
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def written(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, cwd=root, timeout=600)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def reports(program, folder):
    """Each page with the headings that must stand on it."""
    studies = {
        "drivers": ["study", "sensitivity", "books/ai", "--of", "default openai", "--rows", "64", "--screen", "0", "--steps", "9"],
        "gauges": GAUGES,
    }
    chosen = []
    for name, arguments in studies.items():
        (folder / f"{name}.json").write_text(written(program, *arguments, "--json"))
        chosen += ["--with", folder / f"{name}.json"]
    pages = {
        # As ./go demo makes it: the stress is the report's own.
        "ai": (["books/ai", "--paths", "48", *chosen],
               ["Where the revenue comes from", "Who defaults", "If it stops", "What the answer hangs on", "Gauges", "What the articles say"]),
        "chance": (["books/tutorial/08-chance", "--paths", "64"], ["Where the revenue comes from"]),
        "loop": (["books/tutorial/01-loop-of-two"], ["Where the revenue comes from"]),
        "model": (["books/godley-lavoie/sim.model", "--set", "Gd = 25 from 60", "--steps", "90"], []),
    }
    for name, (arguments, headings) in pages.items():
        written(program, "report", *arguments, "--out", folder / f"{name}.html")
        yield folder / f"{name}.html", headings


def findings(chromium, page, width):
    text = page.read_text()
    probed = page.with_name(f"{page.stem}-{width}.html")
    head = text.index("<head>") + len("<head>")
    probed.write_text(text[:head] + PROBE + text[head:].replace("</html>", "") + PRESS + "</html>")
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={page.parent}/browser", f"--window-size={width},900",
         "--virtual-time-budget=60000", "--dump-dom", probed.as_uri()], capture_output=True, text=True, timeout=300)
    said = re.search(r'<pre id="findings">(.*?)</pre>', done.stdout, re.S)
    if not said:
        return {"faults": ["the page never came to its end"], "headings": [], "pressed": 0, "drawings": 0, "gauges": [], "panels": [], "assumptions": ""}
    return json.loads(html.unescape(said.group(1)))


def gauges_printed(program):
    """Of each gauge its rows, as the command prints them: {title: {firm: [cells]}}."""
    rows, title = {}, None
    for text in written(program, *GAUGES).splitlines():
        if not text.startswith(" "):
            title = text.split(": ")[0]
        elif title and "(" in text:
            firm, *cells = re.split(r"  +", text.strip())
            rows.setdefault(title, {})[firm] = cells
    return rows


def gauges_apart(found, printed):
    """Where the page's tables of gauges say another number than the command does."""
    plain = lambda text: text.replace("−", "-").replace(" quarters", "").replace(" quarter", "")
    seen = 0
    for caption, rows in found["gauges"]:
        for firm, *cells in rows:
            shown = printed.get(caption.split(", middle")[0], {}).get(firm)
            if not shown or any(re.search(r"[0-9] [BMT]\b", cell) for cell in cells):
                continue  # a pair, or dollars: these are billions throughout on the page
            seen += 1
            for cell, other in zip(cells[:-2], shown):  # without colour and since
                if plain(cell) != other:
                    yield f"gauges: {caption}: {firm}: '{cell}', and the command '{other}'"
    if not seen:
        yield "gauges: no row of the page is one of the command's"


def data_faults(program):
    """What the data of the AI book's page must agree with."""
    data = json.loads(written(program, "report", "books/ai", "--paths", "0", "--format", "json"))
    assumed = sum(row["figures"] for row in data["standings"] if row["standing"] == "assumed")
    if len(data["assumed"]) != assumed:
        yield f"{len(data['assumed'])} assumed figures are listed, {assumed} counted"
    if not any(source["date"] == "2025-12" for source in data["sources"]):
        yield "no source has the month for which the book dates it"
    for warning in data["warnings"]:
        if not re.search(r"\.(toml|model):\d+$", warning["place"] or "") or not warning["written"]:
            yield f"a warning without its place: {warning}"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    chromium = browser()
    bad, printed = 0, None
    for fault in data_faults(program):
        print("data: " + fault)
        bad += 1
    with tempfile.TemporaryDirectory(prefix="perpetuum-page-") as scratch:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for page, headings in reports(program, folder):
            if not chromium:
                print(f"{page.stem}: {page.stat().st_size} bytes; skipped: no chromium to open it with")
                continue
            for width in WIDTHS:
                found = findings(chromium, page, width)
                faults = found["faults"]
                faults += [f"no heading '{one}'" for one in headings if not any(one in said for said in found["headings"])]
                if page.stem == "ai":
                    printed = printed or gauges_printed(program)
                    faults += list(gauges_apart(found, printed))[:5]
                    faults += [f"a panel of nothing: {said}" for said in found["panels"] if re.search(r"\b0 B → 0 B", said)]
                    faults += [] if re.search(r"\.toml:\d+", found["assumptions"]) else ["warnings without their places"]
                print(f"{page.stem} {width} wide: {found['drawings']} drawings, {found['pressed']} addresses opened, {len(faults)} faults")
                for fault in faults:
                    print("    " + fault)
                bad += len(faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
