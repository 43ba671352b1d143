// Many paths: the range of a firm's money by year as a fan. Chance has colours of its own (greens), which no reading, bound
// or kind of payment has.

const ensemble = data.paths && Array.isArray(data.paths.years) && data.paths.firms ? data.paths : null;
const fanColours = { wide: "#d3ebe2", narrow: "#93cdb8", median: "#00674c", central: "#1d1d1b" };
const fanOrder = ["cash", "revenue", "profit", "borrowings", "debt"];
const pathsCounted = ensemble ? (ensemble.paths || 0) - (ensemble.left_out || 0) : 0;
const inPaths = n => n.toLocaleString("en-GB") + " of " + counted(pathsCounted, "path");
const quantityWord = of => of.replace(/_/g, " ");
const quantitiesOf = id =>
    Object.keys((ensemble.firms || {})[id] || {})
        .filter(of => Array.isArray(ensemble.firms[id][of].quantiles))
        .sort((a, b) => (fanOrder.indexOf(a) >>> 0) - (fanOrder.indexOf(b) >>> 0));

/** Which firm and quantity are shown: as asked, else the spender of the second sentence, else the first firm; cash first. */
function fanAsked(state) {
    const firms = Object.keys(ensemble.firms).filter(id => quantitiesOf(id).length),
        { seller, spender } = headlineFirms(years[0]);
    const firm = [state.fan, spender, seller, firms[0]].find(id => firms.includes(id)),
        list = firm ? quantitiesOf(firm) : [];
    return { firms, firm, list, of: list.includes(state.of) ? state.of : list[0] };
}
/** The years that a picture can bear: of a flow only whole ones, for a part of a year is no smaller business. */
const yearsDrawn = series =>
    ensemble.years.map((label, i) => i).filter(i => !series.flow || /^\d{4}$/.test(ensemble.years[i]));
const whenText = (series, label) =>
    (series.flow ? "In " : "At the end of ") + (series.flow ? label : label.replace(/-Q4$/, ""));
const untilText = () => String(ensemble.until || "the end").replace(/^(\d{4})-Q4$/, "the end of $1");

/** "At the end of 2035: cash of OpenAI between 1 B and 90 B on 1,800 of 2,000 paths; median 30 B; on the central path 28 B." */
function fanSentence(firm, of) {
    const series = ensemble.firms[firm][of],
        last = ensemble.years.length - 1,
        at = k => roughly(series.quantiles[k][last]);
    const central = series.central[last];
    const range =
        at(0) === at(4)
            ? at(0) + " on nearly all of " + counted(pathsCounted, "path")
            : "between " + at(0) + " and " + at(4) + " on " + inPaths(Math.round(0.9 * pathsCounted)) + "; median " + at(2);
    return (
        whenText(series, ensemble.years[last]) +
        ": " +
        quantityWord(of) +
        " of " +
        nameOf(firm) +
        " " +
        range +
        "; on the central path " +
        (known(central) ? roughly(central) : "not known (it stops before)") +
        "."
    );
}

// ---- axes ---------------------------------------------------------------------------------------------------------------

/** Some four round numbers between two. */
function roundTicks(low, high) {
    const span = high - low || 1,
        power = Math.pow(10, Math.floor(Math.log10(span / 4))),
        step = [1, 2, 5, 10].map(n => n * power).find(n => span / n <= 5),
        ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + span * 1e-9; i++) ticks.push(i * step);
    return ticks;
}
/** Labels of lines' ends, moved apart until each can be read: [{y, …}] with y changed. */
function apart(labels, gap, top, bottom) {
    labels.sort((a, b) => a.y - b.y);
    labels.forEach((one, i) => (one.y = Math.max(one.y, i ? labels[i - 1].y + gap : top)));
    for (let i = labels.length - 1, most = bottom; i >= 0; i--, most -= gap)
        labels[i].y = Math.min(labels[i].y, most);
    return labels;
}
function axes(box, ticks, y, tickText, labels, x) {
    const every = Math.ceil((labels.length * 40) / (box.right - box.left)),
        text = (attributes, words) =>
            drawn("text", { "font-size": 12.5, fill: "#5c5c58", ...attributes }, words);
    return [
        ticks.map(tick => [
            drawn("line", {
                x1: box.left,
                x2: box.right,
                y1: y(tick),
                y2: y(tick),
                stroke: tick === 0 ? "#8a8a85" : "#e4e3de",
            }),
            text({ x: box.left - 6, y: y(tick) + 4, "text-anchor": "end" }, tickText(tick || 0)),
        ]),
        labels.map((label, i) =>
            (labels.length - 1 - i) % every
                ? null
                : text({ x: x(i), y: box.bottom + 18, "text-anchor": "middle" }, label.slice(0, 4)),
        ),
    ];
}
/** The width of a picture's place in the page: text in it is then as large as it says. */
const drawnWidth = frame => Math.max(300, Math.round(frame.clientWidth || 640));
const line = points =>
    points.map(([x, y], i) => (i ? "L" : "M") + x.toFixed(1) + "," + y.toFixed(1)).join("");

