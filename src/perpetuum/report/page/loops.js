// The loops: the list is the navigation, the ring shows what is picked, the picked one opens to its legs.

const windowYear = Number(String((data.loops.window || {}).from || "").slice(0, 4)) || years[0] || null;
const counts = [
    ...(windowYear ? [["run", "paid in " + windowYear + " by the run"]] : []),
    ["promised", "promised"],
    ["signed", "signed"],
    ["paid", paidWords],
];
const sized = count => (count === "run" ? roughly : billions);
const unitOf = count =>
    count === "run" ? "in " + windowYear : count === "paid" ? paidWords : "over the whole terms";

/** Payments or promises between firms as arrows, joined by pair, letter and whether only announced. */
function arrows(count) {
    const joined = new Map();
    const add = (from, to, letter, announced, usd, deal) => {
        if (from === to || isOutside(from) || isOutside(to)) return;
        const key = [from, to, letter, announced].join("|");
        if (!joined.has(key)) joined.set(key, { from, to, letter, announced, usd: null, deals: [] });
        const arc = joined.get(key);
        if (known(usd)) arc.usd = (arc.usd || 0) + usd;
        if (deal && !arc.deals.includes(deal)) arc.deals.push(deal);
    };
    if (count === "run")
        for (const payment of data.payments) {
            if (payment.year !== windowYear || !(payment.usd > 0)) continue;
            const deal = dealsById.get(payment.deal) || {};
            add(
                payment.from,
                payment.to,
                letterOf(payment.kind, payment.nature, deal.kind),
                deal.status === "announced",
                payment.usd,
                payment.deal,
            );
        }
    else
        for (const promise of data.map.promises) {
            if (promise.status === "ended" && count !== "paid") continue;
            if (count === "signed" && promise.status !== "signed") continue;
            if (count === "paid" && !(promise.paid_usd > 0)) continue;
            add(
                promise.from,
                promise.to,
                letterOf(promise.kind),
                count !== "paid" && promise.status === "announced",
                count === "paid" ? promise.paid_usd : promise.usd,
                promise.deal,
            );
        }
    return [...joined.values()].sort((a, b) => (b.usd || 0) - (a.usd || 0));
}
/** The loops of a way of counting. Signed and paid are the promised ones with each leg counted that way; none can be new. */
function loopsOf(count) {
    if (count === "run") return data.loops.loops;
    if (count === "promised") return data.map.loops;
    const arcs = arrows(count),
        pair = new Map();
    for (const arc of arcs) {
        const key = arc.from + "→" + arc.to,
            leg = pair.get(key) || {
                from: arc.from,
                to: arc.to,
                letter: arc.letter,
                status: "signed",
                usd: 0,
                deals: [],
            };
        leg.usd += arc.usd || 0;
        leg.deals.push(...arc.deals);
        pair.set(key, leg);
    }
    return data.map.loops
        .map(loop => ({ ...loop, legs: loop.legs.map(leg => pair.get(leg.from + "→" + leg.to)) }))
        .filter(loop => loop.legs.every(leg => leg && leg.usd > 0))
        .map(loop => ({ ...loop, gain: null, bottleneck_usd: Math.min(...loop.legs.map(leg => leg.usd)) }))
        .sort((a, b) => b.bottleneck_usd - a.bottleneck_usd);
}
const loopName = (loop, name) => [...loop.firms, loop.firms[0]].map(name).join(" → ");
const legLetter = leg =>
    leg.letter ||
    letterOf(
        leg.kind,
        null,
        leg.deals && leg.deals.length === 1 ? (dealsById.get(leg.deals[0]) || {}).kind : null,
    );
const narrowest = loop =>
    loop.legs.reduce((least, leg) => (known(leg.usd) && (!least || leg.usd < least.usd) ? leg : least), null);

