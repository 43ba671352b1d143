// What stands behind a click: the matrix, the course over time, articles' figures, answers, assumptions, the foot.

// ---- the matrix ---------------------------------------------------------------------------------------------------------

function flowsOf(count, year) {
    if (count === "run") return data.payments.filter(one => one.year === year && one.usd > 0).map(one => [one.from, one.to, one.usd]);
    return data.map.promises.filter(one => (count === "paid" ? one.paid_usd > 0 : one.status !== "ended" && (count === "promised" || one.status === "signed")))
        .map(one => [one.from, one.to, count === "paid" ? one.paid_usd : one.usd]);
}
function showMatrix(state) {
    const year = years.includes(state.year) ? state.year : windowYear, cells = new Map();
    for (const [from, to, usd] of flowsOf(state.count, year)) {
        const key = from + "→" + to, old = cells.get(key);
        cells.set(key, known(usd) ? (old || 0) + usd : old === undefined ? null : old);
    }
    const pays = new Set([...cells.keys()].map(key => key.split("→")[0])), gets = new Set([...cells.keys()].map(key => key.split("→")[1]));
    const order = [...data.entities].sort((a, b) => Boolean(a.outside) - Boolean(b.outside)).map(entity => entity.id);
    const rows = order.filter(id => pays.has(id)), columns = order.filter(id => gets.has(id));
    const heading = element("h2", {}, "Who pays whom, in numbers");
    if (!rows.length) return put("matrix", heading, element("p", {}, "No payments are known."));
    const unit = "billions of USD " + (state.count === "run" ? "in " + year + ", by the run" : state.count + ", " + unitOf(state.count)), most = Math.max(...[...cells.values()].map(usd => usd || 0), 1);
    const total = (list, key) => list.reduce((sum, other) => sum + (cells.get(key(other)) || 0), 0);
    const text = () => ["Who pays whom, USD (" + unit + "; " + houseRule() + ")", ["pays \\ gets", ...columns.map(nameOf), "all"].join("\t"),
        ...rows.map(row => [nameOf(row), ...columns.map(column => cells.get(row + "→" + column) ?? ""), total(columns, column => row + "→" + column)].join("\t"))].join("\n");
    const cell = (row, column) => {
        const usd = cells.get(row + "→" + column);
        if (row === column) return element("td", { class: "self" });
        if (usd === undefined) return element("td", {});
        const shade = known(usd) ? 0.08 + 0.5 * Math.sqrt(usd / most) : 0;
        return element("td", { style: "background:rgba(0,114,178," + shade.toFixed(2) + ")", title: nameOf(row) + " → " + nameOf(column) + ": " + billions(usd) }, known(usd) ? amount(usd) : "?");
    };
    const name = id => element("th", { scope: "row", class: isOutside(id) ? "outside" : null }, nameOf(id));
    put("matrix", heading, element("p", {}, "Rows pay, columns get; " + unit + "; those outside the book in italics at the end. “?” is an amount not known. ", copyButton("copy table", text)),
        element("div", { class: "tablebox", tabindex: 0, role: "region", "aria-label": "Matrix of payments, scrolls sideways" }, element("table", { class: "matrix" },
            element("thead", {}, element("tr", {}, element("th", { class: "corner" }, "pays ↓ gets →"), columns.map(id => element("th", { scope: "col", class: isOutside(id) ? "outside" : null }, nameOf(id))), element("th", { scope: "col" }, "all"))),
            element("tbody", {}, rows.map(row => element("tr", {}, name(row), columns.map(column => cell(row, column)), element("td", {}, element("b", {}, amount(total(columns, column => row + "→" + column)))))),
                element("tr", {}, element("th", { scope: "row" }, "all"), columns.map(column => element("td", {}, element("b", {}, amount(total(rows, row => row + "→" + column))))), element("td", {}))))));
}

// ---- over time ------------------------------------------------------------------------------------------------------------

