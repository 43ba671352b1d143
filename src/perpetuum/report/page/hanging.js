// What the answer hangs on: the figures that explain most of an output's spread, and two of them together. All of it is what
// `perpetuum study` answers.

const sensitivities = data.studies
    .filter(study => study.kind === "sensitivity")
    .flatMap(study => study.answer.outputs.map(output => ({ ...output, paths: study.answer.paths })));
const grids = data.studies.filter(study => study.kind === "grid").map(study => study.answer);
const assumedFigures = new Map(data.assumed.map(one => [one.where.replace(/^(entity|deal|model)\./, ""), one]));
const outputWords = of =>
    of.replace(/^default (\S+)/, (all, id) => "default of " + nameOf(id)).replace(/^share (\S+) (\S+)/, (all, id, what) => what + " share of " + nameOf(id));

/** Its standing and what is written of it, where the book assumes it. */
const figureOf = name => assumedFigures.get(name) || null;

/** In words, as the commands give them; the identifier stands in the table. */
const figureWords = one => one.label || one.name;

/** A row a figure: its words, which may run over lines, and its two bars; all bars on one scale. */
function tornado(inputs, width) {
    const narrow = width < 700,
        wide = narrow ? width : width - Math.min(448, 0.45 * width) - 16,
        most = Math.max(0.05, ...inputs.map(one => Math.max(one.total.high, one.first.high))),
        x = value => 1 + ((wide - 24) * Math.max(0, value)) / most,
        ticks = roundTicks(0, most);
    const bar = (index, y, high, colour) => [
        drawn("rect", { x: x(0), width: x(index.value) - x(0), y, height: high, fill: colour }),
        drawn("line", { x1: x(index.low), x2: x(index.high), y1: y + high / 2, y2: y + high / 2, stroke: "#1d1d1b" }),
    ];
    const strip = (height, ...shapes) =>
        drawn("svg", { viewBox: `0 0 ${wide} ${height}`, width: wide, height, "font-family": "inherit", "aria-hidden": "true" }, shapes);
    const lines = (y1, y2) => ticks.map(tick => drawn("line", { x1: x(tick), x2: x(tick), y1, y2, stroke: "#e4e3de" }));
    return element(
        "div",
        { class: narrow ? "drivers narrow" : "drivers", role: "img", "aria-label": "Share of the variance that each figure explains, alone and with others; the same numbers stand in the table." },
        inputs.map(one => [
            element("div", { title: one.name }, (figureOf(one.name) ? "▲ " : "") + figureWords(one)),
            strip(26, lines(0, 26), bar(one.total, 4, 7, "#bcd9ee"), bar(one.first, 13, 7, "#0072b2")),
        ]),
        element("div", { class: "corner" }),
        strip(
            20,
            lines(0, 4),
            ticks.map(tick => drawn("text", { x: x(tick), y: 16, "font-size": 12.5, fill: "#5c5c58", "text-anchor": tick === 0 ? "start" : "middle" }, Math.round(100 * tick) + " %")),
        ),
    );
}
const indexWords = index =>
    (100 * index.value).toFixed(0) + " % (" + (100 * index.low).toFixed(0) + " to " + (100 * index.high).toFixed(0) + ")";
const writtenOf = one => (one ? one.text + (one.remark ? ": " + one.remark : "") : "");
const figureCode = one => (figureWords(one) === one.name ? "" : element("code", {}, one.name));
const inputTable = (output, inputs) =>
    table(
        "Shares of the variance of " + outputWords(output.of) + ", with 90 % intervals",
        [
            { head: "Figure", of: figureWords },
            { head: "Alone", number: true, of: one => indexWords(one.first), copy: one => one.first.value },
            { head: "With all others", number: true, of: one => indexWords(one.total), copy: one => one.total.value },
            {
                head: "Direction",
                of: one => (one.random_stream || one.figures > 1 || Math.abs(one.correlation) < 0.02 ? "" : one.correlation > 0 ? "raises it" : "lowers it"),
            },
            { head: "Written in the book", of: one => writtenOf(figureOf(one.name)) },
            { head: "Name", of: figureCode },
        ],
        inputs,
    );
