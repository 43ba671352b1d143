// Early-warning signs as small multiples. All of it is what `perpetuum gauges` answers. A colour only where a threshold has a
// source; no score over all.

const gauges = studyOf("gauges");
/** As the command prints it, to three digits: a share from ten times on as so many times. */
const gaugeText = (gauge, value) => {
    if (!known(value)) return "-";
    const digits = (Math.abs(value) < 0.0005 ? 0 : Number(value.toPrecision(3))).toLocaleString("en-GB", { maximumSignificantDigits: 3 }).replace("-", "−");
    if (gauge.shown === "USD") return billions(value);
    if (gauge.shown !== "%") return digits + (gauge.shown === "times" ? "" : " " + gauge.shown);
    const size = Math.abs(value);
    if (size < 10) return +(100 * value).toPrecision(3) + " %";
    return size > 1000 ? (value > 0 ? "over 1,000 times" : "under −1,000 times") : Math.round(value) + " times";
};
/** "28 times (879 % to 467 times)", "5 (4 to 9 quarters)": a word for the unit is said once where all three have the same. */
function gaugeRange(gauge, at) {
    if (!known(at.middle) && !(at.paths_without > 0)) return at.central_without ? gauge.without : gaugeText(gauge, at.central);
    // Among paths without a number a null is one of these ("no interest"): they come above all numbers.
    const of = value => (!known(value) && at.paths_without > 0 ? gauge.without : gaugeText(gauge, value));
    if (!known(at.low)) return of(at.low);
    const three = [at.middle, at.low, at.high].map(of),
        [, unit] = /[0-9](| [a-z]+| B)$/.exec(three[2]) || [, ""],
        once = unit && gauge.shown !== "%" && three.every(text => text.endsWith(unit));
    const [middle, low, high] = once ? three.map((text, i) => (i < 2 ? text.slice(0, -unit.length) : text)) : three;
    return middle + " (" + low + " to " + high + ")";
}
/** The telling firms first: those with a colour, then the largest, or the smallest where a gauge warns of what is below. */
const gaugeRows = gauge => {
    const below = gauge.thresholds.some(threshold => !threshold.above),
        weight = row => {
            const { middle } = row.at[0];
            return below ? -(known(middle) ? middle : Infinity) : Math.abs(middle || 0);
        };
    return gauge.rows
        .filter(row => row.at.some(at => at.middle || at.high || (known(at.low) && at.paths_without > 0)))
        .sort((a, b) => (b.colour ? 1 : 0) - (a.colour ? 1 : 0) || (weight(a) === weight(b) ? 0 : weight(b) - weight(a)));
};
const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
/** "No interest: OpenAI and Nokia." */
function gaugeWithout(gauge) {
    const firms = gauge.rows.filter(row => row.at.every(at => !known(at.low) && at.paths_without > 0));
    return firms.length ? element("p", { class: "quiet" }, (capital(gauge.without) + ": " + listed(firms.map(gaugeOf)) + ".").replace("….", "…")) : null;
}
const gaugeOf = row => (row.of ? row.of.split(" and ").map(nameOf).join(" and ") : "all firms");
/** Ranges at the ends of the years, one whisker each; a threshold is a dashed line that says its number. */
function gaugeRow(gauge, row) {
    const width = 210,
        height = 54,
        values = row.at.flatMap(at => [at.low, at.middle, at.high]).filter(known),
        bounds = gauge.thresholds.map(threshold => threshold.value),
        low = Math.min(0, ...values),
        high = Math.max(...values, 0),
        near = bounds.filter(value => value >= low && value <= 1.5 * high),
        most = Math.max(high, ...near) || 1,
        y = value => 6 + ((height - 12) * (most - value)) / (most - low || 1),
        x = i => 24 + (i * (width - 48)) / Math.max(1, row.at.length - 1);
    return drawn(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
        drawn("line", { x1: 4, x2: width - 4, y1: y(0), y2: y(0), stroke: "#c4c3bd" }),
        near.map(value => drawn("line", { x1: 4, x2: width - 4, y1: y(value), y2: y(value), stroke: "#b85c00", "stroke-dasharray": "5 3" })),
        row.at.map((at, i) =>
            known(at.low) && (known(at.high) || at.paths_without > 0)
                ? [
                      drawn("line", { x1: x(i), x2: x(i), y1: y(at.low), y2: known(at.high) ? y(at.high) : 0, stroke: "#93cdb8", "stroke-width": 9 }),
                      known(at.middle) ? drawn("circle", { cx: x(i), cy: y(at.middle), r: 3.5, fill: "#00674c" }) : null,
                  ]
                : null,
        ),
    );
}
function gaugeBox(gauge) {
    const rows = gaugeRows(gauge);
    if (!rows.length) return null;
    const labels = rows[0].at.map(at => at.label);
    return element(
        "details",
        { class: "more gauge", open: rows.some(row => row.colour) },
        element("summary", {}, gauge.title + (rows.some(row => row.colour) ? ": beyond a threshold" : "")),
        element("p", { class: "quiet" }, gauge.says + ". In 2000: " + (gauge.in_2000 || "not known") + "."),
        gauge.thresholds.map(threshold =>
            element(
                "p",
                { class: "quiet" },
                threshold.colour + (threshold.above ? " above " : " below ") + gaugeText(gauge, threshold.value) + ": " + threshold.reason + " (" + threshold.source + ")",
            ),
        ),
        element(
            "div",
            { class: "multiples" },
            rows.filter(row => row.at.some(at => known(at.middle))).slice(0, 6).map(row => element("div", {}, element("b", {}, gaugeOf(row)), row.colour ? " (" + row.colour + (row.since ? " since " + row.since : "") + ")" : "", gaugeRow(gauge, row))),
        ),
        gaugeWithout(gauge),
        table(
            gauge.title + ", middle (10 to 90 % of the paths)",
            [
                { head: "Firm", of: gaugeOf },
                ...labels.map((label, i) => ({
                    head: label,
                    number: true,
                    of: row => gaugeRange(gauge, row.at[i]),
                    copy: row => (known(row.at[i].middle) ? row.at[i].middle : gaugeRange(gauge, row.at[i])),
                })),
                { head: "Colour", of: row => row.colour || "" },
                { head: "Since", of: row => row.since || "" },
            ],
            rows,
        ),
    );
}
function showGauges() {
    put(
        "gauges",
        element("h2", {}, "Gauges"),
        gauges
            ? [
                  element("p", { class: "quiet" }, "Four quarters to the end of each year; over " + counted(gauges.paths, "path") + ", seed " + gauges.seed + ". Each tells of one thing; there is no single score."),
                  gauges.gauges.map(gaugeBox),
              ]
            : element(
                  "p",
                  { class: "quiet" },
                  "Not computed for this page. ",
                  element("code", {}, "perpetuum gauges BOOK --json > g.json"),
                  ", then ",
                  element("code", {}, "perpetuum report BOOK --with g.json --out FILE"),
              ),
    );
}