const courses = [["revenue", "#0072b2", null], ["cash", "#d9730d", "5 3"]];
function showTime() {
    const heading = element("h2", {}, "Cash and revenue over time"), steps = data.run.steps;
    const firms = Object.keys(data.run.firms).filter(id => courses.some(([key]) => (data.run.firms[id][key] || []).some(value => known(value) && value !== 0)));
    if (!firms.length || steps.length < 2) return put("time", heading, element("p", {}, "Not known: the book was not run."));
    const size = id => Math.max(...(data.run.firms[id].revenue || [0]).filter(known), 0);
    firms.sort((a, b) => size(b) - size(a));
    const failed = (data.run.defaults || []).map(one => nameOf(one.firm) + " in " + one.step);
    put("time", heading, element("p", {}, "Central path of the run, " + steps[0] + " to " + steps[steps.length - 1] + ", a panel a firm, each with its own scale, billions of USD: ", element("b", { style: "color:#0072b2" }, "revenue a quarter (line)"), " and ", element("b", { style: "color:#b35900" }, "cash at the quarter's end (dashes)"), ". One path is no forecast; it shows no range."),
        element("p", {}, failed.length ? "Unable to pay on this path: " + listed(failed) + "." : "No firm fails on this path."), residuals(),
        element("div", { class: "multiples" }, firms.map(id => panel(id, steps))), folded("As a table", timeTable(firms, steps)));
}
function residuals() {
    const found = Object.entries(data.run.residuals || {}).filter(([, value]) => known(value)), off = found.filter(([, value]) => value !== 0);
    return found.length ? element("p", { class: off.length ? "bad" : "quiet" }, off.length ? "The books of this run do not add up: " + off.map(([name, value]) => name + " " + value).join(", ") + "." : "The books add up to the cent: " + found.map(([name]) => name.replace("_", " ")).join(", ") + " all 0.") : null;
}
function panel(id, steps) {
    const series = courses.map(([key]) => (data.run.firms[id][key] || []).map(value => (known(value) ? value : null))), values = series.flat().filter(known);
    const top = Math.max(...values, 1), low = Math.min(...values, 0), x = i => (200 * i) / (steps.length - 1), y = value => 2 + (66 * (top - value)) / (top - low);
    const path = one => one.map((value, i) => (value === null ? "" : (i && one[i - 1] !== null ? "L" : "M") + x(i).toFixed(1) + "," + y(value).toFixed(1))).join("");
    const last = one => one.filter(value => value !== null).pop(), first = one => one.find(value => value !== null);
    const words = courses.map(([key], i) => (series[i].length ? key + " " + billions(first(series[i])) + " → " + billions(last(series[i])) : "")).filter(Boolean).join(", ");
    return element("div", {}, element("h3", {}, nameOf(id)),
        drawn("svg", { viewBox: "0 0 200 70", preserveAspectRatio: "none", role: "img", "aria-label": nameOf(id) + ": " + words },
            drawn("line", { x1: 0, x2: 200, y1: y(0), y2: y(0), stroke: "#bdbcb7", "vector-effect": "non-scaling-stroke" }),
            courses.map(([, colour, dash], i) => drawn("path", { d: path(series[i]), fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": dash, "vector-effect": "non-scaling-stroke" }))),
        element("div", { class: "ends" }, element("span", {}, steps[0]), element("span", {}, words), element("span", {}, steps[steps.length - 1])));
}
function timeTable(firms, steps) {
    const rows = firms.flatMap(id => Object.keys(data.run.firms[id]).filter(key => Array.isArray(data.run.firms[id][key])).map(key => ({ id, key, values: data.run.firms[id][key] })));
    return table("Central path, billions of USD", [{ head: "Firm", of: row => nameOf(row.id) }, { head: "What", of: row => row.key.replace(/_/g, " ") },
        ...steps.map((step, i) => ({ head: step, number: true, of: row => (known(row.values[i]) ? amount(row.values[i]) : ""), copy: row => (known(row.values[i]) ? row.values[i] / 1e9 : "") }))], rows);
}

// ---- articles, answers, assumptions ---------------------------------------------------------------------------------------

/** A source by id, as a link where it has a web address. */
function sourceLink(id, place) {
    const source = sourcesById.get(id);
    if (!source) return element("span", {}, id === "desk" ? "our own assumption" : id, place ? " " + place : "");
    const web = /^https?:\/\//i.test(source.url || "");
    return element("span", {}, element(web ? "a" : "span", web ? { href: source.url, rel: "noreferrer noopener" } : {}, source.title || id), place ? ", " + place : "", source.date ? ", " + source.date : "", source.original ? " (copy; quotes " + source.original + ")" : "");
}
const joined = (made, between) => made.flatMap((one, i) => (i ? [between, one] : [one]));
function showArticles() {
    const heading = element("h2", {}, "Figures that articles quote"), missed = data.articles.filter(article => article.ok === false).length;
    if (!data.articles.length) return put("articles", heading, element("p", {}, "None are written down in this book."));
    put("articles", heading, element("p", {}, counted(data.articles.length, "figure") + " recomputed from the book; " + counted(missed, "one outside its range", "outside their ranges") + "."),
        folded("Show them", table("Quoted figures and what the book gives", [
            { head: "No.", of: article => article.id }, { head: "Says", of: article => article.says || "" }, { head: "The book gives", number: true, of: article => article.value_text || "not known" },
            { head: "Quoted", number: true, of: article => article.range_text || "" }, { head: "Fits", of: article => element("span", { class: article.ok === false ? "bad" : null }, article.ok === true ? "yes" : article.ok === false ? "no" : "not known") },
            { head: "Computed as", of: article => element("code", {}, article.expression || "") }, { head: "Source", of: article => joined((article.sources || []).map(id => sourceLink(id)), "; ") }], data.articles)));
}
function showAnswers(link) {
    const said = data.deals.flatMap(deal => (deal.says || []).map(one => [deal, one]));
    put("answers", element("h2", {}, "What the firms answer"), said.length ? element("ul", { class: "plain" }, said.map(([deal, one]) => element("li", {}, element("b", {}, nameOf(one.party) + ": "), one.text, " ", element("a", { href: link({ deal: deal.id }) }, "on " + nameOf(deal.from) + " → " + nameOf(deal.to)))))
        : element("p", {}, "No answers are written down in this book."));
}
function showAssumptions() {
    const warned = data.warnings.map(warning => (typeof warning === "string" ? warning : warning.text || ""));
    put("assumptions", element("h2", {}, "Our own assumptions, and what the book warns of"),
        element("p", {}, counted(data.assumed.length, "figure") + " of this book " + (data.assumed.length === 1 ? "is" : "are") + " assumed by its authors; " + counted(warned.length, "warning") + "."),
        data.assumed.length ? folded("Assumed figures", table("Assumed figures", [{ head: "Where", of: one => one.where }, { head: "Figure", of: one => one.text }, { head: "Why", of: one => one.remark || "" }], data.assumed)) : null,
        warned.length ? folded("Warnings", element("ul", { class: "plain" }, warned.map(text => element("li", {}, text)))) : null);
}
function showFoot() {
    const meta = data.meta, cite = (meta.title || "Untitled book") + ", as of " + day(meta.as_of) + ", perpetuum " + (meta.version || "?") + ", digest " + (meta.digest || "?") + ".";
    const bib = () => "@misc{perpetuum-" + (meta.digest || "report").slice(0, 8) + ",\n  title = {" + (meta.title || "") + "},\n  note = {as of " + (meta.as_of || "") + ", perpetuum " + (meta.version || "") + ", digest " + (meta.digest || "") + "}\n}";
    put("foot", element("p", {}, element("b", {}, "Cite: "), cite, " ", copyButton("copy", () => cite), " ", copyButton("BibTeX", bib), " ", copyButton("link to this view", () => location.href), " ", copyButton("all data (JSON)", () => byId("data").textContent.trim())),
        element("p", {}, element("b", {}, "Licence: "), meta.licence || "the book’s text, data and pictures CC BY 4.0; the program MIT; quoted words are their publishers’; figures are facts."),
        element("p", {}, element("b", {}, "Drawn up by: "), "perpetuum " + (meta.version || "?") + ", model " + (meta.model || "?") + ", start of the run " + (meta.start || "?") + ", digest ", element("code", {}, meta.digest || "?"), "."),
        meta.command ? element("p", {}, element("b", {}, "Again: "), element("code", {}, meta.command), " ", copyButton("copy", () => meta.command)) : null,
        element("p", {}, element("b", {}, "Report an error: "), "name the figure and its source as they stand under its deal, or its line in the book."),
        element("p", { class: "quiet" }, "A loop is not a round trip; goods are delivered. Elements, no verdict."));
}
