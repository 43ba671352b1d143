// The ring: firms on an ellipse, an arrow a kind of payment between two of them. Width is the amount, colour and letter the kind,
// dashes what is only announced. Labels are set one after the other, each where it covers nothing yet.

const quietArc = "#dcdbd6";

// The order round the ring that sets those with large payments a third of the way apart, so that their arrows are long enough
// to be seen and a loop of three is a triangle, and the largest cross little: swaps of two firms as long as one helps. Cost n²
// swaps a round, each over all pairs.
function ringOrder(ids, arcs) {
    const place = new Map(ids.map((id, i) => [id, i])),
        n = ids.length,
        order = ids.slice();
    const pull = arcs
        .filter(arc => place.has(arc.from) && place.has(arc.to))
        .map(arc => [arc.from, arc.to, Math.sqrt(arc.usd || 0)]);
    const large = pull
            .slice()
            .sort((a, b) => b[2] - a[2])
            .slice(0, 16),
        between = (x, a, b) => x > Math.min(a, b) && x < Math.max(a, b);
    const crossing = ([a, b, one], [c, d, other]) => {
        const [pa, pb, pc, pd] = [a, b, c, d].map(id => place.get(id));
        return new Set([pa, pb, pc, pd]).size === 4 && between(pc, pa, pb) !== between(pd, pa, pb)
            ? Math.min(one, other)
            : 0;
    };
    const cost = () =>
        pull.reduce((sum, [from, to, weight]) => {
            const apart = Math.abs(place.get(from) - place.get(to));
            const near = Math.min(apart, n - apart);
            return sum + weight * (Math.abs(near - n / 3) + (near < 2 ? n / 3 : 0));
        }, 0) +
        large.reduce(
            (sum, one, i) =>
                large.slice(i + 1).reduce((more, other) => more + 0.4 * crossing(one, other), sum),
            0,
        );
    const swap = (i, j) => {
        [order[i], order[j]] = [order[j], order[i]];
        place.set(order[i], i).set(order[j], j);
    };
    let best = cost();
    for (let round = 0, better = true; better && round < 12 && n < 60; round++) {
        better = false;
        for (let i = 0; i < n; i++)
            for (let j = i + 1; j < n; j++) {
                swap(i, j);
                const now = cost();
                if (now < best - 1e-9) {
                    best = now;
                    better = true;
                } else swap(i, j);
            }
    }
    return order;
}

const orders = new Map();
/** The same order as long as the firms are the same, so that picking a loop moves nothing and costs nothing. */
function orderFor(ids, arcs) {
    const key = arcs.map(arc => arc.from + ">" + arc.to).join() + "|" + ids.join();
    if (!orders.has(key)) orders.set(key, ringOrder(ids, arcs));
    return orders.get(key);
}

/** Where each firm stands. */
function ringPlaces(order, width, height, above, side) {
    const rx = width / 2 - side,
        ry = height / 2 - above;
    return new Map(
        order.map((id, i) => {
            const angle = -Math.PI / 2 + (2 * Math.PI * i) / order.length;
            return [id, { x: width / 2 + rx * Math.cos(angle), y: height / 2 + ry * Math.sin(angle), c: Math.cos(angle), s: Math.sin(angle) }];
        }),
    );
}
/** A free place for each firm's name, the important ones first: {id: {box, far}}; a name that finds none is left out. */
function namePlaces(ids, places, size, frame, reach, inwards) {
    const taken = [...places.values()].map(p => ({ x: p.x - radius - 3, y: p.y - radius - 3, w: 2 * radius + 6, h: 2 * radius + 6 })),
        found = new Map();
    for (const id of ids) {
        const p = places.get(id),
            w = textWidth(shortName(id), size) + 4,
            h = size + 4;
        // Outwards first; then higher and lower, a little inwards and further out, as near as there is room.
        const tries = [];
        for (let down = -reach; down <= reach; down += 4)
            for (const side of [-1, 0, 1])
                for (const out of side ? [0, 14, 28, 44, 60] : [0]) {
                    const x = side ? p.x + side * (radius + 5 + out) - (side < 0 ? w : 0) : p.x - w / 2,
                        y = p.y + down - h / 2,
                        wrong = side * p.c < -0.1 ? inwards : side ? 0 : 6 + 60 * Math.abs(p.c);
                    tries.push({ box: { x: Math.max(2, Math.min(frame.w - w - 2, x)), y, w, h }, cost: 1.6 * Math.abs(down - 6 * p.s) + out + wrong + (down * p.s < 0 ? Math.abs(down) : 0), far: Math.hypot(out, Math.max(0, Math.abs(down) - h)) > 10 });
                }
        const best = tries
            .filter(({ box }) => box.y > 1 && box.y + h < frame.h - 1)
            .sort((a, b) => a.cost - b.cost)
            .find(({ box }) => taken.every(other => !overlap(box, other)));
        if (!best) continue;
        taken.push(best.box);
        found.set(id, best);
    }
    return { found, taken };
}

