// The deals: each opens to its figures with standing, source and rivals, and to what the parties say about it.

function figureRows(deal) {
    return table(
        "Figures",
        [
            { head: "What", of: figure => figure.key.replace(/_/g, " ") },
            {
                head: "Figure",
                of: figure => element("span", { title: figure.text || "" }, valueText(figure)),
            },
            {
                head: "Standing",
                of: figure =>
                    figure.standing === "assumed" ? element("b", {}, "assumed") : figure.standing || "",
            },
            {
                head: "Source",
                of: figure =>
                    joined(
                        (figure.sources || []).map(source => sourceLink(source.id, source.place)),
                        "; ",
                    ),
            },
            {
                head: "Remark",
                of: figure => [
                    figure.remark || "",
                    (figure.rivals || []).length
                        ? element("div", {}, element("b", {}, "Rivals: "), figure.rivals.join("; "))
                        : null,
                ],
                copy: figure => [figure.remark, ...(figure.rivals || [])].filter(Boolean).join("; "),
            },
        ],
        deal.figures || [],
    );
}
const roleText = deal =>
    Object.entries(deal.roles || {})
        .map(([role, ids]) => role + ": " + ids.map(id => (dealsById.has(id) ? id : fullName(id))).join(", "))
        .join("; ");
/** A few words that tell deals of one kind apart: the remark of its main figure, else its note. */
function aboutDeal(deal) {
    const keys = ["limit", "total", "amount", "per_year", "part", "gw"];
    const main = keys
        .map(key => (deal.figures || []).find(figure => figure.key === key && figure.remark))
        .find(Boolean);
    return (main && main.remark) || deal.note || "";
}
/** Who pays and who is paid; of a deal without an amount of its own the parties as its roles name them. */
function sidesOf(deal) {
    const named = Object.values(deal.roles || {})
        .flat()
        .filter(id => !dealsById.has(id));
    return [deal.from || named[0], deal.to || named[1]].filter(Boolean);
}
const partiesOf = deal => sidesOf(deal).map(nameOf).join(" → ");
function dealCard(deal, link) {
    const letter = letterOf(deal.kind),
        others = (word, ids) =>
            ids && ids.length
                ? element(
                      "p",
                      {},
                      element("b", {}, word),
                      joined(
                          ids.map(id => element("a", { href: link({ deal: id }) }, id)),
                          ", ",
                      ),
                  )
                : null;
    const fill = details => {
        if (!details.open || details.childElementCount > 1) return;
        details.append(
            ...[
                element(
                    "p",
                    {},
                    deal.phrase || "",
                    " ",
                    element(
                        "span",
                        { class: "quiet" },
                        deal.id + " · " + deal.kind.replace(/_/g, " ") + " · " + roleText(deal),
                    ),
                ),
                element(
                    "p",
                    {},
                    [
                        deal.signed ? "Signed " + deal.signed + ". " : "",
                        deal.ended ? "Ended " + deal.ended + ". " : "",
                    ].join(""),
                ),
                others("Superseded by ", deal.superseded_by ? [deal.superseded_by] : []),
                others("Linked with ", deal.linked),
                others("Bound to ", deal.for),
                figureRows(deal),
                (deal.says || []).map(one =>
                    element("p", {}, element("b", {}, nameOf(one.party) + " answers: "), one.text),
                ),
                deal.note ? element("p", {}, deal.note) : null,
            ]
                .flat()
                .filter(child => child && child.textContent),
        );
    };
    return element(
        "details",
        { class: "deal", id: "deal-" + deal.id, toggle: event => fill(event.currentTarget) },
        element(
            "summary",
            {},
            letterMark(letter, deal.status === "announced"),
            element(
                "span",
                { class: deal.status === "ended" ? "ended" : null },
                partiesOf(deal),
            ),
            element("span", { class: "phrase quiet" }, aboutDeal(deal)),
            element("span", { class: "usd" }, valueOf(deal)),
            element("span", { class: "when quiet" }, dateIn(deal.signed)),
        ),
    );
}
function showDeals(link) {
    const order = { signed: 0, announced: 1, ended: 2 },
        sorted = data.deals
            .slice()
            .sort((a, b) => (order[a.status] ?? 3) - (order[b.status] ?? 3) || (b.usd || 0) - (a.usd || 0));
    const groups = ["signed", "announced", "ended"]
        .map(status => [status, sorted.filter(deal => deal.status === status)])
        .concat([["other", sorted.filter(deal => !(deal.status in order))]])
        .filter(([, deals]) => deals.length);
    const titles = {
        signed: "Signed",
        announced: "Announced, not signed",
        ended: "Ended and no longer counted",
        other: "Others",
    };
    const box = element(
        "div",
        {},
        groups.map(([status, deals]) => [
            element(
                "h3",
                { id: "deals-" + status, style: "margin-top:1rem" },
                titles[status] + " (" + deals.length + ")",
            ),
            deals.map(deal => dealCard(deal, link)),
        ]),
    );
    const texts = new Map(
        data.deals.map(deal => [
            deal.id,
            [
                deal.id,
                deal.kind,
                deal.phrase,
                deal.note,
                partiesOf(deal),
                ...(deal.figures || []).map(figure => figure.text),
            ]
                .join(" ")
                .toLowerCase(),
        ]),
    );
    const filter = event => {
        for (const card of box.querySelectorAll("details.deal"))
            card.hidden = !texts.get(card.id.slice(5)).includes(event.target.value.trim().toLowerCase());
    };
    put(
        "deals",
        element("h2", {}, "The deals"),
        element(
            "p",
            {},
            "Each opens to its figures: how it is known, where it stands, what others say instead. Amounts are totals over the deal unless the figure says otherwise.",
        ),
        data.deals.length
            ? [
                  element(
                      "p",
                      {},
                      element(
                          "label",
                          {},
                          "Find ",
                          element("input", {
                              type: "search",
                              input: filter,
                              placeholder: "firm, kind, words",
                          }),
                      ),
                  ),
                  box,
                  folded(
                      "As a table",
                      table(
                          "Deals",
                          [
                              { head: "Deal", of: deal => deal.id },
                              { head: "From", of: deal => fullName(sidesOf(deal)[0] || "") },
                              { head: "To", of: deal => fullName(sidesOf(deal)[1] || "") },
                              { head: "Kind", of: deal => deal.kind },
                              { head: "Status", of: deal => deal.status },
                              {
                                  head: "USD",
                                  number: true,
                                  of: deal => billions(deal.usd),
                                  copy: deal => deal.usd,
                              },
                              { head: "Signed", of: deal => deal.signed || "" },
                              { head: "Ended", of: deal => deal.ended || "" },
                          ],
                          sorted,
                      ),
                  ),
              ]
            : element("p", {}, "The book has none."),
    );
}
function openDeal(id) {
    const card = byId("deal-" + id);
    if (!card) return;
    card.hidden = false;
    card.open = true;
    card.scrollIntoView({ block: "start" });
    card.querySelector("summary").focus({ preventScroll: true });
}
