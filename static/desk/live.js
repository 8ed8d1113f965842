/* What is open stays fresh: a stream of hints says that something changed, and the named parts are fetched again.
   A hint is never the truth. Without a stream the page looks by itself now and then. */
"use strict";

(() => {
  const body = document.body;
  if (!body.dataset.live || !window.EventSource || !window.htmx) return;

  const PACE = { "live:lists": 1000, "live:waiting": 1000, "live:notices": 1000, "live:ticket": 500, "live:board": 5000 };
  const WITHOUT = 20 * 1000;
  const ANYWAY = 60 * 1000;
  const AGAIN = 5 * 1000;

  /* ---- telling the parts of the page, not more often than each of them wants ---- */

  const last = {};
  const later = {};

  function tell(name) {
    if (later[name]) return;
    const wait = Math.max(0, (last[name] || 0) + PACE[name] - Date.now());
    later[name] = setTimeout(() => {
      later[name] = null;
      last[name] = Date.now();
      window.htmx.trigger(body, name);
    }, wait);
  }

  const here = () => document.querySelector("[data-live-ticket]");
  const everything = () => ["live:lists", "live:waiting", "live:notices", "live:board"].concat(here() ? ["live:ticket"] : []).forEach(tell);

  /* ---- the stream; a hidden tab keeps it only where no other tab of this browser has one ---- */

  let stream = null;
  let isHeld = false;
  let number = -1;
  let isDown = true;
  let wasUp = false;
  let since = body.dataset.now;

  function open() {
    if (stream) return;
    number = -1;
    stream = new EventSource(`${body.dataset.live}?since=${encodeURIComponent(since)}`);
    stream.addEventListener("hello", counted((greeting) => { isDown = false; wasUp = true; since = greeting.now; mark(); }));
    stream.addEventListener("hint", counted((hint) => {
      if (hint.lists) { tell("live:lists"); tell("live:board"); tell("live:waiting"); }
      if (hint.notices) { tell("live:notices"); tell("live:waiting"); }
      const shown = here();
      if (shown && hint.tickets.includes(shown.dataset.liveTicket)) tell("live:ticket");
    }));
    stream.addEventListener("afresh", counted(() => { isDown = false; mark(); everything(); }));
    stream.addEventListener("deaf", counted(() => { isDown = true; mark(); }));
    stream.addEventListener("bye", () => close());
    stream.onerror = () => {
      isDown = true;
      mark();
      number = -1;
      /* Refused: where there was a stream it comes back, where there never was one the house has none. */
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        if (wasUp) setTimeout(meet, AGAIN);
      }
    };
  }

  function close() {
    if (stream) stream.close();
    stream = null;
    isDown = true;
    mark();
  }

  /* Each event is counted, so a lost one is seen; what is drawn from now on knows all that was hinted at before. */
  const counted = (react) => (event) => {
    const got = Number(event.lastEventId);
    const lost = number >= 0 && got !== number + 1;
    number = got;
    react(JSON.parse(event.data));
    if (lost) everything();
  };

  const mark = () => { body.dataset.liveIs = isDown ? "down" : "up"; };

  function meet() {
    if (!document.hidden || isHeld) open();
    else close();
  }

  if (navigator.locks) {
    navigator.locks.request("live", () => { isHeld = true; meet(); return new Promise(() => {}); });
  } else {
    isHeld = true;
  }
  document.addEventListener("visibilitychange", () => {
    const wasDown = !stream;
    meet();
    if (!document.hidden && wasDown) everything();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { meet(); everything(); } });

  setInterval(() => { if (isDown && !document.hidden) everything(); }, WITHOUT);
  setInterval(() => { if (!isDown && !document.hidden) everything(); }, ANYWAY);
  mark();
  meet();

  /* ---- a ticket's deeds are drawn anew unless somebody is writing; then they are told ---- */

  const written = (form) => [...form.elements].some((field) => {
    if (!field.name || field.type === "hidden" || !field.matches("input, select, textarea")) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
    return field.value !== field.defaultValue;
  });
  body.addEventListener("live:ticket", () => {
    const deeds = document.getElementById("deeds");
    if (!deeds) return;
    const isWriting = "posted" in deeds.dataset || [...deeds.querySelectorAll("form")].some(written) || deeds.contains(document.activeElement);
    if (isWriting) document.getElementById("changed").hidden = false;
    else window.htmx.trigger(body, "live:deeds");
  });

  /* ---- the title counts what waits; something new may ring and give a notice, where its person asked for that ---- */

  const title = document.title;
  const waits = () => Object.fromEntries(
    [...document.querySelectorAll("[data-waits]")].map((count) => [count.id, Number(count.dataset.waits)]),
  );
  let before = waits();

  function count() {
    const numbers = waits();
    const all = Object.values(numbers).reduce((sum, each) => sum + each, 0);
    document.title = all ? `(${all > 99 ? "99+" : all}) ${title}` : title;
    const grown = Object.keys(numbers).some((id) => numbers[id] > (before[id] || 0));
    before = numbers;
    return grown;
  }
  count();
  document.addEventListener("htmx:oobAfterSwap", () => {
    clearTimeout(count.soon);
    count.soon = setTimeout(() => { if (count()) signal(); }, 50);
  });

  function signal() {
    if ("sounds" in body.dataset) ring();
    if ("notices" in body.dataset && document.hidden && window.Notification && Notification.permission === "granted") {
      const notice = new Notification(body.dataset.wordNew, { tag: "live", body: title });
      notice.onclick = () => { window.focus(); notice.close(); };
    }
  }

  function ring() {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    loudness.gain.setValueAtTime(0.15, audio.currentTime);
    loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
    tone.frequency.value = 660;
    tone.connect(loudness).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.35);
    tone.onended = () => audio.close();
    body.dataset.rang = String(Number(body.dataset.rang || 0) + 1);
  }

  /* ---- asking the browser for its permission, where the setting is switched on ---- */

  document.querySelectorAll("[data-asks-for-notices]").forEach((button) => {
    const needed = window.Notification && Notification.permission === "default";
    button.hidden = !needed;
    button.addEventListener("click", () => Notification.requestPermission().then(() => { button.hidden = true; }));
  });
})();
