/* The list of claims: an answer that did not come is asked for as a whole page, which says what is wrong. */

"use strict";

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => document.getElementById("finder")?.submit());
}
