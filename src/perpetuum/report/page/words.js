// How values become words, and words become elements. Text from the data only ever becomes text nodes.

/** The report's data, deflated and in base64; where they cannot be read, an empty report that says so. */
function readData() {
    try {
        const read = JSON.parse(unpacked("data"));
        if (read && typeof read === "object" && !Array.isArray(read)) return read;
    } catch {
        /* said below */
    }
    return { meta: { title: "The data of this report cannot be read" } };
}
const data = readData();
for (const key of [
    "entities",
    "circularity",
    "payments",
    "deals",
    "sources",
    "standings",
    "articles",
    "assumed",
    "studies",
    "warnings",
])
    data[key] = Array.isArray(data[key]) ? data[key] : [];
for (const key of ["meta", "map", "loops", "run", "totals"]) data[key] = data[key] || {};
data.map.promises = data.map.promises || [];
data.map.loops = data.map.loops || [];
data.loops.loops = data.loops.loops || [];
data.run.steps = data.run.steps || [];
data.run.firms = data.run.firms || {};

const named = new Set(data.entities.map(entity => entity.id));
for (const one of [...data.payments, ...data.map.promises, ...data.deals])
    for (const id of [one.from, one.to]) {
        if (!id || named.has(id)) continue;
        named.add(id);
        data.entities.push({ id, name: id, kind: "", outside: false });
    }
const entities = new Map(data.entities.map(entity => [entity.id, entity]));
const dealsById = new Map(data.deals.map(deal => [deal.id, deal]));
const sourcesById = new Map(data.sources.map(source => [source.id, source]));
const fullName = id => {
    const name = (entities.get(id) || {}).name;
    if (name && name !== id) return name;
    const words = String(id)
        .replace(/[_-]+/g, " ")
        .replace(/\bai\b/g, "AI");
    return words.charAt(0).toUpperCase() + words.slice(1);
};
/** A name as sentences and tables have it: whole, without what stands in brackets. */
const nameOf = id => fullName(id).replace(/ \(.*| ?, not named$/, "");
/** As a picture and a list of loops can bear it: at most some 28 letters. */
const shortName = id => {
    const name = nameOf(id);
    return name.length <= 28 ? name : name.slice(0, 27).replace(/[ ,]+[^ ]*$/, "") + "…";
};
const isOutside = id => Boolean((entities.get(id) || {}).outside);
const known = value => typeof value === "number" && Number.isFinite(value);

/** An element; attributes whose value is a function become listeners; children are elements or texts. */
function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    return filled(made, attributes, children);
}
/** The same for a part of a drawing. */
function drawn(tag, attributes, ...children) {
    return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}
function filled(made, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {}))
        if (typeof value === "function") made.addEventListener(name, value);
        else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
    for (const child of children.flat(9))
        if (child !== null && child !== undefined && child !== false) made.append(child);
    return made;
}
const byId = id => document.getElementById(id);
const put = (id, ...children) => byId(id).replaceChildren(...children.flat(9).filter(child => child));

/** Dollars in billions with about three digits: "60 B", "0.35 B", "not known". Units never change within a page. */
function billions(usd) {
    return known(usd) ? amount(usd) + " B" : "not known";
}
function amount(usd) {
    const value = usd / 1e9,
        size = Math.abs(value);
    const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : size > 0 ? 3 : 0;
    const text = value.toLocaleString("en-GB", { maximumFractionDigits: digits });
    if (!/[1-9]/.test(text)) return size === 0 ? "0" : value > 0 ? "under 0.001" : "above −0.001";
    return text.replace("-", "−");
}
/** What a run computes, in billions: two digits are all a projection can bear ("23 B"), from a hundred on whole billions. */
function roughly(usd) {
    if (!known(usd)) return "not known";
    const size = Math.abs(usd / 1e9),
        digits = size > 0 && size < 99.5 ? 1 - Math.floor(Math.log10(size)) : 0;
    return amount(Number((usd / 1e9).toFixed(Math.max(0, Math.min(digits, 12)))) * 1e9) + " B";
}
/** A share as dollars out of a hundred. */
function ofHundred(share) {
    if (!known(share)) return "not known";
    const hundredth = share * 100;
    if (hundredth > 0 && hundredth < 0.5) return "less than 1";
    return String(Math.round(hundredth));
}
const percent = share => (known(share) ? ofHundred(share).replace("less than", "under") + " %" : "not known");

const typical = split => (known(split) ? split : split && known(split.typical) ? split.typical : null);
/** Least and greatest of the readings; the bounds are another thing and never mixed in. */
function readingRange(split) {
    const values = Object.values((split && split.readings) || {}).filter(known);
    return values.length ? [Math.min(...values), Math.max(...values)] : null;
}
/** Least and greatest of the readings other than pro rata, in words: "1 to 5 by the other readings". */
function otherReadings(split) {
    const values = Object.entries((split && split.readings) || {})
        .filter(([name, value]) => name !== "pro_rata" && known(value))
        .map(([, value]) => value);
    if (!values.length) return "";
    const least = ofHundred(Math.min(...values)),
        most = ofHundred(Math.max(...values));
    if (least === most)
        return least === ofHundred(typical(split))
            ? "the other readings say the same"
            : least + " by the other readings";
    return (least === "less than 1" ? "under 1" : least) + " to " + most + " by the other readings";
}
const listed = words =>
    words.length < 2 ? words.join("") : words.slice(0, -1).join(", ") + " and " + words[words.length - 1];
