// What follows when something happens: who fails and when, and what it costs whom through which channel. All of it is what
// `perpetuum stress` answers.

const studyOf = kind => (data.studies.find(study => study.kind === kind) || {}).answer || null;
const stress = studyOf("stress");
const stressStudy = data.studies.find(study => study.kind === "stress") || {};
const stressPaths = stress ? stress.paths - (stress.paths_left_out || 0) : 0;
const ofAHundred = n => {
    const share = (100 * n) / Math.max(1, stressPaths);
    return share > 0 && share < 1 ? "under 1" : String(Math.round(share));
};
const stepName = step => (stress.steps[step - 1] || "").replace(/^(\d{4})-Q4$/, "the end of $1");
const lastStep = () => stepName(stress.steps.length);
const stressWords = () =>
    stressStudy.says ? stressStudy.says.replace(/\.$/, "") : (stress.shocks || []).join("; ");
/** The firms that the stress makes fail more often, the likeliest first. */
const toppled = stress ? stress.failures.filter(one => one.with > one.without) : [];

function stoppingSentence() {
    const words = toppled.slice(0, 3).map(
        (one, i) =>
            nameOf(one.firm) +
            " on " +
            ofAHundred(one.with) +
            (i ? "" : " of 100 paths by " + lastStep()) +
            " (" +
            ofAHundred(one.without) +
            " without" +
            (i || one.median_step < 1 ? "" : "; half of them by " + stepName(one.median_step)) +
            ")",
    );
    return words.length
        ? "If it happens: " +
              stressWords() +
              ". Then " +
              listed(words) +
              " default. On " +
              ofAHundred(stress.further_failure.paths) +
              " of 100 paths somebody defaults who was not hit and would not have."
        : "If it happens: " + stressWords() + ". Nobody defaults more often than without by " + lastStep() + ".";
}
function showIfItStops(link) {
    if (!stress) return put("ifstops");
    const sentence = stoppingSentence();
    put(
        "ifstops",
        element(
            "p",
            {},
            sentence,
            " ",
            element("a", { href: link({ go: "stopping" }) }, "Who, when, and what it costs"),
            " ",
            copyButton("copy", () => sentence + " (" + houseRule() + ", " + counted(stressPaths, "path") + ", seed " + stress.seed + ")"),
        ),
    );
}

/** The step by which a share of a firm's failing paths have failed. */
const stepBy = (one, part) => 1 + one.paths_by_step.findIndex(n => n >= part * one.with);

