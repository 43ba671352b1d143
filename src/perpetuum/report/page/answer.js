// What a reader wants in half a minute: two sentences, and what is promised, signed and paid.
// Wording and rounding follow docs/methods on where money comes from: a range of readings (conventions that someone uses) and
// the bounds (what no reading exceeds) are two things with two names; neither is ever quoted for the other.

/** What the book dates as paid: "paid by 30 September 2025", where it dates nothing later; never what the run pays. */
const paidWords = "paid by " + day(data.totals.paid_until || data.meta.start);
const years = data.circularity.map(block => Number(String((block.window || {}).from).slice(0, 4)));
const blockOf = year => data.circularity[years.indexOf(year)] || null;
const firmsOf = year => Object.entries((blockOf(year) || {}).firms || {});

/** The firms asked about first: those that the data name, else the largest seller and the largest spender. */
function headlineFirms(year) {
    const largest = size =>
        (firmsOf(year)
            .filter(([, firm]) => known(size(firm)))
            .sort((a, b) => size(b[1]) - size(a[1]))[0] || [null])[0];
    const wish = data.meta.headline || [];
    return {
        seller: wish[0] || largest(firm => firm.revenue_usd),
        spender: wish[1] || largest(firm => (firm.spending || {}).paid_usd),
    };
}

/** True where quoting the split would pretend to know; the rule is the command's, the data bring its answer. */
const saysNothing = split => Boolean(split && split.not_known && readingRange(split));
const settles =
    "What would settle it: contracts that bind the money to its purpose, or the firm's payments by day.";

/** Sentence one: how much of what a firm received for goods and services it had itself paid out. */
function revenueSentence(id, year) {
    const firm = ((blockOf(year) || {}).firms || {})[id],
        name = nameOf(id);
    if (!firm || !firm.own_money_back || typical(firm.own_money_back) === null)
        return {
            unknown: true,
            text:
                "Not known: how much of " +
                name +
                "’s revenue of " +
                year +
                " was its own money come back; the run does not say.",
        };
    if (firm.revenue_usd === 0)
        return {
            text: "On the central path " + name + " receives nothing for goods and services in " + year + ".",
        };
    const own = firm.own_money_back,
        range = readingRange(own),
        held = typical(firm.held_before);
    const start = "of every 100 dollars " + name + " receives for goods and services in " + year + ", ";
    const most = known(own.at_most) ? ofHundred(own.at_most) : null;
    if (saysNothing(own))
        return {
            unknown: true,
            text:
                "Not known: on the central path, " +
                start +
                "anything from " +
                ofHundred(range[0]) +
                " to " +
                ofHundred(range[1]) +
                " is money it has itself paid out, depending on the reading; bounds " +
                ofHundred(own.at_least) +
                " and " +
                most +
                ". " +
                settles,
        };
    const readings = range ? "; " + otherReadings(own) : "";
    const before =
        held > 0.25
            ? ", and " + ofHundred(held) + " are cash held when the book opens, of unknown origin"
            : "";
    const none = !(own.at_least > 5e-9)
        ? "none forces any"
        : own.at_least < 0.005
          ? "none forces as much as 1"
          : "none allows less than " + ofHundred(own.at_least);
    const bounds =
        most === null
            ? ""
            : own.at_most < 5e-9
              ? " No reading allows any."
              : " No reading allows more than " + most + "; " + none + ".";
    const share = ofHundred(own.typical),
        verb = share === "1" || share === "less than 1" ? " is" : " are";
    return {
        text: "On the central path, " + start,
        key: (/^\d/.test(share) && share !== "0" ? "about " : "") + (share === "0" ? "none" : share),
        rest:
            verb +
            " money it has itself paid out to firms in this book (pro rata" +
            readings +
            ")" +
            before +
            "." +
            bounds,
    };
}

