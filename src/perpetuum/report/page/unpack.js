// The data and the script that draws them stand in the page deflated: a report to mail is half as long. This unpacks them.

/** RFC 1951, at once and in any browser: the data must be there before anything is drawn. */
function inflate(bytes) {
    const out = [];
    let at = 0,
        held = 0,
        count = 0;
    const bits = wanted => {
        while (count < wanted) {
            held |= bytes[at++] << count;
            count += 8;
        }
        const value = held & ((1 << wanted) - 1);
        held >>>= wanted;
        count -= wanted;
        return value;
    };
    // A code is told by how many letters have each length, and the letters in order (RFC 1951, 3.2.2).
    const code = lengths => {
        const counts = new Array(16).fill(0),
            letters = [];
        lengths.forEach(length => counts[length]++);
        for (let length = 1; length < 16; length++)
            lengths.forEach((one, letter) => one === length && letters.push(letter));
        return { counts, letters };
    };
    const letterOf = ({ counts, letters }) => {
        for (let length = 1, value = 0, first = 0, index = 0; length < 16; length++) {
            value |= bits(1);
            if (value - first < counts[length]) return letters[index + value - first];
            index += counts[length];
            first = (first + counts[length]) << 1;
            value <<= 1;
        }
        throw new Error("not a code");
    };
    const steps = (start, extra) => extra.reduce((all, bit) => [...all, all[all.length - 1] + (1 << bit)], [start]);
    const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
        distanceExtra = [...Array(30).keys()].map(code => Math.max(0, (code >> 1) - 1)),
        lengthBase = steps(3, lengthExtra),
        distanceBase = steps(1, distanceExtra);
    lengthBase[28] = 258;
    const block = (letters, distances) => {
        for (let letter = letterOf(letters); letter !== 256; letter = letterOf(letters)) {
            if (letter < 256) {
                out.push(letter);
                continue;
            }
            let length = lengthBase[letter - 257] + bits(lengthExtra[letter - 257]);
            const place = letterOf(distances),
                distance = distanceBase[place] + bits(distanceExtra[place]);
            while (length--) out.push(out[out.length - distance]);
        }
    };
    const fixed = [...Array(288).keys()].map(letter => (letter < 144 ? 8 : letter < 256 ? 9 : letter < 280 ? 7 : 8));
    for (let last = 0; !last; ) {
        last = bits(1);
        const type = bits(2);
        if (type === 0) {
            held = count = 0;
            const length = bytes[at] | (bytes[at + 1] << 8);
            at += 4;
            for (const end = at + length; at < end; at++) out.push(bytes[at]);
        } else if (type === 1) {
            block(code(fixed), code(new Array(30).fill(5)));
        } else {
            const letters = bits(5) + 257,
                distances = bits(5) + 1,
                order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15],
                short = new Array(19).fill(0);
            for (let i = 0, many = bits(4) + 4; i < many; i++) short[order[i]] = bits(3);
            const lengthCode = code(short),
                lengths = [];
            while (lengths.length < letters + distances) {
                const letter = letterOf(lengthCode);
                if (letter < 16) lengths.push(letter);
                else {
                    const same = letter === 16 ? lengths[lengths.length - 1] : 0;
                    let many = letter === 16 ? bits(2) + 3 : letter === 17 ? bits(3) + 3 : bits(7) + 11;
                    while (many--) lengths.push(same);
                }
            }
            block(code(lengths.slice(0, letters)), code(lengths.slice(letters)));
        }
    }
    return Uint8Array.from(out);
}

/** The text of an element that holds what zlib packed, five letters for four bytes: the 85 from # on without <. */
function unpacked(id) {
    const letters = document.getElementById(id).textContent.trim(),
        packed = new Uint8Array(Math.floor((letters.length * 4) / 5));
    for (let i = 0, at = 0; i < letters.length; i += 5) {
        let four = 0;
        for (let k = 0; k < 5; k++) {
            const letter = i + k < letters.length ? letters.charCodeAt(i + k) : 120;
            four = four * 85 + letter - 35 - (letter > 60);
        }
        for (let k = 24; k >= 0 && at < packed.length; k -= 8) packed[at++] = four / 2 ** k;
    }
    return new TextDecoder().decode(inflate(packed.subarray(2))); // after zlib's head
}

const drawing = document.createElement("script");
drawing.textContent = '"use strict";' + unpacked("drawing");
document.body.append(drawing);