function dominoPicture(firms, width) {
    const row = 26,
        top = 10,
        height = top + row * firms.length + 30,
        letters = width < 520 ? 12 : 26,
        box = { left: 8 + 7.2 * letters, right: width - 118, bottom: height - 26 };
    const steps = stress.steps.length,
        x = step => box.left + ((box.right - box.left) * (step - 1)) / Math.max(1, steps - 1);
    const short = name => (name.length > letters ? name.slice(0, letters - 1).trimEnd() + "…" : name);
    const text = (attributes, words) => drawn("text", { "font-size": 12.5, fill: "#1d1d1b", ...attributes }, words);
    const years = stress.steps.map((name, i) => [name, i + 1]).filter(([name]) => /-Q1$|^\d{4}$/.test(name)),
        every = Math.ceil((years.length * 44) / (box.right - box.left));
    return drawn(
        "svg",
        {
            viewBox: `0 0 ${width} ${height}`,
            width: "100%",
            role: "img",
            "font-family": "inherit",
            "aria-label":
                "When firms default with it: " +
                listed(
                    firms
                        .slice(0, 5)
                        .map(one => nameOf(one.firm) + " on " + ofAHundred(one.with) + " of 100 paths, half of them by " + stepName(one.median_step)),
                ) +
                ".",
        },
        years.map(([name, step], i) =>
            i % every
                ? null
                : [
                      drawn("line", { x1: x(step), x2: x(step), y1: top, y2: box.bottom, stroke: "#e4e3de" }),
                      text({ x: x(step), y: height - 8, "text-anchor": "middle", fill: "#5c5c58" }, name.slice(0, 4)),
                  ],
        ),
        firms.map((one, k) => {
            const y = top + row * k + row / 2,
                bar = (from, to, high, colour) =>
                    drawn("rect", {
                        x: x(stepBy(one, from)) - 2,
                        width: Math.max(4, x(stepBy(one, to)) - x(stepBy(one, from)) + 4),
                        y: y - high / 2,
                        height: high,
                        fill: colour,
                    });
            return [
                text({ x: box.left - 8, y: y + 4, "text-anchor": "end" }, short(nameOf(one.firm))),
                bar(0.1, 0.9, 6, "#bcd9ee"),
                bar(0.25, 0.75, 12, "#5aa3d6"),
                drawn("circle", { cx: x(one.median_step), cy: y, r: 5.5, fill: "#0a3f66" }),
                text({ x: box.right + 12, y: y + 4 }, ofAHundred(one.with).replace("under ", "<") + " of 100"),
                text({ x: width - 2, y: y + 4, "text-anchor": "end", fill: "#5c5c58" }, "(" + ofAHundred(one.without).replace("under ", "<") + ")"),
            ];
        }),
    );
}
function dominoTable() {
    const range = one => ofAHundred(one.at_least * stressPaths) + " to " + ofAHundred(one.at_most * stressPaths);
    return table(
        "Defaults by " + lastStep() + ", of 100 paths, with 95 % intervals",
        [
            { head: "Firm", of: one => nameOf(one.firm) },
            { head: "With", number: true, of: one => ofAHundred(one.with), copy: one => (100 * one.with) / stressPaths },
            { head: "95 % interval", number: true, of: range },
            { head: "Without", number: true, of: one => ofAHundred(one.without), copy: one => (100 * one.without) / stressPaths },
            { head: "Half of them by", number: true, of: one => stress.steps[one.median_step - 1] || "not known" },
        ],
        stress.failures,
    );
}

// ---- losses ---------------------------------------------------------------------------------------------------------------

const channelColours = {
    payables: "#0a3f66",
    stakes: "#0072b2",
    guarantees: "#6fb7e4",
    collateral: "#bcd9ee",
    orders: "#b85c00",
    demand: "#f0a04b",
    funding: "#6a6a66",
    other: "#c4c3bd",
};
const channelWords = {
    payables: "unpaid bills and loans",
    stakes: "stakes",
    guarantees: "guarantees",
    collateral: "collateral",
    orders: "orders between firms",
    demand: "outside demand",
    funding: "interest, fees, dividends",
    other: "tax, wear and the rest",
};
const channelsSeen = () =>
    Object.keys(channelColours).filter(channel =>
        Object.values(stress.loss.firms).some(firm => Math.abs(firm.channels[channel].mean) > 1e6),
    );
const channelKey = channels =>
    element(
        "div",
        { class: "keys" },
        channels.map(channel =>
            element(
                "span",
                {},
                drawn("svg", { width: 12, height: 12, "aria-hidden": "true" }, drawn("rect", { width: 12, height: 12, fill: channelColours[channel] })),
                channelWords[channel],
                // Of one that the command calls otherwise: its word too, so that both can be told to be one.
                channelWords[channel].startsWith(channel) ? null : element("span", { class: "quiet" }, " (" + channel + ")"),
            ),
        ),
    );
/** Parts of a row or column one behind the other: what is lost to one side of nought, what is gained to the other. */
function piled(values) {
    let lost = 0,
        gained = 0;
    return values.map(([channel, value]) => {
        const from = value >= 0 ? lost : gained + value;
        if (value >= 0) lost += value;
        else gained += value;
        return { channel, from, to: value >= 0 ? lost : from - value };
    });
}
const estimateWords = one => roughly(one.mean) + " ± " + roughly(one.standard_error).replace(/ B$/, "");