function loopSentence(loop, count) {
    const leg = narrowest(loop),
        usd = sized(count)(loop.bottleneck_usd) + " USD ";
    return (
        loopName(loop, nameOf) +
        ": at most " +
        usd +
        (count === "run"
            ? "a year can go round (" + windowYear + ")"
            : count === "paid"
              ? "of what was " + paidWords + " can have gone round"
              : "can go round " + unitOf(count)) +
        (leg ? "; the narrowest leg is " + nameOf(leg.from) + " → " + nameOf(leg.to) : "") +
        "."
    );
}
/** The types of payment of a leg with their amounts, the largest first; empty where it is all of one. */
function typesOfLeg(leg) {
    const types = Object.entries(leg.kinds || {}).sort((a, b) => b[1] - a[1]);
    return types.length > 1 ? types : [];
}
function legTable(loop, count, link) {
    const announced = leg => leg.status === "announced";
    const word = type => type.replace(/_/g, " ");
    return table(
        "Legs, USD " + unitOf(count),
        [
            { head: "Leg", of: leg => nameOf(leg.from) + " → " + nameOf(leg.to) },
            {
                head: "Kind",
                of: leg =>
                    typesOfLeg(leg).length
                        ? typesOfLeg(leg).map(([type, usd], i) => [
                              i ? ", " : "",
                              element(
                                  "span",
                                  { class: "together" },
                                  letterMark(letterOf(type), announced(leg)),
                                  " " + word(type) + " " + sized(count)(usd),
                              ),
                          ])
                        : element(
                              "span",
                              { class: "together" },
                              letterMark(legLetter(leg), announced(leg)),
                              " " + kinds[legLetter(leg)].word,
                          ),
                copy: leg =>
                    typesOfLeg(leg)
                        .map(([type, usd]) => word(type) + " " + usd)
                        .join(", ") || kinds[legLetter(leg)].word,
            },
            { head: "Status", of: leg => leg.status || "" },
            { head: "Amount", number: true, of: leg => sized(count)(leg.usd), copy: leg => leg.usd },
            {
                head: "Deals",
                of: leg =>
                    (leg.deals || []).map((id, i) => [
                        i ? "; " : "",
                        element("a", { href: link({ deal: id }) }, dealsById.has(id) ? dealName(dealsById.get(id)) : id),
                        dealsById.has(id) ? ": " + valueOf(dealsById.get(id)) : "",
                    ]),
                copy: leg => (leg.deals || []).join(" "),
            },
        ],
        loop.legs,
    );
}

/** "25 cents come", "1 cent comes", "less than a cent comes". */
const centsCome = gain => {
    const cents = Math.round(gain * 100);
    if (gain > 0 && cents === 0) return "less than a cent comes";
    return cents + (cents === 1 ? " cent comes" : " cents come");
};

/** Stakes given between firms where nothing leads back from the one funded to the one who funds. */
function alliances(arcs) {
    const next = new Map();
    for (const arc of arcs) next.set(arc.from, [...(next.get(arc.from) || []), arc.to]);
    const reaches = (start, goal) => {
        const seen = new Set([start]),
            open = [start];
        while (open.length)
            for (const to of next.get(open.pop()) || []) {
                if (to === goal) return true;
                if (!seen.has(to)) {
                    seen.add(to);
                    open.push(to);
                }
            }
        return false;
    };
    const pairs = arcs
        .filter(arc => arc.letter === "E" && !reaches(arc.to, arc.from))
        .map(arc => nameOf(arc.from) + "–" + nameOf(arc.to));
    return [...new Set(pairs)];
}

