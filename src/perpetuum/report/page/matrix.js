// Who pays whom in numbers: rows pay, columns get, those outside the book last.

function flowsOf(count, year) {
    if (count === "run")
        return data.payments
            .filter(one => one.year === year && one.usd > 0)
            .map(one => [one.from, one.to, one.usd]);
    return data.map.promises
        .filter(one =>
            count === "paid"
                ? one.paid_usd > 0
                : one.status !== "ended" && (count === "promised" || one.status === "signed"),
        )
        .map(one => [one.from, one.to, count === "paid" ? one.paid_usd : one.usd]);
}
function showMatrix(state) {
    const year = years.includes(state.year) ? state.year : windowYear,
        cells = new Map();
    for (const [from, to, usd] of flowsOf(state.count, year)) {
        const key = from + "→" + to,
            old = cells.get(key);
        cells.set(key, known(usd) ? (old || 0) + usd : old === undefined ? null : old);
    }
    const pays = new Set([...cells.keys()].map(key => key.split("→")[0])),
        gets = new Set([...cells.keys()].map(key => key.split("→")[1]));
    const order = [...data.entities]
        .sort((a, b) => Boolean(a.outside) - Boolean(b.outside))
        .map(entity => entity.id);
    const rows = order.filter(id => pays.has(id)),
        columns = order.filter(id => gets.has(id));
    const heading = element("h2", {}, "Who pays whom, in numbers");
    if (!rows.length) return put("matrix", heading, element("p", {}, "No payments are known."));
    const unit =
            "billions of USD " +
            (state.count === "run"
                ? "in " + year + ", by the run"
                : state.count === "paid"
                  ? paidWords
                  : state.count + ", " + unitOf(state.count)),
        most = Math.max(...[...cells.values()].map(usd => usd || 0), 1);
    const figure = state.count === "run" ? usd => roughly(usd).slice(0, -2) : amount;
    const total = (list, key) => {
        const all = list.map(other => cells.get(key(other))).filter(usd => usd !== undefined),
            sum = all.reduce((before, usd) => before + (usd || 0), 0);
        return (all.some(known) ? figure(sum) : "") + (all.every(known) ? "" : " ?");
    };
    const text = () =>
        [
            "Who pays whom, USD (" + unit + "; " + houseRule() + ")",
            ["pays \\ gets", ...columns.map(nameOf)].join("\t"),
            ...rows.map(row =>
                [nameOf(row), ...columns.map(column => cells.get(row + "→" + column) ?? "")].join("\t"),
            ),
        ].join("\n");
    const cell = (row, column) => {
        const usd = cells.get(row + "→" + column);
        if (row === column) return element("td", { class: "self" });
        if (usd === undefined) return element("td", {});
        const shade = known(usd) ? 0.08 + 0.5 * Math.sqrt(usd / most) : 0;
        return element(
            "td",
            {
                style: "background:rgba(0,114,178," + shade.toFixed(2) + ")",
                title: fullName(row) + " → " + fullName(column) + ": " + billions(usd),
            },
            known(usd) ? figure(usd) : "?",
        );
    };
    const name = id => element("th", { scope: "row", class: isOutside(id) ? "outside" : null }, nameOf(id));
    // A name that runs upwards breaks into lines of its own; a table's cell takes no height to break at.
    const upwards = id => element("th", { scope: "col", class: isOutside(id) ? "outside" : null }, element("span", {}, nameOf(id)));
    put(
        "matrix",
        heading,
        element(
            "p",
            {},
            "Rows pay, columns get; " +
                unit +
                "; those outside the book in italics at the end. “?” is an amount not known. ",
            copyButton("copy table", text),
        ),
        element(
            "div",
            {
                class: "tablebox",
                tabindex: 0,
                role: "region",
                "aria-label": "Matrix of payments, scrolls sideways",
            },
            element(
                "table",
                { class: "matrix" },
                element(
                    "thead",
                    {},
                    element(
                        "tr",
                        {},
                        element("th", { class: "corner" }, "pays ↓ gets →"),
                        columns.map(upwards),
                        element("th", { scope: "col" }, "all"),
                    ),
                ),
                element(
                    "tbody",
                    {},
                    rows.map(row =>
                        element(
                            "tr",
                            {},
                            name(row),
                            columns.map(column => cell(row, column)),
                            element(
                                "td",
                                {},
                                element(
                                    "b",
                                    {},
                                    total(columns, column => row + "→" + column),
                                ),
                            ),
                        ),
                    ),
                    element(
                        "tr",
                        {},
                        element("th", { scope: "row" }, "all"),
                        columns.map(column =>
                            element(
                                "td",
                                {},
                                element(
                                    "b",
                                    {},
                                    total(rows, row => row + "→" + column),
                                ),
                            ),
                        ),
                        element("td", {}),
                    ),
                ),
            ),
        ),
    );
}