function firmLossPicture(firms, channels, width) {
    const row = 24,
        top = 6,
        height = top + row * firms.length + 26,
        letters = width < 520 ? 12 : 26,
        box = { left: 8 + 7.2 * letters, right: width - 74 };
    const rows = firms.map(([id, firm]) => ({ id, firm, parts: piled(channels.map(c => [c, firm.channels[c].mean])) })),
        ends = rows.flatMap(one => one.parts.flatMap(part => [part.from, part.to])),
        low = Math.min(0, ...ends),
        high = Math.max(1, ...ends),
        x = value => box.left + ((box.right - box.left) * (value - low)) / (high - low),
        short = name => (name.length > letters ? name.slice(0, letters - 1).trimEnd() + "…" : name);
    const text = (attributes, words) => drawn("text", { "font-size": 12.5, fill: "#1d1d1b", ...attributes }, words);
    return drawn(
        "svg",
        {
            viewBox: `0 0 ${width} ${height}`,
            width: "100%",
            role: "img",
            "font-family": "inherit",
            "aria-label": "Loss of income by firm and channel; the same numbers stand in the table.",
        },
        roundTicks(low, high).map(tick => [
            drawn("line", { x1: x(tick), x2: x(tick), y1: top, y2: height - 24, stroke: tick ? "#e4e3de" : "#8a8a85" }),
            text({ x: x(tick), y: height - 8, "text-anchor": "middle", fill: "#5c5c58" }, amount(tick)),
        ]),
        rows.map((one, k) => {
            const y = top + row * k;
            return [
                text({ x: box.left - 8, y: y + 16, "text-anchor": "end" }, short(nameOf(one.id))),
                one.parts.map(part =>
                    drawn("rect", {
                        x: x(part.from),
                        width: Math.max(0, x(part.to) - x(part.from)),
                        y: y + 4,
                        height: row - 9,
                        fill: channelColours[part.channel],
                    }),
                ),
                drawn("line", {
                    x1: x(one.firm.loss_usd.mean),
                    x2: x(one.firm.loss_usd.mean),
                    y1: y + 1,
                    y2: y + row - 2,
                    stroke: "#1d1d1b",
                    "stroke-width": 2.5,
                }),
                text({ x: width - 2, y: y + 16, "text-anchor": "end" }, roughly(one.firm.loss_usd.mean)),
            ];
        }),
    );
}
function timelinePicture(channels, width) {
    const height = 250,
        box = { left: 54, right: width - 8, top: 10, bottom: height - 28 };
    const columns = stress.steps
        .map((name, step) => ({ name, parts: piled(channels.map(c => [c, stress.timeline[c].mean[step]])) }))
        .filter(({ name }, i) => !/-Q[123]$/.test(name) || i === stress.steps.length - 1);
    const ends = columns.flatMap(one => one.parts.flatMap(part => [part.from, part.to])),
        low = Math.min(0, ...ends),
        high = Math.max(1, ...ends),
        y = value => box.top + ((box.bottom - box.top) * (high - value)) / (high - low),
        wide = (box.right - box.left) / Math.max(1, columns.length),
        x = i => box.left + wide * (i + 0.5);
    return drawn(
        "svg",
        {
            viewBox: `0 0 ${width} ${height}`,
            width: "100%",
            role: "img",
            "font-family": "inherit",
            "aria-label": "Loss of all firms together so far, by year and channel; the same numbers stand in the table.",
        },
        axes(box, roundTicks(low, high), y, tick => amount(tick), columns.map(one => one.name), x),
        columns.map((one, i) =>
            one.parts.map(part =>
                drawn("rect", {
                    x: x(i) - 0.36 * wide,
                    width: 0.72 * wide,
                    y: y(part.to),
                    height: Math.max(0, y(part.from) - y(part.to)),
                    fill: channelColours[part.channel],
                }),
            ),
        ),
    );
}
function lossTable(channels) {
    const rows = Object.entries(stress.loss.firms)
        .filter(([, firm]) => Math.abs(firm.loss_usd.mean) > 0)
        .sort((a, b) => b[1].loss_usd.mean - a[1].loss_usd.mean)
        .map(([id, firm]) => ({ name: nameOf(id), ...firm }));
    const sum = { name: "All firms", ...stress.loss.sum },
        once = { name: "All firms, each loss once", channels: {}, ...stress.loss.consolidated };
    const part = channel => one => (one.channels[channel] ? roughly(one.channels[channel].mean) : "");
    return table(
        "Loss of income by " + lastStep() + ", mean over the paths ± standard error, billions of USD; negative: it loses less",
        [
            { head: "Firm", of: one => one.name },
            { head: "Loss", number: true, of: one => estimateWords(one.loss_usd), copy: one => one.loss_usd.mean },
            { head: "First round", number: true, of: one => estimateWords(one.first_round), copy: one => one.first_round.mean },
            { head: "Feedback", number: true, of: one => estimateWords(one.feedback), copy: one => one.feedback.mean },
            ...channels.map(channel => ({
                head: channelWords[channel],
                number: true,
                of: part(channel),
                copy: one => (one.channels[channel] ? one.channels[channel].mean : ""),
            })),
        ],
        [...rows, sum, once],
    );
}
const timelineTable = channels =>
    table(
        "Loss of all firms together so far, billions of USD",
        [
            { head: "To the end of", of: step => stress.steps[step] },
            ...channels.map(channel => ({
                head: channelWords[channel],
                number: true,
                of: step => roughly(stress.timeline[channel].mean[step]),
                copy: step => stress.timeline[channel].mean[step],
            })),
        ],
        stress.steps.map((name, step) => step).filter(step => /-Q4$|^\d{4}$/.test(stress.steps[step])),
    );