const spendingParts = [
    ["customers", "its customers"],
    ["partners_money", "partners"],
    ["own_money_back", "money it has itself paid out"],
    ["outside_capital", "outside capital"],
    ["held_before", "cash held when the book opens"],
];
/** "120 B of equipment, 75 B of service and 3 B of 2 other types": what a firm paid, by type of payment. */
function typesOf(usd) {
    const all = Object.entries(usd || {})
        .filter(([, value]) => value > 0)
        .sort((a, b) => b[1] - a[1]);
    const rest = all.slice(3);
    return (
        all
            .slice(0, 3)
            .map(([type, value]) => roughly(value) + " of " + type.replace(/_/g, " "))
            .join(", ") +
        (rest.length
            ? " and " +
              roughly(rest.reduce((sum, [, value]) => sum + value, 0)) +
              " of " +
              counted(rest.length, "other type")
            : "")
    );
}
/** What is counted as paid for goods and services, and what other spending is not. */
function countedAs(spending) {
    const counts = typesOf(spending.counted_usd),
        not = typesOf(spending.left_out_usd);
    return counts ? " Counted: " + counts + (not ? "; not counted: " + not : "") + "." : "";
}
/** Sentence two: where the money came from that a firm paid for goods and services. */
function spendingSentence(id, year) {
    const spending = (((blockOf(year) || {}).firms || {})[id] || {}).spending,
        name = nameOf(id);
    const shares = spendingParts.map(([key]) => typical((spending || {})[key]));
    if (!spending || shares.some(share => share === null))
        return {
            unknown: true,
            text:
                "Not known: where the money came from that " +
                name +
                " pays for goods and services in " +
                year +
                "; the run does not say.",
        };
    if (spending.paid_usd === 0)
        return { text: "On the central path " + name + " pays nothing for goods and services in " + year + "." };
    // Each rounded by itself, as the commands print it: a sum of 99 or 101 is no fault.
    const numbers = shares.map(share => Math.round(100 * share));
    const words = spendingParts
        .map(([, from], i) => [numbers[i], from])
        .filter(([n]) => n > 0)
        .map(([n, from], i) => (i ? n + " from " : "") + from);
    const first = spendingParts.findIndex((_, i) => numbers[i] > 0);
    return {
        text:
            "On the central path, of every 100 dollars " +
            name +
            " pays for goods and services in " +
            year +
            ", ",
        key: String(numbers[first]),
        rest: " come from " + listed(words) + " (pro rata).",
        note: countedAs(spending),
    };
}
const whole = sentence => sentence.text + (sentence.key || "") + (sentence.rest || "") + (sentence.note || "");
/** What a copied sentence of the run is to be taken for. */
const runRule = () =>
    houseRule() + "; a run from " + day(data.meta.start) + ", no record of what happened";
const sentenceElement = sentence =>
    element(
        "p",
        { class: "sentence" + (sentence.unknown ? " unknown" : "") },
        sentence.text,
        sentence.key
            ? element(
                  "a",
                  { href: "#how", click: openHow, title: "how this is counted" },
                  element("b", {}, sentence.key),
              )
            : null,
        sentence.rest || null,
        sentence.note ? element("small", { class: "quiet" }, sentence.note) : null,
        " ",
        copyButton("copy", () => whole(sentence) + " (" + runRule() + ")"),
    );

const rules = [
    [
        "customers",
        "outside customers paid it for goods and services, directly or through other firms; AI customers and classic ones apart",
    ],
    ["outside capital", "capital markets, banks, states put it in, directly or through other firms"],
    ["held before", "it lay in a till when the run opens; its origin is not known"],
    [
        "partners' money",
        "another operating firm of the book put it in as finance: stakes, loans, vendor credit, guarantees called",
    ],
    ["own money back", "the firm asked about had itself paid it out, for whatever reason"],
    [
        "pro rata",
        "every payment of a firm has the mix of its till and all receipts of the quarter; the quoted number",
    ],
    [
        "readings",
        "the same with another order out of the till: opening till first (fifo), receipts first (lifo), deals linked to a purchase pay it first (linked). Conventions that someone uses, each sums to 100",
    ],
    [
        "bounds",
        "what no way of labelling that conserves money at every till and keeps bound money to its purpose can go under or over. Each is sharp by itself; they do not hold together and are never added",
    ],
    ["circular", "own money back and partners' money together, with bounds of its own"],
];
function returnSentence(id, year) {
    const firm = ((blockOf(year) || {}).firms || {})[id] || {},
        back = firm.return_share;
    if (!back || typical(back) === null || !firm.paid_in_usd) return null;
    const range = readingRange(back);
    return (
        "On the central path, for every 100 dollars " +
        nameOf(id) +
        " pays to firms of this book in " +
        year +
        " (" +
        billions(firm.paid_in_usd) +
        "), " +
        ofHundred(typical(back)) +
        " come back for goods and services by the end of the year (pro rata" +
        (range ? "; " + otherReadings(back) : "") +
        (known(back.at_least) && known(back.at_most)
            ? "; bounds " + ofHundred(back.at_least) + " and " + ofHundred(back.at_most)
            : "") +
        ")."
    );
}
const switcher = (label, choices, current, link) =>
    element(
        "span",
        { class: "switch" },
        label,
        choices.map(([value, word]) =>
            element("a", { href: link(value), "aria-current": value === current ? "true" : null }, word),
        ),
    );

