/* Checks the bundle's hashes and shows each report's words in the frozen text. Runs from a file, asks no host. */

"use strict";

// SHA-256 (FIPS 180-4): browsers keep their own for pages that came over HTTPS.
const sha256 = (() => {
  const K = new Uint32Array(64);
  const first = new Uint32Array(8);
  // The first bits of the fractional parts of roots of primes.
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) first[found] = (Math.sqrt(n) % 1) * 0x100000000;
    K[found++] = (Math.cbrt(n) % 1) * 0x100000000;
  }

  return (bytes) => {
    const hash = first.slice();
    const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(padded.length - 4, bytes.length << 3);
    const w = new Uint32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 64; i++) {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i++) {
        const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { hash[i] += value; });
    }
    return Array.from(hash, (value) => value.toString(16).padStart(8, "0")).join("");
  };
})();

const secondSource = (() => {
  const expected = new Map();
  const texts = new Map();
  const seen = new Set();
  let reports = [];
  let good = 0;
  const bad = [];

  const fill = (element, key, values) => {
    let words = element.dataset[key];
    for (const [name, value] of Object.entries(values)) words = words.replace(`{${name}}`, value);
    element.textContent = words;
  };

  const mark = (path, right) => {
    const row = document.querySelector(`[data-path="${CSS.escape(path)}"] .state`);
    if (row) {
      row.textContent = right ? row.dataset.right : row.dataset.wrong;
      row.className = right ? "state right" : "state wrong";
    }
  };

  const conclude = (element, right, key, values) => {
    element.className = right ? "outcome right" : "outcome wrong";
    fill(element, key, values);
  };

  // The words of a report in the whole text: offsets count code points, not JavaScript's halves of them.
  const show = (box, report, text) => {
    const letters = Array.from(text);
    const exact = letters.slice(report.start, report.end).join("");
    const words = document.createElement("mark");
    words.textContent = exact;
    words.tabIndex = -1;
    const pre = document.createElement("pre");
    pre.append(letters.slice(0, report.start).join(""), words, letters.slice(report.end).join(""));
    box.replaceChildren(pre);
    words.scrollIntoView({ block: "center" });
    return exact === report.exact;
  };

  return {
    begin(manifest, told) {
      for (const file of manifest.files) expected.set(file.path, file.sha256);
      reports = told;
    },

    copy(path, content) {
      const bytes = Uint8Array.from(content, (character) => character.charCodeAt(0));
      const right = expected.get(path) === sha256(bytes);
      seen.add(path);
      if (right) good += 1; else bad.push(path);
      mark(path, right);
      if (path.startsWith("texts/")) texts.set(path, new TextDecoder().decode(bytes));
    },

    conclude() {
      for (const path of expected.keys()) {
        if (/^(texts|snapshots)\//.test(path) && !seen.has(path)) { bad.push(path); mark(path, false); }
      }
      for (const report of reports) {
        const box = document.getElementById(`t-${report.attribution}`);
        const text = texts.get(report.text);
        const there = text !== undefined &&
          Array.from(text).slice(report.start, report.end).join("") === report.exact;
        if (!there) bad.push(`${report.text} ${report.start}–${report.end}`);
        if (!box || text === undefined) continue;
        box.hidden = false;
        box.addEventListener("toggle", () => { if (box.open) show(box.querySelector(".frozen"), report, text); });
      }
      const outcome = document.getElementById("outcome");
      conclude(outcome, bad.length === 0, bad.length ? "wrong" : "right", { good, files: bad.join(", ") });
    },

    // The files beside the page, which it may only read once the reader hands them over.
    async check(files) {
      const outcome = document.getElementById("folder-outcome");
      const wrong = [];
      const missing = new Set(expected.keys());
      let right = 0;
      for (const file of files) {
        const path = file.webkitRelativePath.split("/").slice(1).join("/");
        if (!expected.has(path)) continue;
        missing.delete(path);
        const matches = sha256(new Uint8Array(await file.arrayBuffer())) === expected.get(path);
        if (matches) right += 1; else wrong.push(path);
        mark(path, matches);
      }
      wrong.push(...missing);
      conclude(outcome, wrong.length === 0, wrong.length ? "wrong" : "right", { good: right, files: wrong.join(", ") });
    },
  };
})();

document.addEventListener("DOMContentLoaded", () => {
  secondSource.conclude();
  document.getElementById("unscripted").hidden = true;
  document.getElementById("scripted").hidden = false;
  document.getElementById("folder").addEventListener("change", (event) => secondSource.check(event.target.files));
});