const radius = 7;
/** The curve of an arrow: bent towards the middle and to its own right-hand side, so that there and back never lie on each other. */
function arcCurve(from, to, middle, beside, width) {
    const dx = to.x - from.x,
        dy = to.y - from.y,
        length = Math.hypot(dx, dy) || 1,
        nx = -dy / length,
        ny = dx / length;
    const bend = 0.09 * length + 8 + beside * 20;
    const mx = (from.x + to.x) / 2 + (middle.x - (from.x + to.x) / 2) * 0.38 - nx * bend,
        my = (from.y + to.y) / 2 + (middle.y - (from.y + to.y) / 2) * 0.38 - ny * bend;
    const head = Math.min(17, 6 + width * 0.75);
    const off = (p, far) => {
        const l = Math.hypot(mx - p.x, my - p.y) || 1;
        return { x: p.x + ((mx - p.x) * far) / l, y: p.y + ((my - p.y) * far) / l };
    };
    const a = off(from, radius + 2),
        tip = off(to, radius + 2),
        b = off(to, radius + 1 + head);
    const at = t => ({
        x: (1 - t) ** 2 * a.x + 2 * t * (1 - t) * mx + t * t * b.x,
        y: (1 - t) ** 2 * a.y + 2 * t * (1 - t) * my + t * t * b.y,
    });
    const ux = (tip.x - b.x) / head,
        uy = (tip.y - b.y) / head,
        half = Math.max(4, head * 0.55, width * 0.62);
    return {
        at,
        line: `M${a.x},${a.y}Q${mx},${my} ${b.x},${b.y}`,
        tip: `M${tip.x},${tip.y}L${b.x - uy * half},${b.y + ux * half}L${b.x + uy * half},${b.y - ux * half}Z`,
    };
}

const pointsOf = curves => curves.flatMap(({ curve }) => [...Array(31).keys()].map(i => curve.at(i / 30)));
const pen = document.createElement("canvas").getContext("2d");
/** How wide a text comes out, in the bold that a picked firm's name has. */
function textWidth(text, size) {
    pen.font = "700 " + size + "px system-ui, sans-serif";
    return pen.measureText(text).width;
}
const overlap = (a, b) =>
    Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) *
    Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));
/** A box for the label of a curve that covers nothing that is taken and keeps off the other labelled curves; null: there is none. */
function labelBox(curve, width, text, size, taken, others, frame) {
    const w = textWidth(text, size) + 8,
        h = size + 6;
    let best = null,
        least = Infinity;
    for (const t of [0.5, 0.46, 0.54, 0.42, 0.58, 0.38, 0.62, 0.34, 0.66, 0.3, 0.7, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86])
        for (const side of [0, 1, -1, 1.8, -1.8, 3, -3, 5, -5]) {
            const p = curve.at(t),
                q = curve.at(t + 0.01),
                l = Math.hypot(q.x - p.x, q.y - p.y) || 1;
            const far = side * (width / 2 + h * 0.62),
                x = p.x - ((q.y - p.y) / l) * far - w / 2,
                y = p.y + ((q.x - p.x) / l) * far - h / 2;
            const box = {
                x: Math.max(2, Math.min(frame.w - w - 2, x)),
                y: Math.max(2, Math.min(frame.h - h - 2, y)),
                w,
                h,
            };
            const near = others.filter(
                point =>
                    point.x > box.x - 4 &&
                    point.x < box.x + w + 4 &&
                    point.y > box.y - 4 &&
                    point.y < box.y + h + 4,
            ).length;
            if (taken.some(other => overlap(box, other))) continue;
            const cost =
                near * 25 +
                Math.abs(t - 0.5) * 40 +
                Math.abs(side) * 12;
            if (cost < least) {
                least = cost;
                best = box;
            }
        }
    return best;
}