/** The next year's share beside the first one, which is largely cash held before the book opens. */
function nextYear(id, year) {
    const own = (((blockOf(year + 1) || {}).firms || {})[id] || {}).own_money_back;
    if (!own || typical(own) === null || saysNothing(own)) return "";
    const range = readingRange(own) ? otherReadings(own) + "; " : "";
    return `In ${year + 1}: ${ofHundred(own.typical)} of 100 (pro rata; ${range}bounds ${ofHundred(own.at_least)} and ${ofHundred(own.at_most)}). `;
}
function openHow(event) {
    event.preventDefault();
    byId("how").open = true;
}

function showAnswer(state, link) {
    const headline = headlineFirms(state.year),
        seller = state.firm || headline.seller,
        spender = state.firm || headline.spender;
    if (!seller)
        return put(
            "answer",
            element(
                "p",
                { class: "sentence unknown" },
                "Not known: where the firms’ money comes from. The run gives no payments to trace.",
            ),
        );
    const firm = ((blockOf(state.year) || {}).firms || {})[seller] || {};
    const others = firmsOf(state.year)
        .map(([id]) => id)
        .filter(id => id !== seller || state.firm)
        .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    const back = returnSentence(seller, state.year);
    const ratio = firm.vendor_financing_ratio || {},
        shares = ["paid", "promised"]
            .filter(basis => known(ratio[basis]))
            .map(basis => percent(ratio[basis]) + " " + basis);
    put(
        "answer",
        sentenceElement(revenueSentence(seller, state.year)),
        spender ? sentenceElement(spendingSentence(spender, state.year)) : null,
        element(
            "div",
            { class: "quiet" },
            nameOf(seller) +
                ", counted on cash received: " +
                billions(firm.revenue_usd) +
                " USD; booked revenue " +
                billions(firm.booked_revenue_usd) +
                ". " +
                (state.year === years[0] ? nextYear(seller, state.year) : ""),
            years.length > 1
                ? [
                      switcher(
                          "Year",
                          years.map(year => [year, String(year)]),
                          state.year,
                          year => link({ year }),
                      ),
                      " ",
                  ]
                : null,
            element(
                "details",
                { class: "more", id: "how" },
                element(
                    "summary",
                    {},
                    "How this is counted · the same for " +
                        counted(firmsOf(state.year).length - 1, "other firm"),
                ),
                back
                    ? element(
                          "p",
                          {},
                          back,
                          " ",
                          copyButton("copy", () => back + " (" + runRule() + ")"),
                      )
                    : null,
                shares.length
                    ? element(
                          "p",
                          {},
                          "Finance given to its buyers, over the revenue from those paid or promised to: " +
                              listed(shares) +
                              ".",
                      )
                    : null,
                element(
                    "p",
                    { class: "switch" },
                    "The same for",
                    state.firm ? element("a", { href: link({ firm: "" }) }, "both as at first") : null,
                    others.map(id =>
                        element(
                            "a",
                            { href: link({ firm: id }), "aria-current": id === state.firm ? "true" : null },
                            nameOf(id),
                        ),
                    ),
                ),
                element(
                    "dl",
                    {},
                    rules.map(([word, meaning]) => [
                        element("dt", {}, element("b", {}, word)),
                        element("dd", {}, meaning),
                    ]),
                ),
                element("p", {}, "A loop is not a round trip; goods are delivered. Elements, no verdict."),
            ),
        ),
    );
}

// ---- promised, signed, paid ---------------------------------------------------------------------------------------------

const standingGroups = [
    ["filings", ["filed"]],
    ["announcements", ["announced"]],
    ["press", ["reported", "rumoured"]],
    ["others’ estimates", ["estimated"]],
    ["arithmetic on these", ["derived"]],
    ["our own assumptions", ["assumed"]],
    ["disputed figures", ["disputed"]],
];
function standingSentence() {
    const usd = standing =>
        data.standings
            .filter(row => row.standing === standing && known(row.usd))
            .reduce((sum, row) => sum + row.usd, 0);
    const groups = standingGroups.map(([word, standings]) => [
        word,
        standings.reduce((sum, standing) => sum + usd(standing), 0),
    ]);
    const total = groups.reduce((sum, [, value]) => sum + value, 0);
    if (!total) return "";
    return (
        "By dollars, " +
        listed(
            groups
                .map(([word, value]) => [value, ofHundred(value / total) + " % rests on " + word])
                .filter(([value]) => value > 0)
                .map(([, text], i) => (i ? text.replace("rests ", "") : text)),
        ) +
        "."
    );
}
const deadDeals = () =>
    data.deals.filter(deal => deal.status === "ended").sort((a, b) => (b.usd || 0) - (a.usd || 0));