function shownSensitivity(output) {
    const heading = element("h3", {}, "What moves the " + outputWords(output.of) + " (" + (output.mean < 1 ? perCent(output.mean) : output.mean.toPrecision(3)) + " on average)");
    if (!output.inputs)
        return element(
            "div",
            {},
            heading,
            table(
                "Distance between the figure's distribution on paths with it and without",
                [
                    { head: "Figure", of: figureWords },
                    { head: "Distance", number: true, of: one => one.distance.toFixed(3) },
                    { head: "By chance below", number: true, of: one => one.by_chance_below.toFixed(3) },
                    { head: "Name", of: figureCode },
                ],
                (output.distances || []).slice(0, 12),
            ),
        );
    const inputs = [...output.inputs].sort((a, b) => b.total.value - a.total.value),
        random = inputs.find(one => one.random_stream),
        frame = element("div", { class: "graph" }),
        box = element(
            "div",
            {},
            heading,
            random
                ? element(
                      "p",
                      {},
                      "All figures together explain " + Math.round(100 * (1 - random.total.value)) + " % of its variance; the rest hangs on the random stream, alone or with them. ▲: assumed, no source.",
                  )
                : null,
            element("div", { class: "keys" }, element("span", {}, "dark: alone"), element("span", {}, "light: with all others"), element("span", {}, "line: 90 % interval")),
            frame,
            folded("As a table", inputTable(output, inputs)),
        );
    box.draw = () => frame.replaceChildren(tornado(inputs, drawnWidth(frame)));
    return box;
}
function heatTable(grid, output) {
    const values = output.mean.flat(),
        low = Math.min(...values),
        high = Math.max(...values),
        share = value => (high > low ? (value - low) / (high - low) : 0),
        shown = value => (Math.abs(value) <= 1 ? perCent(value) : value.toPrecision(3));
    return element(
        "div",
        { class: "tablebox" },
        element(
            "table",
            { class: "heat" },
            element("caption", {}, outputWords(output.of) + ": across " + figureWords(grid.x) + "; down " + figureWords(grid.y)),
            element("tr", {}, element("th", {}), grid.x.values.map(value => element("th", { class: "n" }, String(+value.toPrecision(4))))),
            output.mean.map((row, y) =>
                element(
                    "tr",
                    {},
                    element("th", { scope: "row", class: "n" }, String(+grid.y.values[y].toPrecision(4))),
                    row.map(value =>
                        element(
                            "td",
                            {
                                class: "n",
                                style: `background:rgba(0,114,178,${(0.05 + 0.75 * share(value)).toFixed(2)});color:${share(value) > 0.6 ? "#fff" : "#1d1d1b"}`,
                            },
                            shown(value),
                        ),
                    ),
                ),
            ),
        ),
    );
}
/** "default of OpenAI hangs most on …": of the first study, the figures by themselves, assumed ones marked. */
function hangingSentence() {
    const output = sensitivities.find(one => Array.isArray(one.inputs));
    if (!output) return "";
    const figures = output.inputs.filter(one => !one.random_stream && one.figures === 1).sort((a, b) => b.total.value - a.total.value),
        named = figures.slice(0, 3).map(one => "“" + figureWords(one) + "” (" + (figureOf(one.name) ? "assumed, " : "") + Math.round(100 * one.total.value) + " %)"),
        assumed = figures.filter(one => figureOf(one.name)).length;
    return (
        "The " +
        outputWords(output.of) +
        " hangs most on " +
        listed(named) +
        " (per cent: of the variance in which it has a part); of the " +
        counted(figures.length, "figure") +
        " that matter most " +
        counted(assumed, "is assumed", "are assumed").replace("no are", "none is") +
        ", without a source."
    );
}
function showHangingSentence(link) {
    const sentence = hangingSentence();
    put(
        "hangs",
        sentence
            ? element("p", {}, sentence, " ", element("a", { href: link({ go: "hanging" }) }, "All of them"), " ", copyButton("copy", () => sentence + " (" + houseRule() + ")"))
            : null,
    );
}
function showHanging() {
    const boxes = sensitivities.map(shownSensitivity),
        firm = toppled.length ? toppled[0].firm : (data.meta.headline || [])[1] || "FIRM";
    put(
        "hanging",
        element("h2", {}, "What the answer hangs on"),
        boxes,
        grids.flatMap(grid => grid.outputs.map(output => heatTable(grid, output))),
        element(
            "p",
            { class: "quiet" },
            boxes.length || grids.length ? "Another output: " : "Not computed for this page. ",
            element("code", {}, 'perpetuum study sensitivity BOOK --of "default ' + firm + '" --json > s.json'),
            ", then ",
            element("code", {}, "perpetuum report BOOK --with s.json --out FILE"),
        ),
    );
    for (const box of boxes) if (box.draw) box.draw();
}
