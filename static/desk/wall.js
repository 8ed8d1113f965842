/* Says in plain sight when the numbers on the wall are no longer fresh. htmx asks again every few seconds by itself. */
"use strict";

(() => {
  const PATIENCE = 20 * 1000;
  let last = Date.now();
  document.addEventListener("htmx:afterSwap", () => { last = Date.now(); });
  setInterval(() => { document.querySelector("[data-lost]").hidden = Date.now() - last < PATIENCE; }, 1000);
})();