/** A figure's value without its standing, which has a place of its own. */
function valueText(figure) {
    const text = figure.value_text || figure.text || "",
        standing = " " + figure.standing;
    return text.endsWith(standing) ? text.slice(0, -standing.length) : text;
}
/** What a deal is about: the figure as the book has it ("up to 100 B USD"), else its amount, else a part or a quantity. */
function valueOf(deal) {
    const find = keys => (deal.figures || []).find(figure => keys.includes(figure.key) && figure.value_text);
    const main = find(["limit", "total", "amount", "per_year"]);
    if (main) return valueText(main);
    if (deal.usd > 0) return billions(deal.usd) + " USD";
    const other = find(["part", "of", "percent", "quantity", "gw", "shares"]);
    if (!other) return "amount not known";
    return (other.key === "percent" || other.key === "gw" ? "" : other.key + " ") + valueText(other);
}
/** What a deal is called where its terms stand beside it: its kind and its id. */
const dealName = deal => deal.kind.replace(/_/g, " ") + " " + deal.id;
/** The date at the beginning of a text that may say more. */
const dateIn = text => (/^[0-9][^ ]*/.exec(text || "") || [text || ""])[0];
function endedText(deal) {
    const next = dealsById.get(deal.superseded_by);
    const when = [deal.signed, deal.ended].filter(Boolean).map(dateIn).join(" to ");
    return (
        nameOf(deal.from) +
        " → " +
        nameOf(deal.to) +
        ", " +
        kinds[letterOf(deal.kind)].word +
        ", " +
        valueOf(deal) +
        (when ? " (" + when + ")" : "") +
        (next ? "; " + kinds[letterOf(next.kind)].word + " of " + valueOf(next) + " took its place" : "")
    );
}
const pattern = drawn(
    "pattern",
    { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    drawn("rect", { width: 7, height: 7, fill: "#fff" }),
    drawn("rect", { width: 2.5, height: 7, fill: "#8fa9bd" }),
);
function showPromised(link) {
    const { promised_usd: promised, signed_usd: signed, paid_usd: paid } = data.totals;
    if (!known(promised))
        return put("promised", element("p", { class: "quiet" }, "Promised, signed, paid: not known."));
    const steps = [
        ["Promised ", promised, "url(#hatch)", " USD over the deals’ whole terms, of which "],
        ["signed ", signed, "#7fb2d6", ", of which "],
        [paidWords + " ", paid, "#0b4f8a", ". "],
    ];
    const line =
        steps.map(([word, value, , after]) => word + billions(value) + after).join("") + standingSentence();
    const share = value => (promised > 0 && known(value) ? Math.min(100, (100 * value) / promised) : 0) + "%";
    const dead = deadDeals(),
        gone = dead.slice(0, 1).map(endedText).join(". ");
    const bar = drawn(
        "svg",
        { height: 20, role: "img", "aria-label": line },
        drawn("defs", {}, pattern),
        drawn("rect", { x: 0, y: 1, width: "100%", height: 18, fill: "url(#hatch)", stroke: "#8fa9bd" }),
        drawn("rect", { x: 0, y: 1, width: share(signed), height: 18, fill: "#7fb2d6" }),
        drawn("rect", { x: 0, y: 1, width: share(paid), height: 18, fill: "#0b4f8a" }),
    );
    const key = fill =>
        drawn(
            "svg",
            { class: "key", width: 14, height: 12, "aria-hidden": "true" },
            drawn("rect", { width: 14, height: 12, fill, stroke: "#8fa9bd" }),
        );
    put(
        "promised",
        bar,
        element(
            "p",
            {},
            steps.map(([word, value, fill, after]) => [
                key(fill),
                word,
                element("b", {}, billions(value)),
                after,
            ]),
            standingSentence(),
            " ",
            copyButton("copy", () => line + " (" + houseRule() + ")"),
        ),
        dead.length
            ? element(
                  "p",
                  { class: "quiet" },
                  "Ended and no longer counted: " + gone + ". ",
                  dead.length > 1
                      ? element(
                            "a",
                            { href: link({ go: "ended" }) },
                            "and " + counted(dead.length - 1, "more", "more"),
                        )
                      : null,
              )
            : null,
    );
}
