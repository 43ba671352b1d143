// The page from top to bottom. What a reader has chosen stands in the address after #, so that links and Back work.

const defaults = {
    count: windowYear && (data.loops.loops.length || !data.map.promises.length) ? "run" : "promised",
    year: years[0] || null,
    loop: "0",
    firm: "",
    fan: "",
    of: "",
    deal: "",
    go: "",
};
const kept = ["count", "year", "loop", "firm", "fan", "of"];

function readState() {
    const state = { ...defaults };
    for (const part of location.hash.slice(1).split("&")) {
        const [key, value] = part.split("=");
        try {
            if (key in state && value) state[key] = decodeURIComponent(value);
        } catch {
            /* a broken link shows the page as at first */
        }
    }
    state.year = years.includes(Number(state.year)) ? Number(state.year) : defaults.year;
    if (!counts.some(([count]) => count === state.count)) state.count = defaults.count;
    if (!entities.has(state.firm)) state.firm = "";
    return state;
}
/** The address of the present view with something changed. */
const linkFrom = state => change => {
    const next = { ...Object.fromEntries(kept.map(key => [key, state[key]])), ...change };
    if (next.loop === "") next.loop = defaults.loop;
    const said = Object.entries(next).filter(
        ([key, value]) => value !== null && value !== "" && String(value) !== String(defaults[key]),
    );
    return "#" + (said.map(([key, value]) => key + "=" + encodeURIComponent(value)).join("&") || "top");
};

/** Where the run begins before the day of what is known: what lies between feeds no run. */
function runBegins() {
    const { start, as_of: known } = data.meta;
    if (!start || !data.run.steps.length) return "";
    const begins = "The run begins on " + day(start) + ".";
    if (!(start < known)) return begins;
    return begins + " What firms have reported since then does not feed it (deals made since then do); perpetuum backtest judges it by that.";
}
function showHead() {
    const meta = data.meta;
    document.title = (meta.title || "perpetuum report") + ", as known on " + (meta.as_of || "an unknown day");
    put(
        "head",
        element("h1", { id: "top" }, meta.title || "perpetuum report"),
        element(
            "span",
            { class: "quiet" },
            counted(known(meta.deals) ? meta.deals : data.deals.length, "deal") +
                ", " +
                counted(
                    known(meta.firms) ? meta.firms : data.entities.filter(entity => !entity.outside).length,
                    "firm",
                ) +
                ", " +
                counted(known(meta.sources) ? meta.sources : data.sources.length, "source") +
                ". As known on " +
                day(meta.as_of) +
                ". Billions (B) of US dollars.",
            runBegins() ? " " + runBegins() : "",
        ),
    );
}
function showContents(link) {
    const places = [
        ["revenue", "Revenue by origin"],
        ["spending", "Spending by origin"],
        ["matrix", "Matrix"],
        ...(ensemble
            ? [
                  ["failing", "Who defaults"],
                  ["fans", "Ranges over time"],
              ]
            : []),
        ...(stress ? [["stopping", "If it stops"]] : []),
        ["hanging", "What it hangs on"],
        ["gauges", "Gauges"],
        ["time", "Central path"],
        ["deals", "Deals"],
        ["articles", "What the articles say"],
        ["answers", "Answers"],
        ["assumptions", "Assumptions"],
        ["foot", "Cite"],
    ];
    put(
        "contents",
        element("b", {}, "More:"),
        places.map(([go, word]) => element("a", { href: link({ go }) }, word)),
    );
}

/** Draws one part; what its data makes impossible is said in its place and keeps no other part from being drawn. */
function attempt(id, draw) {
    try {
        draw();
    } catch (error) {
        put(id, element("p", { class: "bad" }, "This part cannot be shown: " + error.message));
    }
}

let shownDeal = "",
    shownGo = "";
function show() {
    const state = readState(),
        link = linkFrom(state);
    attempt("answer", () => showAnswer(state, link));
    attempt("loops", () => showLoops(state, link));
    attempt("contents", () => showContents(link));
    attempt("revenue", () => showRevenue(state, link));
    attempt("spending", () => showSpending(state));
    attempt("matrix", () => showMatrix(state));
    attempt("fans", () => showFans(state, link));
    if (state.deal && state.deal !== shownDeal) openDeal(state.deal);
    const place = state.go && state.go !== shownGo && byId(state.go === "ended" ? "deals-ended" : state.go);
    if (place) place.scrollIntoView({ block: "start" });
    shownDeal = state.deal;
    shownGo = state.go;
}

attempt("head", () => showHead());
const atStart = linkFrom(defaults);
attempt("promised", () => showPromised(atStart));
attempt("outlook", () => showOutlook(atStart));
attempt("ifstops", () => showIfItStops(atStart));
attempt("hangs", () => showHangingSentence(atStart));
attempt("failing", () => showFailing());
attempt("stopping", () => showStopping());
attempt("hanging", () => showHanging());
attempt("gauges", () => showGauges());
attempt("time", () => showTime());
attempt("deals", () => showDeals(atStart));
attempt("articles", () => showArticles());
attempt("answers", () => showAnswers(atStart));
attempt("assumptions", () => showAssumptions());
attempt("foot", () => showFoot());
show();
window.addEventListener("hashchange", show);
let width = window.innerWidth;
window.addEventListener("resize", () => {
    if (Math.abs(window.innerWidth - width) < 8) return;
    width = window.innerWidth;
    attempt("loops", () => showLoops(readState(), linkFrom(readState())));
    attempt("fans", () => showFans(readState(), linkFrom(readState())));
    attempt("failing", () => showFailing());
    attempt("stopping", () => showStopping());
    attempt("hanging", () => showHanging());
});
