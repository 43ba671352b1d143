// Who cannot pay, on how many paths, and by when. Always a number of paths with the horizon beside it, never a verdict.

const failing = ensemble && Array.isArray(ensemble.defaults) ? ensemble.defaults : [];
const share = one => (pathsCounted ? one.paths / pathsCounted : 0);
/** A share of the paths to a digit behind the point below ten per cent: "0.9 %", "44 %". */
const perCent = value =>
    known(value) ? (value < 0.0995 ? (100 * value).toFixed(1) : String(Math.round(100 * value))) + " %" : "not known";

function failingSentence() {
    if (!failing.length)
        return "On none of " + counted(pathsCounted, "path") + " does a firm default by " + untilText() + ".";
    const some = pathsCounted - (ensemble.nobody_defaults || 0),
        words = failing
            .slice(0, 3)
            .map((one, i) =>
                i
                    ? nameOf(one.firm) + " (" + one.paths.toLocaleString("en-GB") + ")"
                    : nameOf(one.firm) + " (on " + one.paths.toLocaleString("en-GB") + ", half of them by " + one.half_by + ")",
            );
    const central = (data.run.defaults || []).map(one => nameOf(one.firm));
    return (
        "On " +
        inPaths(some) +
        " at least one firm defaults by " +
        untilText() +
        "; most often " +
        listed(words) +
        ". On the central path: " +
        (central.length ? listed(central) : "none") +
        "."
    );
}
function showOutlook(link) {
    if (!ensemble) return put("outlook");
    const sentence = failingSentence();
    put(
        "outlook",
        element(
            "p",
            {},
            sentence,
            " ",
            element("a", { href: link({ go: "failing" }) }, "By firm and year"),
            " ",
            copyButton("copy", () => sentence + " (" + houseRule() + ", seed " + ensemble.seed + ")"),
        ),
    );
}

const failingLines = [
    ["#00674c", null],
    ["#1d1d1b", "7 3"],
    ["#3b9c7f", null],
    ["#6a6a66", "2 3"],
    ["#00674c", "7 3 2 3"],
    ["#8a8a85", null],
];
function failingPicture(firms, width) {
    const labels = ensemble.years,
        height = 290,
        most = Math.max(...firms.map(share), 0.01),
        letters = width < 420 ? 11 : 17,
        box = { left: 46, right: width - 46 - 7 * letters, top: 12, bottom: height - 28 };
    const x = i => box.left + 8 + ((box.right - box.left - 8) * i) / Math.max(1, labels.length - 1),
        y = value => box.top + ((box.bottom - box.top) * (most - value)) / most;
    const short = name => (name.length > letters ? name.slice(0, letters - 1).trimEnd() + "…" : name);
    const ends = firms.map((one, k) => ({ one, k, y: y(share(one)) + 4 }));
    return drawn(
        "svg",
        {
            viewBox: `0 0 ${width} ${height}`,
            width: "100%",
            role: "img",
            "aria-label":
                "Share of the paths on which a firm has defaulted, by year; at the end " +
                listed(firms.map(one => nameOf(one.firm) + " " + perCent(share(one)))) +
                ".",
            "font-family": "inherit",
        },
        axes(box, roundTicks(0, most), y, value => perCent(value).replace(".0", ""), labels, x),
        firms.map((one, k) =>
            drawn("path", {
                d: line(one.by_year.map((n, i) => [x(i), y(n / pathsCounted)])),
                fill: "none",
                stroke: failingLines[k][0],
                "stroke-width": 2.2,
                "stroke-dasharray": failingLines[k][1],
            }),
        ),
        apart(ends, 15, box.top + 6, box.bottom + 4).map(({ one, k, y: at }) =>
            drawn(
                "text",
                { x: box.right + 6, y: at, "font-size": 12.5, fill: failingLines[k][0] },
                perCent(share(one)) + " " + short(nameOf(one.firm)),
            ),
        ),
    );
}
/** A bar with the interval of its share as a whisker, on a scale that all rows have. */
function shareBar(one, most) {
    const probability = one.probability || {},
        at = value => (100 * value) / most + "%",
        mark = (x1, x2, y1, y2) => drawn("line", { x1: at(x1), x2: at(x2), y1, y2, stroke: "#1d1d1b" });
    const low = probability.at_least,
        high = probability.at_most;
    return drawn(
        "svg",
        { class: "sharebar", width: 150, height: 14, "aria-hidden": "true" },
        drawn("rect", { y: 2, width: at(share(one)), height: 10, fill: fanColours.narrow }),
        known(low) && known(high) ? [mark(low, high, 7, 7), mark(low, low, 4, 10), mark(high, high, 4, 10)] : null,
    );
}
function failingTable() {
    const most = Math.max(...failing.map(one => (one.probability || {}).at_most || share(one)), 0.01);
    const interval = one => {
        const { at_least: low, at_most: high } = one.probability || {};
        return known(low) && known(high) ? perCent(low).replace(" %", "") + " to " + perCent(high) : "not known";
    };
    return table(
        "Defaults by " + untilText() + " over " + counted(pathsCounted, "path") + ", with 95 % intervals",
        [
            { head: "Firm", of: one => nameOf(one.firm) },
            { head: "Paths", number: true, of: one => one.paths.toLocaleString("en-GB"), copy: one => one.paths },
            { head: "Share", number: true, of: one => perCent(share(one)), copy: one => 100 * share(one) },
            { head: "95 % interval", number: true, of: interval },
            { head: "", of: one => shareBar(one, most), copy: () => "" },
            { head: "Half of them by", number: true, of: one => one.half_by || "not known" },
        ],
        failing,
    );
}
const byYearTable = () =>
    table(
        "Paths of " + pathsCounted.toLocaleString("en-GB") + " on which the firm has defaulted by the end of the year",
        [
            { head: "Firm", of: one => nameOf(one.firm) },
            ...ensemble.years.map((label, i) => ({
                head: label.slice(0, 4),
                number: true,
                of: one => one.by_year[i].toLocaleString("en-GB"),
                copy: one => one.by_year[i],
            })),
        ],
        failing,
    );
