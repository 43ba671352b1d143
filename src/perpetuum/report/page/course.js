// The course over time: a panel a firm, revenue and cash on the central path.

const courses = [
    ["revenue", "#0072b2", null, "#005f96"],
    ["cash", "#d9730d", "5 3", "#9a4d00"],
];
function showTime() {
    const heading = element("h2", {}, "Cash and revenue over time"),
        steps = data.run.steps;
    const seen = (id, key) => (data.run.firms[id][key] || []).some(value => known(value) && value !== 0),
        still = id => new Set(data.run.firms[id].cash || []).size < 2 && !seen(id, "revenue");
    const all = Object.keys(data.run.firms),
        firms = all.filter(id => !still(id)),
        silent = firms.filter(id => !seen(id, "revenue")),
        left = all.filter(still);
    if (!firms.length || steps.length < 2)
        return put("time", heading, element("p", {}, "Not known: the book was not run."));
    const size = id => Math.max(...(data.run.firms[id].revenue || [0]).filter(known), 0);
    firms.sort((a, b) => size(b) - size(a));
    const failed = (data.run.defaults || []).map(one => nameOf(one.firm) + " in " + one.step);
    put(
        "time",
        heading,
        element(
            "p",
            {},
            "Central path of the run, " +
                steps[0] +
                " to " +
                steps[steps.length - 1] +
                ", a panel a firm, each with its own scale, billions of USD: ",
            element("b", { style: "color:#005f96" }, "revenue a quarter (line)"),
            " and ",
            element("b", { style: "color:#9a4d00" }, "cash at the quarter's end (dashes)"),
            ". One path is no forecast; it shows no range" + (ensemble ? " (see above)." : "."),
        ),
        element(
            "p",
            {},
            failed.length
                ? "Unable to pay on this path: " + listed(failed) + "."
                : "No firm fails on this path.",
        ),
        residuals(),
        silent.length || left.length
            ? element(
                  "p",
                  { class: "quiet" },
                  silent.length
                      ? "Nothing is ever booked as revenue of " + listed(silent.map(nameOf)) + ": no line is drawn. "
                      : "",
                  left.length
                      ? "Without a panel, because neither revenue nor a change of cash is ever booked: " + listed(left.map(nameOf)) + ". "
                      : "",
                  "Their own business is not in the run; that does not say that there is none.",
              )
            : null,
        element(
            "div",
            { class: "multiples" },
            firms.map(id => panel(id, steps)),
        ),
        folded("As a table", timeTable(firms, steps)),
    );
}
const checks = ["cash_negative", "postings", "balance", "matrix"];
function residuals() {
    const left = data.run.residuals || {},
        found = checks.filter(name => known(left[name])).map(name => [name, left[name]]),
        off = found.filter(([, value]) => value !== 0);
    return found.length
        ? element(
              "p",
              { class: off.length ? "bad" : "quiet" },
              off.length
                  ? "The books of this run do not add up: " +
                        off.map(([name, value]) => name + " " + value).join(", ") +
                        "."
                  : "The books add up to the cent: " +
                        found.map(([name]) => name.replace("_", " ")).join(", ") +
                        " all 0.",
          )
        : null;
}
function panel(id, steps) {
    // What is zero throughout is nothing that the run has of the firm: no figure, and no line.
    const series = courses.map(([key]) => {
            const all = (data.run.firms[id][key] || []).map(value => (known(value) ? value : null));
            return all.some(Boolean) ? all : [];
        }),
        values = series.flat().filter(known);
    const top = Math.max(...values, 1),
        low = Math.min(...values, 0),
        x = i => (200 * i) / (steps.length - 1),
        y = value => 2 + (66 * (top - value)) / (top - low);
    const path = one =>
        one
            .map((value, i) =>
                value === null
                    ? ""
                    : (i && one[i - 1] !== null ? "L" : "M") + x(i).toFixed(1) + "," + y(value).toFixed(1),
            )
            .join("");
    const last = one => one.filter(value => value !== null).pop(),
        first = one => one.find(value => value !== null);
    const words = courses.map(([key], i) =>
        !series[i].length
            ? "no " + key + " in the run"
            : first(series[i]) || last(series[i])
              ? key + " " + roughly(first(series[i])) + " → " + roughly(last(series[i]))
              : key + " between 0 B and " + roughly(Math.max(...series[i])) + ", at both ends 0",
    );
    return element(
        "div",
        {},
        element("h3", {}, nameOf(id)),
        drawn(
            "svg",
            {
                viewBox: "0 0 200 70",
                preserveAspectRatio: "none",
                role: "img",
                "aria-label": nameOf(id) + ": " + words.filter(Boolean).join(", "),
            },
            drawn("line", {
                x1: 0,
                x2: 200,
                y1: y(0),
                y2: y(0),
                stroke: "#bdbcb7",
                "vector-effect": "non-scaling-stroke",
            }),
            courses.map(([, colour, dash], i) =>
                drawn("path", {
                    d: path(series[i]),
                    fill: "none",
                    stroke: colour,
                    "stroke-width": 2,
                    "stroke-dasharray": dash,
                    "vector-effect": "non-scaling-stroke",
                }),
            ),
        ),
        element(
            "div",
            { class: "ends" },
            element("span", {}, steps[0]),
            element("span", {}, steps[steps.length - 1]),
        ),
        element(
            "div",
            { class: "ends" },
            courses.map(([, , , ink], i) => element("span", { style: "color:" + ink }, words[i])),
        ),
    );
}
function timeTable(firms, steps) {
    const rows = firms.flatMap(id =>
        Object.keys(data.run.firms[id])
            .filter(key => Array.isArray(data.run.firms[id][key]) && data.run.firms[id][key].some(Boolean))
            .map(key => ({ id, key, values: data.run.firms[id][key] })),
    );
    return table(
        "Central path, billions of USD; without what is 0 throughout",
        [
            { head: "Firm", of: row => nameOf(row.id) + ": " + row.key.replace(/_/g, " "), copy: row => nameOf(row.id) },
            { head: "What", copied: true, of: row => row.key.replace(/_/g, " ") },
            ...steps.map((step, i) => ({
                head: step,
                number: true,
                of: row => (known(row.values[i]) ? amount(row.values[i]) : ""),
                copy: row => (known(row.values[i]) ? row.values[i] / 1e9 : ""),
            })),
        ],
        rows,
    );
}
