/* Says in plain sight when the numbers on the wall are no longer fresh. htmx asks again every few seconds by itself.
   Nobody stands at this screen to reload it: it starts over by itself, and only when the server has just answered. */
"use strict";

(() => {
  const PATIENCE = 20 * 1000;
  const ANEW = 10 * 60 * 1000; // for what a new version of the house brings along
  const begun = Date.now();
  let last = begun;
  document.addEventListener("htmx:afterSwap", () => {
    last = Date.now();
    if (last - begun > ANEW) window.location.reload();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 404) window.location.reload(); // the address is over, and its page says so
  });
  setInterval(() => { document.querySelector("[data-lost]").hidden = Date.now() - last < PATIENCE; }, 1000);
})();
