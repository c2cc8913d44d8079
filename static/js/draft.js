"use strict";
// Drafts live on the server. This half sends a form as it stands and says only what the server confirmed.
(() => {
  const words = document.documentElement.dataset;
  const WAIT = 1500;
  const RETRY = 5000;

  function status(form) {
    let line = form.querySelector("[data-draft-status]") || document.querySelector("[data-draft-status]");
    if (!line) {
      line = document.createElement("p");
      line.className = "saved";
      line.setAttribute("role", "status");
      line.dataset.draftStatus = "";
      form.append(line);
    }
    return line;
  }
  function tick() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "icon icon-sm");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${document.documentElement.dataset.icons}#i-check`);
    svg.append(use);
    return svg;
  }
  function say(form, ...parts) {
    status(form).replaceChildren(...parts);
  }
  function snapshot(form) {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") values.append(name, value);
    }
    return values;
  }

  // A form being sent waits for a draft on its way: arriving late, that draft would outlive the record.
  const busyForms = new Map();
  window.addEventListener("submit", (event) => {
    if (!busyForms.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    busyForms.set(event.target, event.submitter || event.target);
  }, true);
  // A form sent without a connection is a page lost: the way to the server is tried first, the text stays where it is.
  const tried = new WeakSet();
  const trying = new WeakSet();
  async function trySending(form, button) {
    if (trying.has(form)) return;
    trying.add(form);
    try {
      await fetch("/account/csrf/", { cache: "no-store", signal: AbortSignal.timeout(10000) });
      tried.add(form);
      form.requestSubmit(button || undefined);
    } catch {
      say(form, words.draftOffline);
      window.imFrame.say(words.offline);
    } finally {
      trying.delete(form);
    }
  }
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.draftUrl || tried.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    trySending(form, event.submitter);
  }, true);
  window.addEventListener("online", () => window.imFrame.clear());

  function finish(form) {
    const waiting = busyForms.get(form);
    busyForms.delete(form);
    if (waiting) form.requestSubmit(waiting === form ? undefined : waiting);
  }

  function send(form, values) {
    return fetch(form.dataset.draftUrl, {
      method: "POST",
      headers: { Accept: "application/json", "X-Draft": "1", "X-CSRFToken": token(form) },
      body: values,
      redirect: "manual",
      keepalive: document.hidden && values.toString().length < 60000,
      signal: AbortSignal.timeout(10000),
    });
  }
  const isRefusedLogin = (answer) => answer.type === "opaqueredirect" || [401, 403].includes(answer.status);

  function watch(form) {
    let timer = 0;
    // The line is there before it says anything: a screen reader hears no other.
    status(form);
    let sent = withoutToken(snapshot(form));
    let expired = false;

    const plan = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };

    async function save() {
      clearTimeout(timer);
      if (form.dataset.sending) return;
      if (busyForms.has(form)) {
        plan(WAIT);
        return;
      }
      const text = withoutToken(snapshot(form));
      if (text === sent) return;
      busyForms.set(form, null);
      try {
        if (expired && !(await renewed())) return;
        let answer = await send(form, snapshot(form));
        if (isRefusedLogin(answer) && await renewed()) answer = await send(form, snapshot(form));
        if (isRefusedLogin(answer)) {
          expired = true;
          say(form, `${words.draftExpired} `, window.imFrame.loginLink(), ` ${words.logInHint}`);
        } else if (answer.ok) {
          const { saved_at: at } = await answer.json();
          sent = text;
          expired = false;
          say(form, tick(), `${words.draftSaved} ${at}`);
          if (withoutToken(snapshot(form)) === sent) {
            form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
          }
        } else if (answer.status >= 500 || answer.status === 429) {
          say(form, words.draftOffline);
          plan(RETRY);
        } else {
          say(form, words.draftRefused);
        }
      } catch {
        say(form, words.draftOffline);
        plan(RETRY);
      } finally {
        finish(form);
      }
    }

    // Logged in again elsewhere: only the token of this page is old.
    async function renewed() {
      try {
        await window.imFrame.freshToken();
        return true;
      } catch {
        return false;
      }
    }

    form.addEventListener("input", () => plan(WAIT));
    form.addEventListener("change", () => plan(WAIT));
    form.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (!expired && !(next && next.form === form && next.type === "submit")) save();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden || expired) save(); });
    window.addEventListener("focus", () => { if (expired) save(); });
    window.addEventListener("online", save);
  }

  function token(form) {
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }
  function withoutToken(values) {
    const copy = new URLSearchParams(values);
    copy.delete("csrfmiddlewaretoken");
    return copy.toString();
  }

  function start(place) {
    place.querySelectorAll("form[data-draft-url]").forEach((form) => {
      if (form.dataset.watched) return;
      form.dataset.watched = "1";
      watch(form);
    });
  }
  start(document);
  document.addEventListener("htmx:load", (event) => {
    const element = event.detail.elt;
    start(element.parentElement || document);
  });
})();
