/* The desk: keys, and decisions that outlive a lost connection. Without this every button works by itself. */

"use strict";

const KEYS = "desk-keys";
const RETRY_MS = [1000, 2000, 5000, 10000, 30000];

// Keys

const keysOn = () => localStorage.getItem(KEYS) !== "off";

const showKeys = () => {
  document.documentElement.classList.toggle("keys-on", keysOn());
  const opener = document.querySelector(".desk-keys");
  if (opener) opener.hidden = false;
  const box = document.getElementById("keys-on");
  if (box) box.checked = keysOn();
};

const isField = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=hidden])");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  // The help opens even where keys are off: there they are turned on again, by the pointer or by Tab.
  if (!keysOn() || isField(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!pressed || pressed.disabled) return;
  event.preventDefault();
  pressed.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#show-keys")) document.getElementById("keys").showModal();
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "keys-on") return;
  localStorage.setItem(KEYS, event.target.checked ? "on" : "off");
  showKeys();
});

// Sending: what was decided is kept and sent again until it is answered; its token lets it count once.

let sending = false;

const tell = (words) => {
  const state = document.getElementById("desk-state");
  if (!state) return;
  state.textContent = words;
  state.hidden = !words;
};

const send = async (form, body) => {
  const desk = document.getElementById("desk");
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin" });
    } catch {
      tell(desk.dataset.waiting);
      const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, wait);
        addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
      });
    }
  }
};

const show = (html, address) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.getElementById("main");
  const old = document.querySelector("body > [role=status]");
  const said = page.querySelector("body > [role=status]");
  if (old) old.remove();
  if (said) document.getElementById("main").before(document.adoptNode(said));
  document.getElementById("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  history.replaceState(null, "", address);
  showKeys();
  const heading = document.getElementById("question") || document.querySelector("#main h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  scrollTo(0, 0);
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-desk]")) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  // The button that was pressed says what is decided.
  const body = new URLSearchParams(new FormData(form, event.submitter));
  for (const button of document.querySelectorAll("form[data-desk] button")) button.disabled = true;
  addEventListener("beforeunload", warn);
  const answer = await send(form, body);
  removeEventListener("beforeunload", warn);
  sending = false;
  const kind = answer.headers.get("Content-Type") || "";
  if (kind.startsWith("text/html")) show(await answer.text(), answer.url.includes("/decide/") ? location.href : answer.url);
  else location.reload();
});

// Who leaves while something waits to be sent is asked first.
const warn = (event) => event.preventDefault();

showKeys();