/** "3 deals", "one deal", "no deals". */
function counted(n, one, many) {
    return (
        (n === 0 ? "no" : n === 1 ? "one" : n.toLocaleString("en-GB")) +
        " " +
        (n === 1 ? one : many || one + "s")
    );
}
/** "31 July 2026" from "2026-07-31"; a coarser date stays as it is. */
function day(text) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text || "");
    if (!parts) return text || "an unknown day";
    const months =
        "January February March April May June July August September October November December".split(" ");
    return Number(parts[3]) + " " + months[parts[2] - 1] + " " + parts[1];
}

// ---- kinds of payment: colour and letter ------------------------------------------------------------------------------

const kinds = {
    S: { word: "sale", colour: "#0072b2" },
    R: { word: "rent", colour: "#6fb7e4", dark: true },
    E: { word: "equity", colour: "#d9730d" },
    L: { word: "loan", colour: "#8a4600" },
    W: { word: "warrant", colour: "#f0b45c", dark: true },
    G: { word: "guarantee", colour: "#6a6a66" },
    O: { word: "other", colour: "#a9a9a4", dark: true },
};
const letterPatterns = [
    ["W", /warrant|exercise/],
    ["G", /backstop|guarant|call|collateral/],
    ["R", /lease|rent/],
    ["L", /debt|loan|bond|lend|credit|interest|repay/],
    ["E", /equity|resale|stake|share_|shares|capital|invest/],
    ["S", /sale|capacity|revenue|comput|goods|service|purchase|fee|cost/],
];
/** The letter of a payment: by its deal's kind, else its transaction's name, else what it is to the payee. */
function letterOf(kind, nature, dealKind) {
    for (const text of [dealKind, kind])
        for (const [letter, pattern] of letterPatterns) if (text && pattern.test(text)) return letter;
    return nature === "sale" ? "S" : nature === "finance" ? "E" : "O";
}
const letterMark = (letter, dashed) =>
    element(
        "span",
        {
            class: "letter" + (kinds[letter].dark ? " dark" : "") + (dashed ? " dashed" : ""),
            style: (dashed ? "outline-color:" : "background:") + kinds[letter].colour,
            title: kinds[letter].word + (dashed ? ", announced only" : ""),
        },
        letter,
    );

// ---- copying ------------------------------------------------------------------------------------------------------------

const houseRule = () =>
    "derived with perpetuum " +
    (data.meta.version || "?") +
    " from “" +
    (data.meta.title || "an untitled book") +
    "” as of " +
    (data.meta.as_of || "an unknown day");
function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = element("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copying is not allowed here"));
}
/** A button that copies what `text` gives when pressed, and says whether it did. */
function copyButton(label, text) {
    const say = (button, word) => {
        button.textContent = word;
        setTimeout(() => {
            button.textContent = label;
        }, 1500);
    };
    return element(
        "button",
        {
            type: "button",
            class: "copy",
            click: event => {
                const button = event.currentTarget;
                copyText(text()).then(
                    () => say(button, "copied"),
                    () => say(button, "not allowed"),
                );
            },
        },
        label,
    );
}

// ---- tables -------------------------------------------------------------------------------------------------------------

/** A table: columns {head, of(row) → text, number or element, copy(row)?, number?: true, copied?: true}; copies as tab separated text. */
// A column that is only copied is one that the first says too, which stays beside what scrolls.
function table(caption, columns, rows, attributes) {
    const seen = columns.filter(column => !column.copied);
    const plain = (column, row) => {
        const value = column.copy ? column.copy(row) : column.of(row);
        return value === null || value === undefined
            ? ""
            : String(value instanceof Node ? value.textContent : value).replace(/[\t\r\n]+/g, " ");
    };
    const text = () =>
        [
            caption + " (" + houseRule() + ")",
            columns.map(column => column.head).join("\t"),
            ...rows.map(row => columns.map(column => plain(column, row)).join("\t")),
        ].join("\n");
    const cell = (column, row, i) =>
        element(
            i ? "td" : "th",
            { class: column.number ? "n" : null, scope: i ? null : "row" },
            column.of(row),
        );
    return element(
        "div",
        { class: "tablebox" },
        element(
            "table",
            attributes,
            element("caption", {}, caption, " ", copyButton("copy table", text)),
            element(
                "thead",
                {},
                element(
                    "tr",
                    {},
                    seen.map(column =>
                        element("th", { scope: "col", class: column.number ? "n" : null }, column.head),
                    ),
                ),
            ),
            element(
                "tbody",
                {},
                rows.map(row =>
                    element(
                        "tr",
                        {},
                        seen.map((column, i) => cell(column, row, i)),
                    ),
                ),
            ),
        ),
    );
}
const folded = (summary, ...children) =>
    element("details", { class: "more" }, element("summary", {}, summary), ...children);
