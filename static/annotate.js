/* Annotating an article: words are selected by pointer or keys, and a panel beside them asks what is told of them.
   Without this, a link leads to a page where the words are typed. The server counts code points, the browser UTF-16
   code units: they are converted here, and nowhere else. */

"use strict";

(() => {
  const text = document.getElementById("annotated");
  if (!text) return;
  const KEYS = "desk-keys";
  const AROUND = 32;
  const RETRY_MS = [1000, 2000, 5000, 10000, 30000];
  const state = document.getElementById("annotate-state");
  const offer = document.getElementById("annotate-offer");
  const sheet = document.getElementById("annotate-keys");

  const tell = (words) => {
    state.textContent = words;
    state.hidden = !words;
  };

  // Places of the text

  const codePoints = (string) => {
    let count = 0;
    for (const character of string) count += 1;
    return count;
  };

  /* A paragraph as the server has it: its text nodes, without the numbers of notes. */
  const paragraphs = Array.from(text.querySelectorAll("p[data-start]"), (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("sup") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return { element, nodes, start: Number(element.dataset.start), words: nodes.map((node) => node.data).join("") };
  });

  /* How many code units of a paragraph stand before a boundary point of the document. */
  const unitsBefore = (paragraph, node, offset) => {
    const point = document.createRange();
    point.setStart(node, offset);
    let units = 0;
    for (const own of paragraph.nodes) {
      if (own === node) return units + offset;
      if (point.comparePoint(own, own.length) > 0) return units;
      units += own.length;
    }
    return units;
  };

  /* No half of a surrogate pair is ever cut off. */
  const whole = (words, at, step) =>
    at > 0 && at < words.length && /[\uDC00-\uDFFF]/.test(words[at]) && /[\uD800-\uDBFF]/.test(words[at - 1]) ? at + step : at;

  /* What is selected of the text, trimmed: where it begins and ends, as paragraph and code units; null for nothing. */
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const pieces = [];
    paragraphs.forEach((paragraph, index) => {
      if (!range.intersectsNode(paragraph.element)) return;
      const inside = (node) => paragraph.element.contains(node);
      let from = inside(range.startContainer) ? unitsBefore(paragraph, range.startContainer, range.startOffset) : 0;
      let to = inside(range.endContainer) ? unitsBefore(paragraph, range.endContainer, range.endOffset) : paragraph.words.length;
      from = whole(paragraph.words, from, -1);
      to = whole(paragraph.words, to, 1);
      const part = paragraph.words.slice(from, to);
      if (!part.trim()) return;
      pieces.push({ index, from: from + part.length - part.trimStart().length, to: to - part.length + part.trimEnd().length });
    });
    if (!pieces.length) return null;
    const [first, last] = [pieces[0], pieces[pieces.length - 1]];
    return { first: first.index, from: first.from, last: last.index, to: last.to };
  };

  /* A choice as the server takes it. */
  const anchored = ({ first, from, last, to }) => {
    const [head, tail] = [paragraphs[first], paragraphs[last]];
    let exact = "";
    for (let index = first; index <= last; index += 1) {
      const { start, words } = paragraphs[index];
      if (index > first) {
        const before = paragraphs[index - 1];
        // Of a paragraph that was cut in two for its length nothing stands between.
        if (before.start + codePoints(before.words) < start) exact += "\n\n";
      }
      exact += words.slice(index === first ? from : 0, index === last ? to : words.length);
    }
    return {
      start: head.start + codePoints(head.words.slice(0, from)),
      end: tail.start + codePoints(tail.words.slice(0, to)),
      exact,
      before: Array.from(head.words.slice(0, from)).slice(-AROUND).join(""),
      after: Array.from(tail.words.slice(to, to + 2 * AROUND)).slice(0, AROUND).join(""),
    };
  };

  const pointAt = (paragraph, units) => {
    let left = units;
    for (const node of paragraph.nodes) {
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    const last = paragraph.nodes[paragraph.nodes.length - 1];
    return [last, last.length];
  };

  const rangeOf = ({ first, from, last, to }) => {
    const range = document.createRange();
    range.setStart(...pointAt(paragraphs[first], from));
    range.setEnd(...pointAt(paragraphs[last], to));
    return range;
  };

  const select = (choice) => {
    const range = rangeOf(choice);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    const box = range.getBoundingClientRect();
    if (box.top < 80 || box.bottom > innerHeight - 80) scrollBy({ top: box.top - innerHeight / 3 });
  };

  /* What is chosen stays marked while the panel has the focus. */
  const keepMarked = (choice) => {
    if (!CSS.highlights) return;
    if (choice) CSS.highlights.set("annotated", new Highlight(rangeOf(choice)));
    else CSS.highlights.delete("annotated");
  };

  // Sentences and words, by keys

  const pieces = (words, granularity) => {
    if (!Intl.Segmenter) {
      const pattern = granularity === "word" ? /[\p{L}\p{N}]+/gu : /[^.!?…。！？\n]+[.!?…。！？]*["”»’')\]]*\s*/gu;
      return Array.from(words.matchAll(pattern), (match) => [match.index, match.index + match[0].length]);
    }
    const found = new Intl.Segmenter(text.lang || undefined, { granularity }).segment(words);
    return Array.from(found)
      .filter((piece) => granularity === "sentence" ? piece.segment.trim() : piece.isWordLike)
      .map((piece) => [piece.index, piece.index + piece.segment.trimEnd().length]);
  };

  const sentences = () =>
    paragraphs.flatMap((paragraph, index) => pieces(paragraph.words, "sentence").map(([from, to]) => ({ first: index, from, last: index, to })));

  const isBefore = (a, b) => a.first < b.first || (a.first === b.first && a.from < b.from);

  const inSight = () => {
    const index = paragraphs.findIndex(({ element }) => element.getBoundingClientRect().bottom > 80);
    return { first: Math.max(index, 0), from: -1, last: Math.max(index, 0), to: 0 };
  };

  const step = (forward) => {
    const all = sentences();
    const here = selected();
    if (!here) {
      const from = inSight();
      const next = forward ? all.find((each) => isBefore(from, each)) : all.findLast((each) => isBefore(each, from));
      if (next) select(next);
      return;
    }
    const next = forward ? all.find((each) => isBefore(here, each)) : all.findLast((each) => isBefore(each, here));
    if (next) select(next);
  };

  /* Move the end of what is selected by a word, or with `begin` its beginning; `out` makes it longer. */
  const stretch = (begin, out) => {
    const here = selected();
    if (!here) return tell(state.dataset.nothing);
    const at = begin ? here.first : here.last;
    const found = pieces(paragraphs[at].words, "word");
    const inside = found.filter(([from, to]) => (at > here.first || from >= here.from) && (at < here.last || to <= here.to));
    if (begin) {
      const next = out ? found.findLast(([from]) => from < here.from) : inside[1];
      if (next) select({ ...here, from: next[0] });
    } else {
      const next = out ? found.find(([, to]) => to > here.to) : inside[inside.length - 2];
      if (next) select({ ...here, to: next[1] });
    }
    return undefined;
  };

  // The panel

  let panel = null;
  let chosen = null; // what the panel is about, as places of the page
  let picking = null; // what the next selection is for
  let cameFrom = null; // what had the focus before

  const close = () => {
    if (!panel) return;
    panel.remove();
    panel = null;
    picking = null;
    keepMarked(null);
    tell("");
    if (chosen) select(chosen);
    if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
    chosen = null;
  };

  const show = (html) => {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector(".annotate");
    if (!found) return location.reload();
    const fresh = document.adoptNode(found);
    const passage = chosen ? paragraphs[chosen.first].element.parentElement : panel ? panel.parentElement : text.firstElementChild;
    if (panel) panel.remove();
    panel = fresh;
    passage.append(panel);
    offer.hidden = true;
    enhance();
    const field = panel.querySelector("[role=alert]") ? panel.querySelector("#annotate-title") : panel.querySelector("#annotate-speaker");
    (field || panel.querySelector("#annotate-title")).focus({ preventScroll: true });
    if (field && field.select) field.select();
    const box = panel.getBoundingClientRect();
    if (box.bottom > innerHeight || box.top < 0) panel.scrollIntoView({ block: box.height > innerHeight ? "start" : "nearest" });
    return undefined;
  };

  const load = async (address) => {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      // Signed out meanwhile: the answer is the page to sign in.
      if (answer.redirected) return location.assign(address.split("?")[0]);
      return show(await answer.text());
    } catch {
      if (!panel) chosen = null;
      keepMarked(chosen);
      return tell(state.dataset.lost);
    }
  };

  /* The form says what the browser read, so that the server can compare. */
  const fill = ({ start, end, exact, before, after }) => {
    const form = panel.querySelector(".annotate-form");
    if (!form) return;
    for (const [name, value] of Object.entries({ start, end, exact, before, after })) form.elements[name].value = value;
  };

  const open = async () => {
    // It is on its way.
    if (chosen && !panel) return undefined;
    const choice = selected();
    if (!choice) return tell(state.dataset.nothing);
    tell("");
    cameFrom = document.activeElement;
    offer.hidden = true;
    chosen = choice;
    keepMarked(choice);
    const place = anchored(choice);
    const asked = new URLSearchParams({ panel: 1, revision: text.dataset.revision, start: place.start, end: place.end });
    await load(`${text.dataset.annotate}?${asked}`);
    if (panel && panel.querySelector("[name=revision]")?.value === text.dataset.revision) fill(place);
    return undefined;
  };

  const openEdit = async (link) => {
    close();
    cameFrom = link;
    const uid = link.closest("li").id.slice(2);
    const mark = document.getElementById(`s-${uid}`);
    const index = paragraphs.findIndex(({ element }) => element.contains(mark));
    panel = document.createElement("section");
    (index >= 0 ? paragraphs[index].element.parentElement : text.firstElementChild).append(panel);
    await load(`${link.getAttribute("href")}?panel=1`);
  };

  // Picking: the next selection is a field's

  const pick = (name) => {
    picking = name;
    tell(state.dataset.picking);
    getSelection().removeAllRanges();
    panel.querySelector(`[data-take="${name}"]`).blur();
  };

  const take = () => {
    const choice = selected();
    if (!choice || !panel) return;
    const form = panel.querySelector(".annotate-form");
    const place = anchored(choice);
    const name = picking;
    picking = null;
    tell("");
    if (name === "words") {
      chosen = choice;
      keepMarked(choice);
      fill(place);
      panel.querySelector(".annotate-words").textContent = place.exact;
      claimsAgain();
      panel.querySelector("#annotate-speaker").focus({ preventScroll: true });
      return;
    }
    const field = form.elements[name];
    if (name === "relays") {
      field.value = field.value.trim() ? `${field.value.trim()}, ${place.exact}` : place.exact;
    } else {
      field.value = place.exact;
      form.elements[`${name}_at`].value = place.start;
    }
    field.closest("details").open = true;
    field.focus({ preventScroll: true });
    if (name === "source" && !form.elements.speaker_name.value.trim()) form.elements.speaker_name.value = place.exact;
  };

  // Claims, asked for again when the speaker, the words or the search change

  /* What decides which claims are offered, and what is chosen and written among them. */
  const askedFor = (form) => {
    const asked = new URLSearchParams();
    for (const name of ["revision", "start", "end", "speaker", "q", "sentence", "stance", "statement"]) {
      if (form.elements[name]?.value) asked.set(name, form.elements[name].value);
    }
    // What was chosen by hand stays chosen.
    const picked = form.querySelector("[name=claim]:checked");
    if (picked && form.dataset.picked) asked.set("claim", picked.value);
    return asked.toString();
  };

  /* Show other claims; who is at one of the fields among them stays there. */
  const offerClaims = (html) => {
    const place = panel.querySelector("#annotate-claims");
    const left = place.contains(document.activeElement) ? document.activeElement : null;
    const [from, to] = left?.name === "sentence" ? [left.selectionStart, left.selectionEnd] : [];
    place.innerHTML = html;
    if (!left) return;
    const same = Array.from(place.querySelectorAll("[name]")).find((field) => field.name === left.name && (field.type !== "radio" || field.value === left.value));
    same?.focus({ preventScroll: true });
    if (left.name === "sentence") same?.setSelectionRange(from, to);
  };

  let asking = null;
  const claimsAgain = async () => {
    const form = panel?.querySelector(".annotate-form");
    if (!form) return undefined;
    const asked = askedFor(form);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.claims}?${asked}`, { credentials: "same-origin", signal: asking.signal });
      const claims = await answer.text();
      if (!answer.ok || answer.redirected || !form.isConnected) return undefined;
      // What was chosen or written among them meanwhile is asked for again, not lost.
      return askedFor(form) === asked ? offerClaims(claims) : claimsAgain();
    } catch {
      // A newer question took its place, or the connection is lost: what is offered stays.
      return undefined;
    }
  };

  // The speaker: an editable combobox with a list box

  const combobox = (form) => {
    const input = form.querySelector("#annotate-speaker");
    const list = form.querySelector("#annotate-options");
    const named = form.elements.speaker;
    input.removeAttribute("list");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
      input.setAttribute(name, value);
    }
    let active = -1;
    let wait = 0;
    let question = 0;
    const options = () => Array.from(list.querySelectorAll("[role=option]"));
    const shut = () => {
      clearTimeout(wait);
      question += 1;
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (index) => {
      const all = options();
      if (!all.length) return;
      // An answer that is still on its way would take the list from under who steps through it.
      question += 1;
      active = (index + all.length) % all.length;
      all.forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    };
    const choose = (option) => {
      input.value = option.dataset.name;
      named.value = option.dataset.uid;
      shut();
      claimsAgain();
    };
    const ask = async (typed) => {
      question += 1;
      const mine = question;
      const asked = new URLSearchParams({ revision: form.elements.revision.value, typed });
      try {
        const answer = await fetch(`${form.dataset.speakers}?${asked}`, { credentials: "same-origin" });
        const speakers = await answer.text();
        if (!answer.ok || answer.redirected || mine !== question) return;
        list.innerHTML = speakers;
      } catch {
        return;
      }
      active = -1;
      list.hidden = !options().length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    input.addEventListener("input", () => {
      named.value = "";
      clearTimeout(wait);
      wait = setTimeout(() => ask(input.value), 120);
    });
    input.addEventListener("keydown", async (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        clearTimeout(wait);
        if (list.hidden) await ask(named.value ? "" : input.value);
        if (!list.hidden) point(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(options()[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        shut();
      }
    });
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && shut(), 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  };

  const enhance = () => {
    const form = panel.querySelector(".annotate-form");
    if (!form) return;
    combobox(form);
    for (const button of panel.querySelectorAll("[data-take]")) {
      button.hidden = false;
      button.addEventListener("click", () => pick(button.dataset.take));
    }
    for (const line of panel.querySelectorAll(".annotate-take")) line.hidden = false;
    panel.querySelector("[data-close]")?.addEventListener("click", close);
    for (const name of ["cue", "source"]) {
      form.elements[name].addEventListener("input", () => { form.elements[`${name}_at`].value = ""; });
    }
    form.addEventListener("change", (event) => {
      if (event.target.name === "claim") form.dataset.picked = "yes";
    });
    const search = form.querySelector("#annotate-q");
    let wait = 0;
    search.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(claimsAgain, 200);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      claimsAgain();
    });
    // Who writes a sentence means a new claim.
    form.addEventListener("input", (event) => {
      if (event.target.name !== "sentence") return;
      form.querySelector("[name=claim][value=new]").checked = true;
      form.dataset.picked = "yes";
    });
  };

  // Sending: kept and sent again until it is answered; its token lets it count once

  const warn = (event) => event.preventDefault();
  let sending = false;

  /* What cannot be undone is said where it was asked for. */
  const refuse = (form, html) => {
    const said = new DOMParser().parseFromString(html, "text/html").querySelector("#main > .page-head ~ p");
    form.remove();
    tell(said ? said.textContent : "");
    state.scrollIntoView({ block: "nearest" });
  };

  const send = async (address, body) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await fetch(address, { method: "POST", body, credentials: "same-origin" });
      } catch {
        tell(state.dataset.waiting);
        const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, wait);
          addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
        });
      }
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const undoes = form.matches(".annotate-last");
    if (!undoes && !panel?.contains(form)) return undefined;
    event.preventDefault();
    if (event.submitter?.value === "search") return claimsAgain();
    if (sending) return undefined;
    sending = true;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    if (undoes) body.set("panel", "1");
    for (const button of (undoes ? form : panel).querySelectorAll("button")) button.disabled = true;
    addEventListener("beforeunload", warn);
    const answer = await send(form.getAttribute("action"), body);
    removeEventListener("beforeunload", warn);
    sending = false;
    tell("");
    if (answer.status === 201) {
      const onward = new URL(answer.headers.get("Location"), location.href);
      const same = onward.pathname + onward.search === location.pathname + location.search;
      if (same) history.replaceState(null, "", onward);
      return same ? location.reload() : location.assign(onward);
    }
    if (answer.redirected) return location.assign(answer.url);
    if (undoes) return refuse(form, await answer.text());
    return show(await answer.text());
  });

  // Keys and pointers

  const keysOn = () => localStorage.getItem(KEYS) !== "off";
  const showKeys = () => {
    document.documentElement.classList.toggle("keys-on", keysOn());
    document.getElementById("annotate-keys-on").checked = keysOn();
  };
  const isField = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=hidden])");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || sheet.open) return;
    if (event.key === "Escape" && (picking || panel)) {
      event.preventDefault();
      if (!picking) return close();
      const name = picking;
      picking = null;
      tell("");
      return panel.querySelector(`[data-take="${name}"]`).focus();
    }
    if (event.key === "Enter" && picking && !panel.contains(event.target)) {
      event.preventDefault();
      return take();
    }
    if (!keysOn() || isField(event.target) || (panel && !picking)) return undefined;
    const does = {
      n: () => step(true), p: () => step(false),
      w: () => stretch(false, true), W: () => stretch(false, false),
      b: () => stretch(true, true), B: () => stretch(true, false),
      a: () => (picking ? take() : open()),
      z: () => document.querySelector(".annotate-last [data-key=z]")?.click(),
      "?": () => sheet.showModal(),
    }[event.key];
    if (!does || (event.repeat && "az?".includes(event.key))) return undefined;
    event.preventDefault();
    return does();
  });

  const showOffer = () => {
    const choice = panel || chosen ? null : selected();
    offer.hidden = !choice;
    if (!choice) return;
    const boxes = rangeOf(choice).getClientRects();
    const box = boxes[boxes.length - 1];
    offer.style.insetBlockStart = `${box.bottom + scrollY + 6}px`;
    offer.style.insetInlineStart = `${Math.max(8, Math.min(box.right + scrollX - 60, document.documentElement.clientWidth - offer.offsetWidth - 8))}px`;
  };

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(showOffer, 120);
  });
  document.addEventListener("pointerup", (event) => {
    if (picking && text.contains(event.target) && !panel.contains(event.target)) setTimeout(() => selected() && take(), 0);
  });
  // A press on the button must not take the selection away.
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", open);
  text.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openEdit(link);
  });

  document.getElementById("annotate-keys-open").addEventListener("click", () => sheet.showModal());
  document.getElementById("annotate-keys-on").addEventListener("change", (event) => {
    localStorage.setItem(KEYS, event.target.checked ? "on" : "off");
    showKeys();
  });
  document.getElementById("annotate-keys-open").hidden = false;
  document.querySelector(".annotate-hint").hidden = false;
  showKeys();
})();
