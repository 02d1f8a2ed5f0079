/* The claim page: copies the citation, and finds a report that is on another page of it. Both are extras. */

"use strict";

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied;
    } catch {
      // Without leave to write the clipboard the words are selected, so that a key copies them.
      getSelection().selectAllChildren(source);
    }
  });
}

const findReport = () => {
  const wanted = /^#r-([0-9a-f-]{36})$/.exec(location.hash);
  const here = new URL(location.href);
  if (!wanted || document.getElementById(`r-${wanted[1]}`) || here.searchParams.get("report") === wanted[1]) return;
  here.searchParams.delete("page");
  here.searchParams.set("report", wanted[1]);
  location.replace(here);
};

// Nothing is asked again for a claim whose reports are all here.
if (document.querySelector(".claim .pager, .claim ~ .pager")) {
  findReport();
  addEventListener("hashchange", findReport);
}
