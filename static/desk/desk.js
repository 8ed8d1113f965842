/* What the pages do by themselves: clocks that count, keys that move, a draft that is kept. All of it is extra. */
"use strict";

(() => {
  const body = () => document.body.dataset;
  const skew = Date.parse(body().now) - Date.now();
  const now = () => Date.now() + skew;

  /* ---- clocks, against the server's clock ---- */

  const two = (number) => String(number).padStart(2, "0");
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function span(seconds, withSeconds) {
    if (seconds < 60 && !withSeconds) return body().wordMoment;
    if (seconds < 3600) {
      return withSeconds
        ? `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
        : fill(body().wordMinutes, { m: Math.floor(seconds / 60) });
    }
    return fill(body().wordHours, { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
  }

  function count(chip) {
    const due = Date.parse(chip.dataset.due);
    const left = Math.round((due - now()) / 1000);
    const word = chip.querySelector(".word");
    const show = (text) => { if (word.textContent !== text) word.textContent = text; };
    if (left < 0) {
      chip.classList.remove("running", "warning");
      chip.classList.add("overdue");
      shape(chip, "overdue");
      if (-left < 86400) show(fill(body().wordOverdue, { time: span(-left, false) }));
      return;
    }
    if (chip.dataset.warns && now() >= Date.parse(chip.dataset.warns)) {
      chip.classList.remove("running");
      chip.classList.add("warning");
    }
    const ring = chip.querySelector(".ring .part");
    if (ring && chip.dataset.starts) {
      const starts = Date.parse(chip.dataset.starts);
      const share = Math.min(100, Math.max(0, (100 * (now() - starts)) / (due - starts)));
      ring.setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`);
    }
    if (left < 86400) show(fill(body().wordLeft, { time: span(left, true) }));
  }

  function shape(chip, name) {
    if (chip.dataset.shape === name) return;
    const drawn = document.querySelector(`#shapes [data-shape="${name}"]`);
    const old = chip.querySelector(".shape");
    if (drawn && old) old.replaceWith(drawn.cloneNode(true));
    chip.dataset.shape = name;
  }

  const tick = () => {
    if (document.hidden) return;
    document.querySelectorAll(".chip[data-due]").forEach(count);
  };
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);

  /* ---- keys ---- */

  const usesKeys = () => "keys" in body(); // whoever speaks to the machine, or slips easily, switches them off
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const rows = () => [...document.querySelectorAll("a.row")].filter((row) => row.offsetParent);

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const to = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step));
    all[to].focus();
  }

  const ofTheLine = (key, target) => target.closest("tr")?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);

  /* What is proposed already need not be passed key by key. */
  function firstToFill(part) {
    const fields = [...part.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => field.offsetParent);
    const isFilled = (field) => field.type === "checkbox"
      || (field.type === "radio" ? fields.some((each) => each.name === field.name && each.checked) : field.value);
    return fields.find((field) => !isFilled(field)) || fields[0] || part.querySelector("button");
  }

  /* A fold within others opens with them. What is asked has the focus; where that is still to come, its name has. */
  function unfold(fold) {
    for (let each = fold; each; each = each.parentElement.closest("details")) each.open = true;
    const inside = fold.querySelector(":scope > .inside");
    ((inside && firstToFill(inside)) || fold.querySelector(inside ? "summary" : ":scope > details > summary") || fold).focus();
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const fold = event.target.closest("details[data-key]");
    if (fold && document.activeElement === fold.querySelector("summary")) firstToFill(event.target)?.focus();
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.ctrlKey && !event.altKey && !event.metaKey) {
      const name = event.key === "Enter" ? "ctrl-enter" : event.key.toLowerCase() === "s" ? "ctrl-s" : "";
      const button = name && document.querySelector(`[data-key="${name}"]`);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.altKey || event.metaKey) return;
    if (event.key === "Escape" && typing(target)) { target.blur(); return; }
    if (typing(target) || !usesKeys()) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x") target.closest("tr")?.querySelector("input[type=checkbox]")?.click();
    else if (ofTheLine(event.key, target)) { event.preventDefault(); ofTheLine(event.key, target).click(); }
    else if (event.key === "/") { document.getElementById("search")?.focus(); event.preventDefault(); }
    else if (event.key === "?") document.getElementById("keys")?.showModal();
    else {
      const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!control) return;
      event.preventDefault();
      if (control.tagName === "DETAILS") unfold(control);
      else control.click();
    }
  });

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    document.querySelectorAll("details.me[open], details.pop[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const quoting = event.target.closest("[data-quote]");
    if (quoting) quote(quoting);
  });

  /* ---- the record's first sentence, from the fields that are filled ---- */

  function quote(button) {
    const form = button.closest("form");
    const target = form.querySelector(`[name="${button.dataset.into}"]`);
    const text = button.dataset.quote.replace(/\{(\w+)\}/g, (_, code) => {
      const field = form.querySelector(`[name="record.${code}"]`);
      if (!field || !field.value) return "…";
      return field.tagName === "SELECT" ? field.options[field.selectedIndex].text : field.value;
    });
    target.value = target.value ? `${text}\n${target.value}` : text;
    target.focus();
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* ---- what refreshes by itself stops when nobody has been there for long, so that the session can end ---- */

  const PATIENCE = 20 * 60 * 1000;
  let lastSeen = Date.now();
  ["keydown", "pointerdown", "pointermove"].forEach((name) => {
    document.addEventListener(name, () => { lastSeen = Date.now(); }, { passive: true });
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.closest("[data-refreshes], [data-here]")) return;
    const gone = Date.now() - lastSeen > PATIENCE;
    document.querySelectorAll("[data-stale]").forEach((notice) => { notice.hidden = !gone; });
    if (gone) event.preventDefault();
  });

  /* ---- the session has ended: who has written something goes on with it, all others sign in at once ---- */

  const isWritten = (field) => (field.tagName === "TEXTAREA" ? field.value.trim() : field.value !== field.defaultValue);
  document.addEventListener("signedOut", (event) => {
    const fields = [...document.querySelectorAll("#main form[method=post] :is(textarea, input:not([type]), input[type=text])")];
    if (fields.some(isWritten)) document.getElementById("signed-out").hidden = false;
    else window.location.assign(event.detail.address);
  });

  /* ---- the keys, for who does not know yet by which key to ask for them ---- */

  document.querySelectorAll("[data-tells-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById("keys").showModal());
  });

  /* ---- printing ---- */

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  /* ---- one submission at a time ---- */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post" && !("again" in form.dataset)) form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && !("keeps" in event.target.dataset)) delete form.dataset.sent;
  });

  /* ---- what was sent is no draft any more: none of it follows ---- */

  document.addEventListener("htmx:beforeRequest", (event) => {
    if ("keeps" in event.target.dataset && event.target.closest("form").dataset.sent) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-keeps]").forEach((each) => window.htmx.trigger(each, "htmx:abort"));
  });

  /* ---- who types without a pause has it kept all the same, and who leaves the page what they typed last ---- */

  const KEPT_EVERY = 8 * 1000;
  const unkept = new Map(); // since when something was typed, by what keeps it
  document.addEventListener("input", (event) => {
    const keeper = event.target.closest("form")?.querySelector("[data-keeps]");
    if (!keeper) return;
    if (!unkept.has(keeper)) unkept.set(keeper, Date.now());
    else if (Date.now() - unkept.get(keeper) > KEPT_EVERY) window.htmx.trigger(keeper, "keep");
  });
  document.addEventListener("htmx:beforeRequest", (event) => unkept.delete(event.target));
  window.addEventListener("beforeunload", () => {
    for (const keeper of unkept.keys()) {
      const form = keeper.closest("form");
      if (!form || form.dataset.sent) continue;
      const typed = new FormData(form);
      [...typed].forEach(([name, value]) => { if (value instanceof File) typed.delete(name); });
      Object.entries(JSON.parse(keeper.getAttribute("hx-vals"))).forEach(([name, value]) => typed.set(name, value));
      navigator.sendBeacon(keeper.getAttribute("hx-post") || window.location.href, typed);
    }
    unkept.clear();
  });

  /* ---- trouble is no answer to a page that asks by itself; a ticket that is out of sight by now is told ---- */

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { status } = event.detail.xhr;
    const asks = event.detail.requestConfig.elt;
    if (status < 400 || !asks.matches("[data-here], [data-keeps], [data-refreshes]")) return;
    event.detail.shouldSwap = false;
    const went = document.getElementById("went");
    if (went && status === 404) went.hidden = false;
  });

  /* ---- who leaves a ticket has it open no more ---- */

  window.addEventListener("pagehide", () => {
    const here = document.querySelector("[data-here]");
    if (!here) return;
    const said = new FormData();
    said.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
    navigator.sendBeacon(here.getAttribute("hx-get"), said);
  });

  /* ---- what was refused: the first field that is wrong has the focus, wherever on the page it is ---- */

  const wrong = document.querySelector(".field.wrong :is(input:not([type=hidden]), select, textarea)");
  if (wrong) {
    for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    wrong.scrollIntoView({ block: "center" });
    wrong.focus({ preventScroll: true });
  }

  /* ---- a number that a softphone handed over: out of the address, so that going back asks nothing twice ---- */

  const handedOver = document.querySelector("form[data-handed-over]");
  if (handedOver) {
    history.replaceState(null, "", handedOver.action);
    document.addEventListener("DOMContentLoaded", () => handedOver.requestSubmit()); /* htmx has seen the page by then */
  }
})();
