// Where the revenue comes from, and where the money for what is bought comes from: a bar a firm, solid at pro rata; beneath it the
// bracket of the readings and the thin whisker of the bounds for the circular part, which starts at zero and so shares the axis.

const originColours = {
    own_money_back: "#b34e00",
    partners_money: "#f0b45c",
    outside_capital: "#8d8d88",
    held_before: "#d3d2cc",
    customers: "#5fa8d3",
};
const originWords = {
    own_money_back: "own money come back",
    partners_money: "partners' money",
    outside_capital: "outside investors and lenders",
    held_before: "cash it had before",
    customers: "customers",
};
const sectorBlues = ["#0b4f8a", "#9ccbea", "#4d8fc0", "#c9e2f3"];
const sectors = [
    ...new Set(
        data.circularity.flatMap(block =>
            Object.values(block.firms || {}).flatMap(firm =>
                Object.keys((firm.customers || {}).by_sector || {}),
            ),
        ),
    ),
].sort();

/** The parts of a firm's money in drawing order: [key, word, colour, share, split]. */
function partsOf(firm) {
    const parts = [];
    for (const key of ["own_money_back", "partners_money", "outside_capital", "held_before"])
        parts.push([key, originWords[key], originColours[key], typical(firm[key]), firm[key]]);
    const by = (firm.customers && firm.customers.by_sector) || {},
        named = sectors.filter(id => known(by[id]));
    const left = (typical(firm.customers) || 0) - named.reduce((sum, id) => sum + by[id], 0);
    for (const id of named)
        parts.push([id, nameOf(id), sectorBlues[sectors.indexOf(id) % sectorBlues.length], by[id], null]);
    if (!named.length || left > 0.005)
        parts.push([
            "customers",
            named.length ? "other customers" : "customers",
            originColours.customers,
            named.length ? left : typical(firm.customers),
            named.length ? null : firm.customers,
        ]);
    return parts.filter(([, , , share]) => known(share));
}
const at = share => Math.max(0, Math.min(100, 100 * share)) + "%";
/** Bracket of the readings and whisker of the bounds, on the axis of the bar above. */
function ranges(split, y) {
    const range = readingRange(split),
        marks = [];
    const line = (x1, x2, y1, y2, width) =>
        drawn("line", { x1: at(x1), x2: at(x2), y1, y2, stroke: "#1d1d1b", "stroke-width": width });
    if (split && known(split.at_least) && known(split.at_most))
        marks.push(
            line(split.at_least, split.at_most, y, y, 1),
            line(split.at_least, split.at_least, y - 2.5, y + 2.5, 1),
            line(split.at_most, split.at_most, y - 2.5, y + 2.5, 1),
        );
    if (range)
        marks.push(
            line(range[0], range[1], y, y, 3),
            line(range[0], range[0], y - 4, y + 4, 2),
            line(range[1], range[1], y - 4, y + 4, 2),
        );
    return marks;
}
function stacked(parts, split, label) {
    let from = 0;
    const svg = drawn("svg", { height: split ? 30 : 20, role: "img", "aria-label": label });
    for (const [, word, colour, share] of parts) {
        svg.append(
            drawn(
                "rect",
                {
                    x: at(from),
                    y: 1,
                    width: at(share),
                    height: 17,
                    fill: colour,
                    stroke: "#fff",
                    "stroke-width": 0.7,
                },
                drawn("title", {}, word + ": " + percent(share)),
            ),
        );
        from += share;
    }
    if (split) svg.append(...ranges(split, 24));
    return element("div", { class: "graph" }, svg);
}
const rangeText = split => {
    const range = readingRange(split);
    return range ? ofHundred(range[0]) + " to " + ofHundred(range[1]) : "";
};
const partText = parts =>
    parts
        .filter(part => part[3] >= 0.005)
        .map(part => part[1] + " " + percent(part[3]))
        .join(", ");
function originKey(rows) {
    const seen = new Map(rows.flatMap(row => row.parts.map(part => [part[1], part[2]])));
    return element(
        "div",
        { class: "keys" },
        [...seen].map(([word, colour]) =>
            element(
                "span",
                {},
                drawn(
                    "svg",
                    { width: 14, height: 12 },
                    drawn("rect", { width: 14, height: 12, fill: colour }),
                ),
                word,
            ),
        ),
    );
}

