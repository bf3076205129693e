// The chat's comfort: sends without leaving the page, keeps what was not sent
// on the screen (and nowhere else), and shows at once what others changed.
"use strict";

(() => {
  const composer = document.getElementById("composer");
  const log = document.getElementById("log");
  if (!composer || !log) return;

  const box = composer.elements.words;
  const hint = document.getElementById("hint");
  const waiting = document.getElementById("waiting");
  const scroller = document.querySelector(".scroll");
  const clock = document.getElementById("clock");
  const pattern = document.getElementById("unsent");
  const said = pattern.dataset;

  const WAIT_FIRST_MS = 1000;
  const WAIT_MAX_MS = 30000;
  const ANSWER_MAX_MS = 20000;
  // Answers that another try can mend: a late or busy server, or a page from
  // before its restart, whose seal is renewed first.
  const CAN_MEND = new Set([403, 408, 429, 502, 503, 504]);

  const hasMouse = matchMedia("(pointer: fine)").matches;
  const by = log.dataset.by;
  let seal = log.dataset.csrf;

  const newKey = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // The log: only what is new or different is touched, so that a screen reader
  // reads that alone and a half-filled form stays as it is.

  const seen = new Map();

  function shape(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("input[name=key], input[name=csrf]").forEach((input) => input.removeAttribute("value"));
    copy.querySelectorAll("button").forEach((button) => button.removeAttribute("disabled"));
    return copy.outerHTML;
  }

  for (const part of log.children) seen.set(part.id, shape(part));

  function show(html) {
    const piece = document.createElement("template");
    piece.innerHTML = html;
    const fresh = piece.content.firstElementChild;
    if (!fresh || fresh.id !== "log") return;
    if (fresh.dataset.by !== by) {
      // Somebody else was picked in another window: this conversation is over.
      if (line.length === 0) location.reload();
      return;
    }
    seal = fresh.dataset.csrf;
    if (clock) clock.textContent = fresh.dataset.clock;
    const parts = Array.from(fresh.children);
    const wanted = new Set(parts.map((part) => part.id));
    for (const part of Array.from(log.children)) {
      if (!wanted.has(part.id)) part.remove();
    }
    let at = log.firstElementChild;
    for (const part of parts) {
      const now = shape(part);
      if (at && at.id === part.id) {
        const old = at;
        at = at.nextElementSibling;
        if (seen.get(part.id) !== now) old.replaceWith(part);
      } else {
        log.insertBefore(part, at);
      }
      seen.set(part.id, now);
    }
    // A pressed button is gone or asleep: back to writing, where that opens no
    // keyboard over half the screen.
    if (document.activeElement === document.body && hasMouse) box.focus({ preventScroll: true });
  }

  function toNewest() {
    // The column runs upwards: 0 is its foot.
    scroller.scrollTop = 0;
  }

  let asking = false;
  let askAgain = false;

  async function refresh() {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const answer = await ask("/chat/fragment", {});
      if (answer.ok) show(await answer.text());
      else if (answer.status === 401 && line.length === 0 && box.value.trim() === "") location.reload();
    } catch {
      // The live stream notices a lost connection and calls again.
    } finally {
      asking = false;
      if (askAgain) {
        askAgain = false;
        refresh();
      }
    }
  }

  function ask(path, options) {
    return fetch(path, {
      ...options,
      headers: { "x-koekake": "fragment" },
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
  }

  // Messages on their way, oldest first. Each keeps its key, so that sending it
  // twice records it once.

  const line = [];
  let running = false;
  let wake = null;

  function enqueue(path, fields, words) {
    const element = pattern.content.firstElementChild.cloneNode(true);
    const message = { path, fields, element, state: element.querySelector(".state"), isRefused: false };
    element.querySelector(".words").textContent = words;
    element.querySelector(".again").addEventListener("click", () => {
      message.isRefused = false;
      mark(message, true);
      if (wake) wake();
      run();
      box.focus({ preventScroll: true });
    });
    element.querySelector(".drop").addEventListener("click", () => {
      drop(message);
      if (wake) wake();
      box.focus({ preventScroll: true });
    });
    line.push(message);
    mark(message, true);
    waiting.append(element);
    hint.textContent = "";
    toNewest();
    run();
  }

  function mark(message, isSending, reason) {
    message.state.textContent = isSending ? said.sending : said.unsent;
    message.element.querySelector(".reason").textContent = reason || "";
    message.element.querySelector(".buttons").hidden = isSending;
  }

  function drop(message) {
    const at = line.indexOf(message);
    if (at >= 0) line.splice(at, 1);
    message.element.remove();
    if (message.button) message.button.disabled = false;
  }

  async function run() {
    if (running) return;
    running = true;
    let pause = WAIT_FIRST_MS;
    for (;;) {
      const message = line.find((one) => !one.isRefused);
      if (!message) break;
      mark(message, true);
      if (await send(message)) {
        pause = WAIT_FIRST_MS;
      } else if (!message.isRefused) {
        await rest(pause);
        pause = Math.min(pause * 2, WAIT_MAX_MS);
      }
    }
    running = false;
  }

  // Whether the message has arrived.
  async function send(message) {
    let reason = "";
    try {
      const body = new URLSearchParams({ ...message.fields, by, csrf: seal });
      const answer = await ask(message.path, { method: "POST", body });
      if (answer.ok) {
        const html = await answer.text();
        drop(message);
        if (answer.status === 204) hint.textContent = said.silent;
        else show(html);
        toNewest();
        return true;
      }
      reason = await answer.text();
      message.isRefused = !CAN_MEND.has(answer.status);
      if (answer.status === 403) await refresh();
    } catch {
      reason = said.lost;
    }
    if (line.includes(message)) mark(message, false, reason);
    return false;
  }

  function rest(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        wake = null;
        resolve();
      }
      wake = done;
    });
  }

  window.addEventListener("online", () => wake && wake());
  window.addEventListener("beforeunload", (event) => {
    if (line.length > 0 || box.value.trim() !== "") event.preventDefault();
  });

  // Writing.

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  box.addEventListener("input", () => {
    grow();
    if (hint.textContent === said.silent) hint.textContent = "";
  });
  box.addEventListener("keydown", (event) => {
    // 229: some browsers end a composition with an Enter that says so only here.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = box.value;
    box.value = "";
    grow();
    box.focus({ preventScroll: true });
    if (words.trim() !== "") enqueue("/say", { words, key: newKey() }, words);
  });

  log.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter || form.querySelector("button");
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    const value = form.elements.value ? form.elements.value.value : null;
    const fields = { action: form.elements.action.value, key: newKey() };
    if (value !== null) fields.value = value;
    const label = button.textContent.trim();
    enqueue(form.getAttribute("action"), fields, value === null ? label : `${value} ${label}`);
    line[line.length - 1].button = button;
  });

  // What others change: an event says that something did, the log says what.

  let listenPause = WAIT_FIRST_MS;

  function listen() {
    const live = new EventSource("/live");
    live.addEventListener("open", () => {
      listenPause = WAIT_FIRST_MS;
      if (hint.textContent === said.lost) hint.textContent = "";
      refresh();
      if (wake) wake();
    });
    live.addEventListener("changed", refresh);
    live.addEventListener("error", () => {
      hint.textContent = said.lost;
      live.close();
      // Where nobody is signed in any longer, the door says so.
      refresh();
      setTimeout(listen, listenPause);
      listenPause = Math.min(listenPause * 2, WAIT_MAX_MS);
    });
  }

  listen();
  if (hasMouse) box.focus({ preventScroll: true });
})();
