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
    use.setAttribute("href", "#i-check");
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

  function watch(form) {
    let timer = 0;
    let sent = withoutToken(snapshot(form));
    let busy = false;
    let expired = false;

    const plan = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };

    async function save() {
      clearTimeout(timer);
      if (form.dataset.sending || busy) {
        if (busy) plan(WAIT);
        return;
      }
      const values = snapshot(form);
      const text = withoutToken(values);
      if (text === sent) return;
      busy = true;
      try {
        const answer = await fetch(form.dataset.draftUrl, {
          method: "POST",
          headers: { Accept: "application/json", "X-Draft": "1", "X-CSRFToken": token(form) },
          body: values,
          redirect: "manual",
          keepalive: document.hidden && text.length < 60000,
        });
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
          expire();
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
        busy = false;
      }
    }

    function expire() {
      expired = true;
      say(form, `${words.draftExpired} `, window.imFrame.loginLink(), ` ${words.logInHint}`);
    }

    async function resume() {
      if (!expired) return;
      try {
        await window.imFrame.freshToken();
      } catch {
        return;
      }
      expired = false;
      save();
    }

    form.addEventListener("input", () => plan(WAIT));
    form.addEventListener("change", () => plan(WAIT));
    form.addEventListener("focusout", () => { if (!expired) save(); });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) save();
      else resume();
    });
    window.addEventListener("focus", resume);
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
