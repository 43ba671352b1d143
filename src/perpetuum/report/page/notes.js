// What stands behind the numbers: sources, figures of articles, answers, assumptions, and how to cite.

/** A source by id, as a link where it has a web address. */
function sourceLink(id, place) {
    const source = sourcesById.get(id);
    if (!source)
        return element("span", {}, id === "desk" ? "our own assumption" : id, place ? " " + place : "");
    const web = /^https?:\/\//i.test(source.url || "");
    return element(
        "span",
        {},
        element(
            web ? "a" : "span",
            web ? { href: source.url, rel: "noreferrer noopener" } : {},
            source.title || id,
        ),
        place ? ", " + place : "",
        source.date ? ", " + source.date : "",
        source.original ? " (copy; quotes " + source.original + ")" : "",
    );
}
const joined = (made, between) => made.flatMap((one, i) => (i ? [between, one] : [one]));
/** Claims of one article: what it says and what the book gives come first, so that both are seen on a phone. */
function claims(title, articles) {
    return table(
        title + ": what it says, what the book gives, the spread",
        [
            { head: "It says", of: article => article.says || article.id },
            { head: "The book gives", number: true, of: article => article.value_text || "not known" },
            { head: "Spread", number: true, of: article => article.spread_text || "none" },
            {
                head: "Fits",
                of: article =>
                    element(
                        "span",
                        { class: article.ok === false ? "bad" : null },
                        article.ok === true ? "yes" : article.ok === false ? "no" : "not known",
                    ),
            },
            { head: "Must lie in", number: true, of: article => article.range_text || "" },
            { head: "Claim", of: article => article.id },
            { head: "Computed as", of: article => element("code", {}, article.expression || "") },
            {
                head: "Source",
                of: article =>
                    joined(
                        (article.sources || []).map(id => sourceLink(id)),
                        "; ",
                    ),
            },
        ],
        articles,
    );
}
function showArticles() {
    const heading = element("h2", {}, "What the articles say"),
        missed = data.articles.filter(article => article.ok === false).length;
    // A claim belongs to the article that it is numbered after; the others are of other sources.
    const byTitle = new Map();
    for (const article of data.articles) {
        const first = /^S\d/.test(article.id) ? sourcesById.get(article.id.slice(0, 4)) : null,
            title = first ? first.title + (first.date ? ", " + first.date : "") : "Other sources";
        byTitle.set(title, [...(byTitle.get(title) || []), article]);
    }
    const groups = [...byTitle].sort((a, b) => (a[0] === "Other sources") - (b[0] === "Other sources"));
    if (!data.articles.length)
        return put("articles", heading, element("p", {}, "None are written down in this book."));
    put(
        "articles",
        heading,
        element(
            "p",
            {},
            counted(data.articles.length, "figure") +
                " of the sources, worked out again from the book's own figures; " +
                (missed === 0
                    ? "all within their ranges"
                    : missed === 1
                      ? "one outside its range"
                      : missed + " outside their ranges") +
                ".",
        ),
        groups.map(([title, articles]) =>
            folded(title + ": " + counted(articles.length, "figure"), claims(title, articles)),
        ),
    );
}
function showAnswers(link) {
    const said = data.deals.flatMap(deal => (deal.says || []).map(one => [deal, one]));
    put(
        "answers",
        element("h2", {}, "What the firms answer"),
        said.length
            ? element(
                  "ul",
                  { class: "plain" },
                  said.map(([deal, one]) =>
                      element(
                          "li",
                          {},
                          element("b", {}, nameOf(one.party) + ": "),
                          one.text,
                          " ",
                          element(
                              "a",
                              { href: link({ deal: deal.id }) },
                              "on " + partiesOf(deal),
                          ),
                      ),
                  ),
              )
            : element("p", {}, "No answers are written down in this book."),
    );
}
/** The figures of deals that a source gives and no other source confirms. */
function onOneSource() {
    const sourced = data.deals
        .flatMap(deal => (deal.figures || []).map(figure => ({ deal, figure })))
        .filter(({ figure }) => (figure.sources || []).some(source => source.id !== "desk"));
    const single = sourced.filter(
        ({ figure }) => new Set(figure.sources.map(source => source.id)).size === 1,
    );
    if (!sourced.length) return null;
    return folded(
        single.length + " of " + counted(sourced.length, "sourced figure") + " of deals rest on one source",
        table(
            "Figures that rest on one source",
            [
                { head: "Deal", of: one => one.deal.id },
                { head: "What", of: one => one.figure.key },
                { head: "Figure", of: one => one.figure.value_text || one.figure.text },
                { head: "Standing", of: one => one.figure.standing || "" },
                {
                    head: "Source",
                    of: one => sourceLink(one.figure.sources[0].id, one.figure.sources[0].place),
                },
            ],
            single,
        ),
    );
}
/** Warnings of one sort together, in the order of the places: the sort is what is said without names and numbers. */
function warningGroups(warned) {
    const groups = new Map();
    const place = one => (one.place || "").replace(/\d+$/, line => line.padStart(7, "0"));
    for (const one of [...warned].sort((a, b) => place(a).localeCompare(place(b)))) {
        const sort = one.text.replace(/'[^']*'/g, "…").replace(/\d[\d,.–-]*( [BM])?( USD)?( %)?/g, "…");
        groups.set(sort, [...(groups.get(sort) || []), one]);
    }
    return [...groups].map(([sort, group]) => [(group.length > 1 ? sort : group[0].text).replace(/^./, letter => letter.toUpperCase()), group]);
}
function warningTable(title, group) {
    const hint = group[0].hint;
    return table(
        title + (group.length > 1 ? " (" + group.length + ")" : "") + (hint && group.every(one => one.hint === hint) ? ": " + hint : ""),
        [
            { head: "Place", of: one => element("code", {}, one.place || "") },
            ...(group.every(one => one.text.includes(one.written)) ? [] : [{ head: "Written there", of: one => one.written || "" }]),
            ...(group.length > 1 ? [{ head: "Warning", of: one => one.text }] : []),
        ],
        group,
        { class: "warnings" },
    );
}
function showAssumptions() {
    const warned = data.warnings.map(one => (typeof one === "string" ? { text: one } : one));
    put(
        "assumptions",
        element("h2", {}, "Our own assumptions, and what the book warns of"),
        element(
            "p",
            {},
            counted(data.assumed.length, "figure") +
                " of this book " +
                (data.assumed.length === 1 ? "is" : "are") +
                " assumed by its authors; " +
                counted(warned.length, "warning") +
                ".",
        ),
        onOneSource(),
        data.assumed.length
            ? folded(
                  "Assumed figures",
                  table(
                      "Assumed figures",
                      [
                          { head: "What", of: one => one.label || one.where },
                          { head: "Figure", of: one => one.text },
                          { head: "Why", of: one => one.remark || "" },
                          { head: "Where", of: one => element("code", {}, one.where) },
                      ],
                      data.assumed,
                  ),
              )
            : null,
        warned.length
            ? folded(
                  "Warnings",
                  warningGroups(warned).map(([title, group]) => warningTable(title, group)),
              )
            : null,
    );
}
function showFoot() {
    const meta = data.meta,
        cite =
            (meta.title || "Untitled book") +
            ", as of " +
            day(meta.as_of) +
            ", perpetuum " +
            (meta.version || "?") +
            ", digest " +
            (meta.digest || "?") +
            ".";
    const bib = () =>
        "@misc{perpetuum-" +
        (meta.digest || "report").slice(0, 8) +
        ",\n  title = {" +
        (meta.title || "") +
        "},\n  note = {as of " +
        (meta.as_of || "") +
        ", perpetuum " +
        (meta.version || "") +
        ", digest " +
        (meta.digest || "") +
        "}\n}";
    put(
        "foot",
        element(
            "p",
            {},
            element("b", {}, "Cite: "),
            cite,
            " ",
            copyButton("copy", () => cite),
            " ",
            copyButton("BibTeX", bib),
            " ",
            copyButton("link to this view", () => location.href),
            " ",
            copyButton("all data (JSON)", () => unpacked("data")),
        ),
        meta.licence ? element("p", {}, element("b", {}, "Licence: "), meta.licence) : null,
        element(
            "p",
            {},
            element("b", {}, "Drawn up by: "),
            "perpetuum " +
                (meta.version || "?") +
                ", model " +
                (meta.model || "?") +
                ", start of the run " +
                (meta.start || "?") +
                ", digest ",
            element("code", {}, meta.digest || "?"),
            ".",
        ),
        meta.command
            ? element(
                  "p",
                  {},
                  element("b", {}, "Again: "),
                  element("code", {}, meta.command),
                  " ",
                  copyButton("copy", () => meta.command),
              )
            : null,
        element(
            "p",
            {},
            element("b", {}, "Report an error: "),
            "name the figure and its source as they stand under its deal, or its line in the book.",
        ),
        element(
            "p",
            { class: "quiet" },
            "A loop is not a round trip; goods are delivered. Elements, no verdict.",
        ),
    );
}
