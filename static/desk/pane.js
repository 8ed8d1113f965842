/* A ticket beside its list: a click or `o` opens it, moving on shows the next one, Enter opens the page, Esc closes. */
"use strict";

(() => {
  const ROOM = 1100; // a window narrower than this has none to spare
  const pane = () => document.getElementById("pane");
  const isOpen = () => pane() && !pane().hidden;
  let shown = null;

  const opener = () => [...document.querySelectorAll("a.row[data-peek], a[data-beside]")].find(
    (each) => (each.dataset.peek || each.getAttribute("href")) === shown,
  );

  function mark(row) {
    document.querySelectorAll("tr.here[data-peeked]").forEach((line) => {
      line.classList.remove("here");
      line.removeAttribute("data-peeked");
    });
    const line = row?.closest("tr");
    if (!line) return;
    line.classList.add("here");
    line.dataset.peeked = "";
  }

  function show(row) {
    if (shown === row.dataset.peek && isOpen()) return;
    shown = row.dataset.peek;
    mark(row);
    htmx.ajax("GET", row.dataset.peek, { target: "#pane", swap: "innerHTML" }).then(() => { pane().hidden = false; });
  }

  /* A page that asks something about a line opens beside it, and what it asks has the focus; Esc leads back. */
  function ask(link) {
    shown = link.getAttribute("href");
    mark(link);
    htmx.ajax("GET", shown, { target: "#pane", swap: "innerHTML" }).then(() => {
      pane().hidden = false;
      pane().querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }

  function close() {
    pane().hidden = true;
    pane().textContent = "";
    const row = opener();
    shown = null;
    row?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-pane]")) { close(); return; }
    const link = event.target.closest("a[data-beside]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && window.innerWidth >= ROOM) {
      event.preventDefault();
      ask(link);
      return;
    }
    const row = event.target.closest("a.row[data-peek]");
    const isPlain = event.detail === 1 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!row || !isPlain || window.innerWidth < ROOM) return;
    event.preventDefault();
    row.focus();
    show(row);
  });

  /* A list that is drawn anew knows nothing of the pane. */
  ["line:renewed", "htmx:afterSettle"].forEach((name) => {
    document.addEventListener(name, () => {
      if (isOpen()) mark(opener());
    });
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("a.row[data-peek]");
    if (row && isOpen()) show(row);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const row = document.activeElement.closest?.("a.row[data-peek]");
    if (event.key === "o" && "keys" in document.body.dataset && row && window.innerWidth >= ROOM) { event.preventDefault(); show(row); }
    if (event.key === "Escape" && isOpen() && !document.querySelector("dialog[open]")) close();
  });
})();