/** " (1 to 8)": the readings, where they differ. */
function bracketed(split) {
    const range = readingRange(split);
    if (!range || ofHundred(range[0]) === ofHundred(range[1])) return "";
    return (
        " (" +
        range
            .map(ofHundred)
            .map(text => text.replace("less than", "under"))
            .join(" to ") +
        ")"
    );
}
function showRevenue(state, link) {
    const rows = firmsOf(state.year)
        .filter(([, firm]) => firm.revenue_usd > 0)
        .map(([id, firm]) => ({ id, firm, parts: partsOf(firm) }))
        .filter(row => row.parts.length)
        .sort((a, b) => b.firm.revenue_usd - a.firm.revenue_usd);
    const inYear = state.year ? ", " + state.year : "";
    const heading = element("h2", {}, "Where the revenue comes from" + inYear);
    if (!rows.length) return put("revenue", heading, element("p", {}, "Not known: no receipts were traced."));
    const next = blockOf(state.year + 1),
        first = state.year === years[0];
    put(
        "revenue",
        heading,
        element(
            "p",
            {},
            "Per cent of what each firm receives for goods and services on the central path. Solid: pro rata. Beneath, for own and partners' money together: the bracket is the range of the readings (conventions; in numbers at the right), the thin line what no reading leaves (bounds). ",
            first && next
                ? "A first year is largely cash held before the book opens: see the next year beside it."
                : "",
        ),
        element(
            "p",
            {},
            switcher(
                "Year",
                years.map(year => [year, String(year)]),
                state.year,
                year => link({ year }),
            ),
        ),
        originKey(rows),
        rows.map(({ id, firm, parts }) =>
            element(
                "div",
                { class: "bar" },
                element("b", {}, nameOf(id)),
                stacked(parts, firm.circular, nameOf(id) + ": " + partText(parts) + "."),
                element(
                    "span",
                    { class: "note" },
                    billions(firm.revenue_usd) +
                        (typical(firm.circular) === null
                            ? ""
                            : " · circular " + percent(typical(firm.circular)) + bracketed(firm.circular)),
                ),
            ),
        ),
        folded(
            "Every part with its readings and bounds",
            element(
                "div",
                { class: "parts" },
                rows.map(row => partsBlock(row)),
            ),
        ),
        folded("As a table", originTable(rows, state.year)),
    );
}
function partsBlock({ id, firm }) {
    const rows = ["own_money_back", "partners_money", "outside_capital", "held_before", "customers"].filter(
        key => firm[key] && typical(firm[key]) !== null,
    );
    return element(
        "div",
        {},
        element("h3", {}, nameOf(id)),
        rows.map(key =>
            element(
                "div",
                { class: "part" },
                element("span", {}, originWords[key]),
                drawn(
                    "svg",
                    {
                        height: 18,
                        role: "img",
                        width: "100%",
                        "aria-label":
                            originWords[key] +
                            ": " +
                            percent(typical(firm[key])) +
                            " pro rata, readings " +
                            rangeText(firm[key]) +
                            ", bounds " +
                            ofHundred(firm[key].at_least) +
                            " and " +
                            ofHundred(firm[key].at_most),
                    },
                    drawn("rect", { x: 0, y: 8.5, width: "100%", height: 1, fill: "#e4e3de" }),
                    drawn("rect", {
                        x: 0,
                        y: 4,
                        width: at(typical(firm[key])),
                        height: 10,
                        fill: originColours[key],
                    }),
                    ranges(firm[key], 9),
                ),
                element("span", {}, percent(typical(firm[key]))),
            ),
        ),
        detailsOf("by partner", firm.partners_money && firm.partners_money.by_partner),
    );
}
function detailsOf(word, shares) {
    const some = Object.entries(shares || {})
        .filter(([, share]) => share > 0.0005)
        .sort((a, b) => b[1] - a[1]);
    return some.length
        ? element(
              "small",
              {},
              "Partners' money, pro rata: " +
                  some.map(([id, share]) => nameOf(id) + " " + percent(share)).join(", "),
          )
        : null;
}
function originTable(rows, year) {
    const originOf = row => (row.key === "circular" ? "circular (own + partners)" : originWords[row.key]);
    const long = rows.flatMap(({ id, firm }) =>
        ["customers", "outside_capital", "held_before", "partners_money", "own_money_back", "circular"]
            .filter(key => firm[key])
            .map(key => ({
                id,
                firm,
                key,
                split: firm[key],
                range: readingRange(firm[key]) || [null, null],
            })),
    );
    const number = (head, of) => ({
        head,
        number: true,
        of: row => (known(of(row)) ? (100 * of(row)).toFixed(1) : "not known"),
        copy: row => (known(of(row)) ? 100 * of(row) : ""),
    });
    return table(
        "Origin of revenue, per cent of receipts of " + year,
        [
            { head: "Firm and origin", of: row => nameOf(row.id) + ": " + originOf(row), copy: row => nameOf(row.id) },
            { head: "Origin", copied: true, of: originOf },
            {
                head: "Receipts, B USD",
                number: true,
                of: row => amount(row.firm.revenue_usd),
                copy: row => row.firm.revenue_usd / 1e9,
            },
            number("Pro rata", row => typical(row.split)),
            number("Least reading", row => row.range[0]),
            number("Greatest reading", row => row.range[1]),
            number("At least", row => row.split.at_least),
            number("At most", row => row.split.at_most),
        ],
        long,
    );
}