const stressSource = () => [
    "Mean of " + counted(stressPaths, "path") + " with it and without, on the same draws, seed " + stress.seed + ".",
    houseRule(),
];
function drawnIn(title, name, draw) {
    const frame = element("div", { class: "graph" }),
        box = element("div", {}, element("h3", {}, title), frame);
    box.draw = () => {
        const picture = draw(drawnWidth(frame));
        frame.replaceChildren(picture);
        box.replaceChildren(element("h3", {}, title), frame, ...[pictureButtons(name, () => framed(picture, title, stressSource()))].flat(9).map(part => part || ""));
    };
    return box;
}
function showStopping() {
    if (!stress) return put("stopping");
    const channels = channelsSeen(),
        firms = Object.entries(stress.loss.firms)
            .sort((a, b) => Math.abs(b[1].loss_usd.mean) - Math.abs(a[1].loss_usd.mean))
            .slice(0, 14)
            .sort((a, b) => b[1].loss_usd.mean - a[1].loss_usd.mean);
    const dominoes = drawnIn("When firms default, and on how many of 100 paths (without it)", "dominoes", width =>
            dominoPicture(toppled.slice(0, 12), width),
        ),
        byFirm = drawnIn("Loss of income by firm and channel, billions of USD; the line: in all", "losses", width =>
            firmLossPicture(firms, channels, width),
        ),
        byYear = drawnIn("Loss of all firms together so far, billions of USD", "losses-by-year", width =>
            timelinePicture(channels, width),
        );
    put(
        "stopping",
        element("h2", {}, "If it stops"),
        element("p", {}, stoppingSentence()),
        element(
            "p",
            { class: "quiet" },
            "Loss: income without it less income with it, on the same paths. A firm that buys and builds less can lose less money than it would have: its loss is negative. " +
                "First round: all others decide as they would have, and who cannot pay is lent what it lacks; feedback is the rest. " +
                "A mark-down of a stake is a loss twice, of the holder and of the firm held; the last line counts it once. ",
            stressStudy.command ? element("code", {}, stressStudy.command) : null,
        ),
        toppled.length ? [dominoes, folded("Every firm", dominoTable())] : null,
        channelKey(channels),
        byFirm,
        folded("Every firm, with first round and feedback", lossTable(channels)),
        byYear,
        folded("By year", timelineTable(channels)),
    );
    if (toppled.length) dominoes.draw();
    byFirm.draw();
    byYear.draw();
}