function togetherTable() {
    const pairs = (ensemble.together || []).filter(pair => pair.firms.length === 2);
    if (!pairs.length) return null;
    const before = (pair, k) =>
        (k ? pair.second_before : pair.first_before).toLocaleString("en-GB") + " (" + nameOf(pair.firms[k]) + ")";
    return folded(
        "Who defaults on the same paths",
        element(
            "p",
            {},
            "Times: how many times as often as if neither had to do with the other. They may share a cause; this says nothing of who brings down whom.",
        ),
        table(
            "Pairs that default on the same paths, of " + pathsCounted.toLocaleString("en-GB"),
            [
                { head: "Pair", of: pair => pair.firms.map(nameOf).join(" and ") },
                { head: "Both", number: true, of: pair => pair.both.toLocaleString("en-GB"), copy: pair => pair.both },
                { head: "Times", number: true, of: pair => (known(pair.lift) ? pair.lift.toFixed(1) : "not known") },
                { head: "First", of: pair => before(pair, 0) + ", " + before(pair, 1) },
            ],
            pairs,
        ),
    );
}
function showFailing() {
    if (!ensemble) return put("failing");
    const heading = element("h2", {}, "Who defaults, on how many of " + counted(pathsCounted, "path")),
        sentence = element("p", {}, failingSentence());
    if (!failing.length) return put("failing", heading, sentence);
    const firms = failing.slice(0, failingLines.length),
        frame = element("div", { class: "graph" }),
        title = "Share of the paths on which a firm has defaulted";
    let picture;
    put(
        "failing",
        heading,
        sentence,
        element(
            "p",
            { class: "quiet" },
            "The interval says how well so many paths know the share that the model gives; it does not say how good the model is.",
        ),
        element(
            "div",
            { class: "fan" },
            failingTable(),
            element(
                "div",
                {},
                element("h3", {}, title),
                frame,
                pictureButtons("defaults", () =>
                    framed(picture, title, [counted(pathsCounted, "path") + ", seed " + ensemble.seed + ".", houseRule()]),
                ),
            ),
        ),
        folded("Every firm by year", byYearTable()),
        togetherTable(),
    );
    frame.append((picture = failingPicture(firms, drawnWidth(frame))));
}