function showSpending(state) {
    const partners = firm => (typical(firm.partners_money) || 0) * firm.paid_usd;
    const leftOut = firm => Object.values(firm.left_out_usd || {}).reduce((sum, usd) => sum + usd, 0);
    const rows = firmsOf(state.year)
        .filter(([, firm]) => firm.spending && firm.spending.paid_usd > 0)
        .map(([id, firm]) => ({ id, firm: firm.spending, parts: partsOf(firm.spending) }))
        .filter(row => row.parts.length)
        .sort((a, b) => partners(b.firm) - partners(a.firm) || b.firm.paid_usd - a.firm.paid_usd);
    const inYear = state.year ? ", " + state.year : "";
    const heading = element("h2", {}, "Where the money comes from that is spent" + inYear);
    if (!rows.length) return put("spending", heading, element("p", {}, "Not known: no spending was traced."));
    put(
        "spending",
        heading,
        element(
            "p",
            {},
            "Per cent of what each firm pays for goods and services on the central path, pro rata; those with most of partners' money first. Of a firm that sells only to outside customers this is the figure to look at: its revenue is all theirs. Other spending (repayments, taxes, what the model books as neither) is not counted.",
        ),
        originKey(rows),
        rows.map(({ id, firm, parts }) =>
            element(
                "div",
                { class: "bar" },
                element("b", {}, nameOf(id)),
                stacked(parts, null, nameOf(id) + ": " + partText(parts) + "."),
                element(
                    "span",
                    { class: "note" },
                    roughly(firm.paid_usd) +
                        " paid" +
                        (leftOut(firm) > 0 ? ", " + roughly(leftOut(firm)) + " not counted" : ""),
                ),
            ),
        ),
        folded(
            "As a table",
            table(
                "Origin of spending, per cent, pro rata, " + state.year,
                [
                    { head: "Firm", of: row => nameOf(row.id) },
                    {
                        head: "Paid, B USD",
                        number: true,
                        of: row => amount(row.firm.paid_usd),
                        copy: row => row.firm.paid_usd / 1e9,
                    },
                    {
                        head: "Other spending, not counted, B USD",
                        number: true,
                        of: row => amount(leftOut(row.firm)),
                        copy: row => leftOut(row.firm) / 1e9,
                    },
                    ...Object.keys(originWords).map(key => ({
                        head: originWords[key],
                        number: true,
                        of: row =>
                            typical(row.firm[key]) === null
                                ? "not known"
                                : (100 * typical(row.firm[key])).toFixed(1),
                        copy: row => 100 * typical(row.firm[key]),
                    })),
                ],
                rows,
            ),
        ),
    );
}
