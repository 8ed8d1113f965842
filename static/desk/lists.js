/* Lists under somebody's eyes do not jump when they are drawn anew: a line changes where it stands, one that has left
   says so in its place, and new ones wait behind a bar until they are asked for. */
"use strict";

(() => {
  if (!window.htmx) return;
  const body = document.body;
  const bar = () => document.getElementById("newer");

  const nameOf = (line) => `${line.closest("[data-lines]")?.dataset.lines || ""} ${line.dataset.line}`;
  const listOf = (name) => name.split(" ")[0];
  const numberOf = (name) => name.split(" ")[1];
  const linesOf = (part) => new Map([...part.querySelectorAll("[data-line]")].map((line) => [nameOf(line), line]));
  const written = (part) => [...part.querySelectorAll("input[type=text], textarea")].some((field) => field.value !== field.defaultValue);

  /* ---- what was ticked stays ticked, what was typed stays, and what had the focus keeps it ---- */

  function hold(part) {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    return {
      lines: new Set(linesOf(part).keys()),
      ticked: [...part.querySelectorAll("input[type=checkbox]:checked")].map((box) => `${box.name}=${box.value}`),
      typed: [...part.querySelectorAll("input[type=text][id], textarea[id]")].map((field) => [field.id, field.value, field.defaultValue]),
      opened: [...part.querySelectorAll("details")].map((each) => each.open),
      href: focused && focused.getAttribute("href"),
      control: focused && focused.name ? `${focused.name}=${focused.value}` : "",
    };
  }

  function giveBack(part, { lines, ticked, typed, opened, href, control }) {
    part.querySelectorAll("input[type=checkbox]").forEach((box) => {
      if (ticked.includes(`${box.name}=${box.value}`)) box.checked = true;
    });
    typed.forEach(([id, value, begin]) => {
      const field = value !== begin && document.getElementById(id);
      if (field) field.value = value;
    });
    const folds = lines.size ? part.querySelectorAll("details") : [];
    if (folds.length === opened.length) folds.forEach((each, index) => { each.open = opened[index]; });
    if (document.activeElement && document.activeElement !== body) return;
    if (href) part.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
    else if (control) {
      [...part.querySelectorAll("button, input")]
        .find((each) => `${each.name}=${each.value}` === control)?.focus({ preventScroll: true });
    }
  }

  /* ---- lines where they stand ---- */

  function renew(line, now) {
    if (written(line)) return;
    const kept = hold(line);
    const fresh = document.importNode(now, true);
    line.replaceWith(fresh);
    window.htmx.process(fresh);
    giveBack(fresh, kept);
    fresh.dispatchEvent(new CustomEvent("line:renewed", { bubbles: true }));
  }

  function leave(line) {
    if (line.classList.contains("away")) return;
    line.classList.add("away");
    const hadFocus = line.contains(document.activeElement);
    line.querySelectorAll("input, button, select, textarea").forEach((control) => {
      if (control.type === "checkbox") control.checked = false;
      control.disabled = true;
    });
    const link = line.querySelector("a.row");
    const word = document.createElement("span");
    word.className = "tag";
    word.textContent = bar().dataset.left;
    const chip = line.querySelector(".chip"); // what was owed counts no more, and has the room for the word
    if (chip) chip.replaceWith(word);
    else (line.querySelector(".chipcell") || link?.parentElement || line).append(" ", word);
    if (hadFocus && link) link.focus({ preventScroll: true });
  }

  /* A list in pages is told which lines are on the screen, and says which of them are on another page by now. */
  document.addEventListener("htmx:configRequest", (event) => {
    const pages = event.target.matches("[data-refreshes]") && event.target.querySelector(".pages");
    if (!pages) return;
    const lines = (pages.closest(".card") || event.target).querySelectorAll("[data-line]");
    event.detail.headers.Shown = [...lines].map((line) => line.dataset.line).join();
  });

  function gone(lines, now, incoming) {
    const pages = incoming.querySelector("[data-elsewhere]");
    if (!pages) return certain(lines, now, incoming);
    const elsewhere = pages.dataset.elsewhere.split(" ");
    const lists = new Set([...linesOf(pages.closest(".card") || incoming).keys()].map(listOf));
    const beside = new Map([...lines].filter(([name]) => !lists.has(listOf(name))));
    const left = [...lines.keys()].filter((name) => lists.has(listOf(name)) && !now.has(name));
    return [...left.filter((name) => !elsewhere.includes(numberOf(name))), ...certain(beside, now, incoming)];
  }

  /* What lies before the first or behind the last line that both have may have come from another page as well. */
  function certain(lines, others, inOthers) {
    const all = [...lines.keys()];
    return [...new Set(all.map(listOf))].flatMap((list) => {
      const names = all.filter((name) => listOf(name) === list);
      const common = names.flatMap((name, index) => (others.has(name) ? [index] : []));
      if (!common.length) return names;
      const { isFirst, isLast } = pageOf(inOthers, names[common[0]]);
      return names.filter((name, index) =>
        !others.has(name) && (index > common[0] || isFirst) && (index < common.at(-1) || isLast));
    });
  }

  function pageOf(part, name) {
    const list = linesOf(part).get(name).parentElement;
    const pages = (list.closest(".card") || part).querySelector(".pages");
    return {
      isFirst: !pages?.querySelector("[rel=prev]"),
      isLast: !("more" in list.dataset) && !pages?.querySelector("[rel=next], [data-more]"),
    };
  }

  function change(part, incoming, page) {
    const before = linesOf(part);
    const now = linesOf(incoming);
    before.forEach((line, name) => { if (now.has(name)) renew(line, now.get(name)); });
    gone(before, now, incoming).forEach((name) => leave(before.get(name)));
    document.querySelectorAll("[data-fresh][id]").forEach((each) => {
      const fresh = page.getElementById(each.id);
      if (fresh && !each.contains(document.activeElement)) each.replaceWith(document.importNode(fresh, true));
    });
    part.dataset.newer = certain(now, before, part).length;
    tell();
  }

  /* ---- the bar ---- */

  function tell() {
    const fill = (pattern, number) => pattern.replace("{n}", number);
    const newer = [...document.querySelectorAll("[data-newer]")].reduce((sum, part) => sum + Number(part.dataset.newer), 0);
    const away = document.querySelectorAll("[data-line].away").length;
    const words = [newer && fill(bar().dataset.new, newer), away && fill(bar().dataset.gone, away)].filter(Boolean).join(" · ");
    const word = bar().firstChild.nodeType === Node.TEXT_NODE ? bar().firstChild : bar().insertBefore(new Text(), bar().firstChild);
    if (word.data !== words) word.data = words;
    bar().hidden = !words;
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#newer")) return;
    document.querySelectorAll("[data-newer]").forEach((part) => { part.dataset.brings = ""; });
    ["live:lists", "live:notices"].forEach((name) => window.htmx.trigger(body, name));
  });

  /* ---- a part of the page that comes ---- */

  const admit = (part) => part.querySelectorAll("[data-unanswered]").forEach((notice) => { notice.hidden = false; });
  document.addEventListener("htmx:sendError", (event) => admit(event.target));

  const kept = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (!part.id || !part.matches("[data-refreshes]")) return;
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const incoming = page.getElementById(part.id);
    const brings = "brings" in part.dataset;
    const before = linesOf(part);
    if (!incoming) {
      event.detail.shouldSwap = false; // trouble, or another page: what stands there is worth more
      admit(part);
    } else if (before.size && !brings && !document.hidden && [...before.keys()].join() !== [...linesOf(incoming).keys()].join()) {
      event.detail.shouldSwap = false;
      change(part, incoming, page);
    } else if (!brings && written(part)) {
      event.detail.shouldSwap = false; // who is writing in it keeps it; it is drawn anew with the next hint after that
    } else {
      kept.set(part.id, { brings, ...hold(part) });
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    const held = kept.get(part.id);
    if (!held) return;
    kept.delete(part.id);
    const asked = document.activeElement === bar();
    tell();
    giveBack(part, held);
    if (!held.brings) return;
    const come = [...linesOf(part)].filter(([name]) => !held.lines.has(name)).map(([, line]) => line);
    come.forEach((line) => line.classList.add("come"));
    if (asked || document.activeElement === body) come[0]?.querySelector("a.row")?.focus();
  });
})();