/** What an arrow is, in words: for its tooltip and for readers by ear. */
const arcWords = (arc, unit, sizeOf) =>
    nameOf(arc.from) +
    " → " +
    nameOf(arc.to) +
    ": " +
    kinds[arc.letter].word +
    ", " +
    sizeOf(arc.usd) +
    " USD " +
    unit +
    (arc.announced ? ", announced only" : "");

/** Draws the ring. picked: set of "from→to" that stand out, or null for all; notes: a second line for a firm. */
function ring(arcs, { width, height, picked, unit, label, notes, size: sizeOf, link }) {
    const small = width < 480,
        size = small ? 14 : 13.5,
        inPlay = [...new Set(arcs.flatMap(arc => [arc.from, arc.to]))];
    const nameSize = 14,
        shown = arc => !picked || picked.has(arc.from + "→" + arc.to);
    const lit = new Set(arcs.filter(arc => picked && shown(arc)).flatMap(arc => [arc.from, arc.to])),
        named = id => !small || !picked || lit.has(id);
    const ranked = data.entities.map(entity => entity.id).filter(id => inPlay.includes(id)),
        order = orderFor(ranked, arcs);
    const widest = Math.max(...order.map(id => textWidth(shortName(id), nameSize))),
        places = ringPlaces(order, width, height, small ? 40 : order.length > 16 ? 62 : 34, small ? 60 : Math.min(width * 0.34, 18 + widest)),
        middle = { x: width / 2, y: height / 2 };
    const moved = new Map();
    for (const arc of arcs) for (const id of [arc.from, arc.to]) moved.set(id, (moved.get(id) || 0) + (arc.usd || 0));
    // The same order whatever is picked, so that names stay where they are; on a phone the picked ones come first.
    const names = namePlaces(
        order.filter(named).sort((a, b) => (small ? lit.has(b) - lit.has(a) : 0) || (small ? moved.get(b) - moved.get(a) : places.get(a).y - places.get(b).y)),
        places,
        nameSize,
        { w: width, h: height },
        small ? 40 : 64,
        small ? 30 : 200,
    );
    const svg = drawn("svg", {
        viewBox: `0 0 ${width} ${height}`,
        role: "img",
        "aria-label": label,
        "font-family": "system-ui, sans-serif",
    });
    const most = Math.max(...arcs.map(arc => arc.usd || 0), 1),
        beside = new Map();
    const curves = arcs
        .map(arc => {
            const pair = arc.from + "→" + arc.to,
                n = beside.get(pair) || 0;
            beside.set(pair, n + 1);
            const wide = Math.max(picked && shown(arc) ? 3 : 1.2, (15 * (arc.usd || 0)) / most);
            return {
                arc,
                wide,
                lit: shown(arc),
                curve: arcCurve(places.get(arc.from), places.get(arc.to), middle, n, wide),
            };
        })
        .sort((a, b) => a.lit - b.lit || b.wide - a.wide);
    for (const { arc, wide, lit: on, curve } of curves) {
        const colour = on ? kinds[arc.letter].colour : quietArc,
            dash = arc.announced ? `${Math.max(5, wide * 0.9)} ${Math.max(4, wide * 0.6)}` : null;
        svg.append(
            drawn(
                "g",
                { opacity: on && !picked ? 0.85 : 1 },
                drawn("title", {}, arcWords(arc, unit, sizeOf)),
                drawn("path", {
                    d: curve.line,
                    fill: "none",
                    stroke: colour,
                    "stroke-width": wide,
                    "stroke-dasharray": dash,
                }),
                drawn("path", { d: curve.tip, fill: colour }),
            ),
        );
    }
    const taken = names.taken;
    for (const id of order) {
        const p = places.get(id),
            on = !picked || lit.has(id);
        const at = names.found.get(id),
            box = at && at.box;
        if (at && at.far)
            svg.append(
                drawn("line", {
                    x1: p.x,
                    y1: p.y,
                    x2: Math.max(box.x + 2, Math.min(box.x + box.w - 2, p.x)),
                    y2: Math.max(box.y + 2, Math.min(box.y + box.h - 2, p.y)),
                    stroke: on ? "#767671" : quietArc,
                    "stroke-width": 0.8,
                }),
            );
        // Towards its firm where it stands beside it: a name that is not bold is narrower than its place.
        const name = at && drawn(
            "text",
            {
                class: "name",
                x: box.x + 2 > p.x ? box.x + 2 : box.x + box.w - 2 < p.x ? box.x + box.w - 2 : box.x + box.w / 2,
                y: box.y + nameSize - 1,
                "text-anchor": box.x + 2 > p.x ? "start" : box.x + box.w - 2 < p.x ? "end" : "middle",
                "font-size": nameSize,
                "font-weight": on && picked ? 700 : 400,
                fill: on ? "#1d1d1b" : "#767671",
                stroke: "#fff",
                "stroke-width": 3,
                "paint-order": "stroke",
            },
            shortName(id),
        );
        const more = notes && on && notes(id);
        svg.append(
            drawn(
                "a",
                { href: link(id), "aria-label": nameOf(id) },
                drawn("circle", {
                    cx: p.x,
                    cy: p.y,
                    r: radius,
                    fill: on ? "#1d1d1b" : "#bdbcb7",
                    stroke: "#fff",
                    "stroke-width": 1.5,
                }),
                name,
                drawn("title", {}, more ? nameOf(id) + ": " + more : nameOf(id)),
            ),
        );
    }
    const labelled = picked
        ? curves.filter(one => one.lit)
        : curves
              .slice()
              .sort((a, b) => (b.arc.usd || 0) - (a.arc.usd || 0))
              .slice(0, small ? 0 : 5);
    for (const { arc, wide, curve } of labelled.sort((a, b) => (b.arc.usd || 0) - (a.arc.usd || 0))) {
        const text = arc.letter + " " + (known(arc.usd) ? sizeOf(arc.usd) : "?"),
            box = labelBox(
                curve,
                wide,
                text,
                size,
                taken,
                pointsOf(labelled.filter(one => one.curve !== curve)),
                { w: width, h: height },
            );
        if (!box) continue; // where there is no room the amount stands in the tooltip and in the table
        taken.push(box);
        svg.append(
            drawn("rect", {
                x: box.x,
                y: box.y,
                width: box.w,
                height: box.h,
                rx: 3,
                fill: "#fff",
                stroke: kinds[arc.letter].colour,
                "stroke-width": 1.2,
                "stroke-dasharray": arc.announced ? "4 3" : null,
            }),
            drawn(
                "text",
                {
                    x: box.x + box.w / 2,
                    y: box.y + box.h / 2 + size * 0.36,
                    "text-anchor": "middle",
                    "font-size": size,
                    "font-weight": 600,
                    fill: "#1d1d1b",
                },
                text,
            ),
        );
    }
    return svg;
}