const listedMost = 200;
const listedFirst = 6; // what a screen of 1280 × 800 shows beside the ring
function showLoops(state, link) {
    const all = loopsOf(state.count),
        arcs = arrows(state.count),
        unit = unitOf(state.count);
    const number = state.loop === "all" ? -1 : Math.min(Number(state.loop) || 0, all.length - 1),
        loop = all[number] || null;
    const picked = loop && new Set(loop.legs.map(leg => leg.from + "→" + leg.to));
    const label = loop
        ? loopSentence(loop, state.count)
        : "Payments between " +
          counted(new Set(arcs.flatMap(arc => [arc.from, arc.to])).size, "firm") +
          ", USD " +
          unit +
          "; the largest: " +
          arcs
              .slice(0, 3)
              .map(arc => arcWords(arc, unit, sized(state.count)))
              .join("; ") +
          ".";
    const keep =
        document.activeElement && document.activeElement.closest && document.activeElement.closest("ol.list");
    const block = blockOf(windowYear),
        item = (i, one) =>
            element(
                "li",
                {},
                element(
                    "a",
                    {
                        class: "pick",
                        href: link({ loop: i }),
                        "aria-current": i === number || (i === "all" && number < 0) ? "true" : null,
                    },
                    element("span", {}, one ? loopName(one, shortName) : "All payments"),
                    element("span", {}, one ? sized(state.count)(one.bottleneck_usd) : ""),
                ),
                one && i === number
                    ? element(
                          "div",
                          { class: "picked" },
                          legTable(one, state.count, link),
                          known(one.gain)
                              ? element(
                                    "p",
                                    { class: "quiet" },
                                    "Of a dollar that " +
                                        nameOf(one.firms[0]) +
                                        " gets, " +
                                        centsCome(one.gain) +
                                        " back this way if each firm spends all it gets alike.",
                                )
                              : null,
                      )
                    : null,
            );
    const rows = all.slice(0, listedMost).map((one, i) => item(i, one)),
        rest = rows.slice(listedFirst),
        lone = alliances(arcs);
    const box = element("div", { class: "ring" });
    put(
        "loops",
        element(
            "p",
            { style: "max-width:none" },
            element("h2", { class: "inline" }, "The loops. "),
            all.length ? loopSentence(all[0], state.count) : "No loop closes, counted " + unit + ".",
            " ",
            all.length
                ? copyButton(
                      "copy",
                      () =>
                          loopSentence(all[0], state.count) +
                          " A loop says that the same money can return, not that it did. (" +
                          houseRule() +
                          ")",
                  )
                : null,
        ),
        element(
            "div",
            { class: "loops" },
            box,
            element(
                "div",
                {},
                switcher("Count", counts, state.count, count => link({ count, loop: "" })),
                element(
                    "p",
                    { class: "quiet" },
                    (state.count === "run" && data.loops.complete === false
                        ? "The " + counted(all.length, "loop") + " with the largest narrowest legs; there may be more"
                        : counted(all.length, "loop") + " in all") +
                        ". A loop says that the same money can return, not that it did.",
                ),
                all.length > 0 &&
                    element(
                        "ol",
                        { class: "list", keydown: stepThrough },
                        item("all", null),
                        rows.slice(0, listedFirst),
                    ),
                rest.length
                    ? element(
                          "details",
                          { class: "more", open: number >= listedFirst ? "" : null },
                          element(
                              "summary",
                              {},
                              counted(all.length - listedFirst, "smaller loop") +
                                  (all.length > listedMost
                                      ? ", the largest " + (listedMost - listedFirst) + " listed"
                                      : ""),
                          ),
                          element("ol", { class: "list", keydown: stepThrough }, rest),
                      )
                    : null,
                state.count === "run" && block && known(block.max_circulation_usd)
                    ? element(
                          "p",
                          { class: "quiet" },
                          "All loops together: at most " +
                              roughly(block.max_circulation_usd) +
                              " of the " +
                              roughly(block.gross_usd) +
                              " USD that firms paid each other in " +
                              windowYear +
                              " can go round.",
                      )
                    : null,
                lone.length
                    ? element(
                          "p",
                          { class: "quiet" },
                          "Alliances that close no loop: " +
                              lone.slice(0, 6).join(", ") +
                              (lone.length > 6 ? " and " + (lone.length - 6) + " more" : "") +
                              ".",
                      )
                    : null,
            ),
        ),
        arcs.length > 0 &&
            folded(
                "All payments between firms as a table",
                table(
                    "Who pays whom, USD " + unit,
                    [
                        { head: "From", of: arc => nameOf(arc.from) },
                        { head: "To", of: arc => nameOf(arc.to) },
                        {
                            head: "Kind",
                            of: arc => [letterMark(arc.letter, arc.announced), " " + kinds[arc.letter].word],
                            copy: arc => kinds[arc.letter].word,
                        },
                        { head: "Status", of: arc => (arc.announced ? "announced" : "") },
                        {
                            head: "Amount",
                            number: true,
                            of: arc => sized(state.count)(arc.usd),
                            copy: arc => arc.usd,
                        },
                    ],
                    arcs,
                ),
            ),
    );
    if (arcs.length) {
        const width = Math.max(280, Math.round(box.clientWidth)),
            height = width < 480 ? width : Math.round(Math.min(width * 0.6, 405));
        const notes = state.count === "run" ? outsideNote : null;
        const svg = ring(arcs, {
            width,
            height,
            picked,
            unit,
            label,
            notes,
            size: sized(state.count),
            link: id => link({ firm: id }),
        });
        const below = [
            label,
            "USD " +
                unit +
                "; width = amount, dashes = announced only; " +
                Object.entries(kinds)
                    .map(([letter, kind]) => letter + " " + kind.word)
                    .join(", ") +
                ".",
            "As known on " + day(data.meta.as_of) + "; " + houseRule() + ".",
        ];
        box.append(
            svg,
            element(
                "div",
                { class: "keys" },
                Object.entries(kinds)
                    .filter(([letter]) => arcs.some(arc => arc.letter === letter))
                    .map(([letter, kind]) => element("span", {}, letterMark(letter), " " + kind.word)),
                arcs.some(arc => arc.announced) ? element("span", {}, "dashes: announced only") : null,
                element(
                    "span",
                    {},
                    pictureButtons("perpetuum-loops", () =>
                        framed(svg, data.meta.title || "Who pays whom", below),
                    ),
                ),
            ),
            ...(loop && notes
                ? [
                      element(
                          "p",
                          { class: "quiet" },
                          "Beside this loop, " +
                              loop.firms.map(id => nameOf(id) + " " + notes(id)).join("; ") +
                              ".",
                      ),
                  ]
                : []),
        );
    }
    const current = keep && byId("loops").querySelector("ol.list a[aria-current=true]");
    if (current) current.focus();
}
/** What a firm gets from and pays to those outside the book: the money that no loop here explains. */
function outsideNote(id) {
    const sum = (mine, other) =>
        data.payments
            .filter(one => one.year === windowYear && one[mine] === id && isOutside(one[other]))
            .reduce((total, one) => total + one.usd, 0);
    return (
        "got " +
        roughly(sum("to", "from")) +
        " from outside and paid " +
        roughly(sum("from", "to")) +
        " to it"
    );
}
function stepThrough(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key],
        links = [...event.currentTarget.querySelectorAll("a.pick")];
    const next = by && links[links.indexOf(document.activeElement) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
    location.hash = next.getAttribute("href");
}