// ---- a fan --------------------------------------------------------------------------------------------------------------

/** A quantile at the years drawn; where it is not known the picture has nothing. */
function fanShape(series, x, y) {
    const drawnYears = yearsDrawn(series).filter(i => series.quantiles.every(row => known(row[i])));
    const edge = row => drawnYears.map(i => [x(i), y(row[i])]),
        band = (low, high) => line([...edge(series.quantiles[high]), ...edge(series.quantiles[low]).reverse()]) + "Z";
    const central = yearsDrawn(series)
        .filter(i => known(series.central[i]))
        .map(i => [x(i), y(series.central[i])]);
    return { wide: band(0, 4), narrow: band(1, 3), median: line(edge(series.quantiles[2])), central: line(central) };
}
function fanScale(series) {
    const shown = yearsDrawn(series),
        values = [...series.quantiles, series.central].flatMap(row => shown.map(i => row[i])).filter(known);
    const low = Math.min(0, ...values),
        high = Math.max(0, ...values);
    return { shown, low, high: high > low ? high : low + 1 };
}
function fan(firm, of, width) {
    const series = ensemble.firms[firm][of],
        { shown, low, high } = fanScale(series),
        height = 330,
        box = { left: 52, right: width - 94, top: 12, bottom: height - 28 };
    const place = i => shown.indexOf(i),
        x = i => box.left + 8 + ((box.right - box.left - 8) * place(i)) / Math.max(1, shown.length - 1),
        y = value => box.top + ((box.bottom - box.top) * (high - value)) / (high - low);
    const shape = fanShape(series, x, y),
        last = shown[shown.length - 1];
    const names = ["5 %", "25 %", "median", "75 %", "95 %"],
        flat = series.quantiles[0][last] === series.quantiles[4][last];
    const ends = names
        .map((name, k) => ({ name, k, value: series.quantiles[k][last] }))
        .filter(one => known(one.value) && (!flat || one.k === 2))
        .map(one => ({ ...one, y: y(one.value) + 4 }));
    return drawn(
        "svg",
        {
            viewBox: `0 0 ${width} ${height}`,
            width: "100%",
            role: "img",
            "aria-label": fanSentence(firm, of),
            "font-family": "inherit",
        },
        drawn("path", { d: shape.wide, fill: fanColours.wide }),
        drawn("path", { d: shape.narrow, fill: fanColours.narrow }),
        axes(box, roundTicks(low, high), y, amount, shown.map(i => ensemble.years[i]), k => x(shown[k])),
        drawn("path", { d: shape.median, fill: "none", stroke: fanColours.median, "stroke-width": 2.6 }),
        drawn("path", {
            d: shape.central,
            fill: "none",
            stroke: fanColours.central,
            "stroke-width": 1.3,
            "stroke-dasharray": "5 3",
        }),
        apart(ends, 15, box.top + 6, box.bottom + 4).map(one =>
            drawn(
                "text",
                {
                    x: box.right + 6,
                    y: one.y,
                    "font-size": 12.5,
                    fill: one.k === 2 ? fanColours.median : "#5c5c58",
                    "font-weight": one.k === 2 ? 700 : null,
                },
                one.name + " " + roughly(one.value),
            ),
        ),
    );
}
const fanKey = (word, mark) =>
    element(
        "span",
        {},
        drawn("svg", { width: 26, height: 12, "aria-hidden": "true" }, mark),
        word,
    );
const fanKeys = () =>
    element(
        "div",
        { class: "keys" },
        fanKey("90 of 100 paths", drawn("rect", { width: 26, height: 12, fill: fanColours.wide })),
        fanKey("50 of 100 paths", drawn("rect", { width: 26, height: 12, fill: fanColours.narrow })),
        fanKey(
            "median of the paths",
            drawn("path", { d: "M0 6H26", stroke: fanColours.median, "stroke-width": 2.6 }),
        ),
        fanKey(
            "central path: every draw at its own median",
            drawn("path", {
                d: "M0 6H26",
                stroke: fanColours.central,
                "stroke-width": 1.3,
                "stroke-dasharray": "5 3",
            }),
        ),
    );