// ---- a picture to take away: with its title, date, unit and source inside ------------------------------------------------

/** A text in lines of at most so many letters, cut between words. */
function wrapped(text, most) {
    return text.split(" ").reduce(
        (lines, word) => {
            const last = lines[lines.length - 1];
            if (last && last.length + word.length >= most) return [...lines, word];
            return [...lines.slice(0, -1), last ? last + " " + word : word];
        },
        [""],
    );
}
function framed(svg, title, below) {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number),
        lines = below.flatMap(text => wrapped(text, Math.floor((width - 16) / 6.6))),
        top = 30,
        foot = 16 * lines.length + 12;
    const body = svg.cloneNode(true);
    body.setAttribute("y", top);
    body.setAttribute("width", width);
    body.setAttribute("height", height);
    return drawn(
        "svg",
        {
            xmlns: "http://www.w3.org/2000/svg",
            viewBox: `0 0 ${width} ${height + top + foot}`,
            width,
            height: height + top + foot,
            "font-family": "system-ui, sans-serif",
        },
        drawn("rect", { width: "100%", height: "100%", fill: "#fff" }),
        drawn("text", { x: 8, y: 20, "font-size": 15, "font-weight": 700 }, title),
        body,
        lines.map((line, i) =>
            drawn("text", { x: 8, y: height + top + 14 + 16 * i, "font-size": 11.5, fill: "#5c5c58" }, line),
        ),
    );
}
function save(name, address) {
    const anchor = element("a", { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
}
function pictureButtons(name, picture) {
    const address = () =>
        "data:image/svg+xml;charset=utf-8," +
        encodeURIComponent(new XMLSerializer().serializeToString(picture()));
    const png = () => {
        const image = new Image();
        image.onload = () => {
            const canvas = element("canvas", { width: image.width * 2, height: image.height * 2 });
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            save(name + ".png", canvas.toDataURL("image/png"));
        };
        image.src = address();
    };
    return [
        element(
            "button",
            { type: "button", class: "copy", click: () => save(name + ".svg", address()) },
            "SVG",
        ),
        " ",
        element("button", { type: "button", class: "copy", click: png }, "PNG"),
    ];
}