function fanTable(firm, of) {
    const series = ensemble.firms[firm][of];
    const column = (head, row) => ({
        head,
        number: true,
        of: i => (known(row[i]) ? roughly(row[i]).replace(/ B$/, "") : "not known"),
        copy: i => (known(row[i]) ? row[i] / 1e9 : ""),
    });
    return table(
        quantityWord(of).replace(/^./, letter => letter.toUpperCase()) +
            " of " +
            nameOf(firm) +
            ", billions of USD; so many of 100 paths lie below",
        [
            { head: series.flow ? "Year" : "End of", of: i => ensemble.years[i] },
            ...["5", "25", "50", "75", "95"].map((head, k) => column(head, series.quantiles[k])),
            column("central path", series.central),
        ],
        ensemble.years.map((label, i) => i),
    );
}
/** A fan without words, for many beside each other; a link to the large one. */
function smallFan(firm, of, link) {
    const series = ensemble.firms[firm][of],
        { shown, low, high } = fanScale(series),
        x = i => (200 * shown.indexOf(i)) / Math.max(1, shown.length - 1),
        y = value => 2 + (66 * (high - value)) / (high - low),
        shape = fanShape(series, x, y),
        stretched = { "vector-effect": "non-scaling-stroke", fill: "none" };
    return element(
        "a",
        { class: "smallfan", href: link({ fan: firm, of, go: "fans" }) },
        element("h3", {}, nameOf(firm)),
        drawn(
            "svg",
            { viewBox: "0 0 200 70", preserveAspectRatio: "none", role: "img", "aria-label": fanSentence(firm, of) },
            drawn("path", { d: shape.wide, fill: fanColours.wide }),
            drawn("path", { d: shape.narrow, fill: fanColours.narrow }),
            drawn("line", { x1: 0, x2: 200, y1: y(0), y2: y(0), stroke: "#bdbcb7", ...stretched }),
            drawn("path", { d: shape.median, stroke: fanColours.median, "stroke-width": 2, ...stretched }),
            drawn("path", { d: shape.central, stroke: fanColours.central, "stroke-dasharray": "5 3", ...stretched }),
        ),
        element(
            "small",
            {},
            "median " +
                roughly(series.quantiles[2][shown[0]]) +
                " → " +
                roughly(series.quantiles[2][shown[shown.length - 1]]),
        ),
    );
}

// ---- the section --------------------------------------------------------------------------------------------------------

const commandLine = () =>
    ensemble.command
        ? [
              "Again, as tables: ",
              element("code", {}, ensemble.command),
              " ",
              copyButton("copy", () => ensemble.command),
          ]
        : null;
function fanChoice({ firms, firm, list, of }, link) {
    const pick = element(
        "select",
        { id: "fan-firm", change: event => (location.hash = link({ fan: event.target.value, of })) },
        firms
            .slice()
            .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
            .map(id => element("option", { value: id, selected: id === firm ? "" : null }, nameOf(id))),
    );
    return element(
        "p",
        {},
        element("label", { class: "switch" }, "Firm ", pick),
        " ",
        element(
            "span",
            { class: "switch" },
            list.map(one =>
                element(
                    "a",
                    { id: "fan-of-" + one, href: link({ fan: firm, of: one }), "aria-current": one === of ? "true" : null },
                    quantityWord(one),
                ),
            ),
        ),
    );
}
function showFans(state, link) {
    if (!ensemble) return put("fans");
    const focus = (document.activeElement || {}).id || "",
        open = byId("fan-all") && byId("fan-all").open;
    const asked = fanAsked(state),
        { firms, firm, of } = asked,
        heading = element("h2", {}, "What may come: ranges over " + counted(pathsCounted, "path"));
    if (!firm) return put("fans", heading, element("p", {}, "Nothing of this book's firms varies."));
    const sentence = fanSentence(firm, of),
        frame = element("div", { class: "graph" });
    let picture;
    const title = nameOf(firm) + ": " + quantityWord(of) + ", billions of USD, " + counted(pathsCounted, "path");
    put(
        "fans",
        heading,
        element(
            "p",
            {},
            "On each path every figure with a spread, every letter's chance and every shock is drawn anew (seed " +
                ensemble.seed +
                "). The bands say, year by year, between what 90 and 50 of 100 paths lie; no single path follows an edge. This is chance within the model, not a range of readings and not a bound.",
            ensemble.left_out > 0
                ? " " + counted(ensemble.left_out, "path") + " could not be computed to the end and left out."
                : null,
            ensemble.books_add_up === false
                ? element("b", { class: "bad" }, " On some paths the books do not add up.")
                : null,
        ),
        fanChoice(asked, link),
        element(
            "div",
            { class: "fan" },
            element(
                "div",
                {},
                element("h3", {}, title),
                frame,
                fanKeys(),
                element(
                    "p",
                    {},
                    sentence,
                    " ",
                    copyButton("copy", () => sentence + " (" + houseRule() + ", seed " + ensemble.seed + ")"),
                    " ",
                    pictureButtons("paths-" + firm + "-" + of, () =>
                        framed(picture, title, [
                            "Bands: between what 90 and 50 of 100 paths lie; solid: median; dashes: central path. Seed " +
                                ensemble.seed +
                                ".",
                            houseRule(),
                        ]),
                    ),
                ),
            ),
            fanTable(firm, of),
        ),
        element("p", { class: "quiet" }, commandLine()),
        element(
            "details",
            { class: "more", id: "fan-all", open: open ? "" : null },
            element("summary", {}, "Every firm: " + quantityWord(of)),
            element(
                "div",
                { class: "multiples" },
                firms.filter(id => quantitiesOf(id).includes(of)).map(id => smallFan(id, of, link)),
            ),
        ),
    );
    frame.append((picture = fan(firm, of, drawnWidth(frame))));
    if (focus.startsWith("fan-") && byId(focus)) byId(focus).focus({ preventScroll: true });
}
