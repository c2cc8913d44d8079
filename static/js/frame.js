"use strict";
// The frame: theme, Sichtschutz (F9), "/" to search, chart or table, and what htmx needs.
(() => {
  const root = document.documentElement;
  const words = root.dataset;

  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch { /* a private window: the choice lasts for this page */ }
  }
  function press(selector, on) {
    document.querySelectorAll(selector).forEach((button) => button.setAttribute("aria-pressed", String(on)));
  }
  function showState() {
    press("[data-toggle-theme]", root.dataset.bsTheme === "dark");
    press("[data-toggle-privacy]", root.dataset.privacy === "on");
    press("[data-toggle-shortcuts]", root.dataset.shortcuts !== "off");
  }
  function toggle(name, key, on, off) {
    root.dataset[name] = root.dataset[name] === on ? off : on;
    remember(key, root.dataset[name]);
    showState();
  }
  const toggleTheme = () => toggle("bsTheme", "im-theme", "dark", "light");

  // Sichtschutz: the server keeps it and hides names before the first paint; here it shows at once.
  // Options hold no markup: of "name · number" only the number stays.
  function hideNamesInOptions() {
    document.querySelectorAll("select[data-who]").forEach((select) => {
      Array.from(select.options).forEach((option) => { option.textContent = option.text.split(" · ").pop(); });
      select.dispatchEvent(new Event("im-renamed"));
    });
  }
  function keep(form, on) {
    form.elements.on.value = on ? "1" : "0";
    const said = new URLSearchParams(new FormData(form));
    form.elements.on.value = on ? "0" : "1";
    fetch(form.action, { method: "POST", body: said, redirect: "manual", keepalive: true }).catch(() => say(words.draftOffline));
  }
  function setPrivacy(on) {
    root.dataset.privacy = on ? "on" : "off";
    if (on) hideNamesInOptions();
    document.querySelectorAll("[data-privacy-form]").forEach((form) => { form.elements.on.value = on ? "0" : "1"; });
    showState();
  }
  function togglePrivacy() {
    const form = document.querySelector("[data-privacy-form]");
    if (!form) return;
    const on = root.dataset.privacy !== "on";
    setPrivacy(on);
    keep(form, on);
    // Tells the other tabs; no page reads it when it is opened.
    remember("im-privacy", on ? "on" : "off");
  }
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-privacy-form]")) {
      event.preventDefault();
      togglePrivacy();
    }
    if (event.target.matches("[data-name-form]")) {
      event.preventDefault();
      const head = event.target.closest(".file-head");
      const on = head.dataset.privacy !== "on";
      if (on) head.dataset.privacy = "on";
      else delete head.dataset.privacy;
      keep(event.target, on);
    }
  });
  const toggleShortcuts = () => toggle("shortcuts", "im-shortcuts", "off", "on");

  function show(group, part) {
    const figure = document.getElementById(group.dataset.view);
    figure.querySelectorAll("[data-part]").forEach((el) => { el.hidden = el.dataset.part !== part; });
    group.querySelectorAll("[data-show]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.show === part));
    });
  }

  function openAll(button) {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    button.closest("section").querySelectorAll("details.tl-item").forEach((item) => { item.open = open; });
  }

  // "Mehr" on the phone: while it is open the keyboard stays in it, closing it leads back to where one was.
  const more = document.getElementById("more");
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.tabbar a[href="#more"], .more a[href="#main"]');
    if (!link || !more) return;
    event.preventDefault();
    if (more.open) more.close();
    else more.showModal();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("toggleTheme" in button.dataset) toggleTheme();
    if ("toggleShortcuts" in button.dataset) toggleShortcuts();
    if ("print" in button.dataset) window.print();
    if ("openAll" in button.dataset) openAll(button);
    if (button.dataset.show) show(button.closest("[data-view]"), button.dataset.show);
  });

  // Hits while typing: arrows walk, Escape goes back to the field and puts them away.
  const walkHits = (event, search) => {
    const hits = [...document.querySelectorAll("#search-hits a")];
    const at = hits.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && at + 1 < hits.length) hits[at + 1].focus();
    else if (event.key === "ArrowUp" && at > 0) hits[at - 1].focus();
    else if (event.key === "ArrowUp" && at === 0) search.focus();
    else if (event.key === "Escape") {
      document.getElementById("search-hits").replaceChildren();
      search.focus();
    } else return;
    event.preventDefault();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "F9") {
      event.preventDefault();
      togglePrivacy();
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = document.getElementById("q");
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (search && search.closest(".search").contains(event.target)) walkHits(event, search);
    if (event.key === "/" && plain && !typing && search && root.dataset.shortcuts !== "off") {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // Another tab changed the theme or the Sichtschutz: this one follows.
  window.addEventListener("storage", (event) => {
    if (event.key === "im-theme" && event.newValue) root.dataset.bsTheme = event.newValue;
    if (event.key === "im-privacy" && event.newValue) setPrivacy(event.newValue === "on");
    showState();
  });

  async function freshToken() {
    const answer = await fetch("/account/csrf/", { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(`token: ${answer.status}`);
    const { token } = await answer.json();
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return token;
  }

  function say(text, ...more) {
    const place = document.getElementById("messages");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "status-line is-problem";
    const words_ = document.createElement("p");
    words_.textContent = text;
    line.append(words_, ...more);
    place.replaceChildren(line);
    place.scrollIntoView({ block: "nearest" });
  }
  function loginLink() {
    const link = document.createElement("a");
    link.href = "/login/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words.logIn;
    return link;
  }
  // What a swapped part has to say goes into a region that was there before: screen readers hear no other.
  function hear(text) {
    document.getElementById("heard").textContent = text;
  }
  function clear() {
    document.getElementById("messages")?.replaceChildren();
  }
  window.imFrame = { freshToken, say, loginLink, clear, hear };

  // htmx: an expired log-in keeps the page; after logging in elsewhere the same request goes out again.
  let parked = null;
  async function sendAgain() {
    if (!parked) return;
    const element = parked;
    try {
      await freshToken();
    } catch {
      return;
    }
    parked = null;
    clear();
    if (element.matches("form")) element.requestSubmit();
    else element.click();
  }
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, elt } = event.detail;
    if (xhr.status === 401) {
      parked = elt;
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-sm btn-quiet";
      again.textContent = words.sendAgain;
      again.addEventListener("click", sendAgain);
      say(`${words.draftExpired} ${words.logInHint}`, loginLink(), again);
      return;
    }
    say(words.failed);
  });
  document.addEventListener("htmx:sendError", () => say(words.draftOffline));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAgain(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.elt;
    const focus = target.matches("[data-focus]") ? target : target.querySelector("[data-focus], .error-summary");
    if (focus) focus.focus();
    const said = target.matches("[data-say]") ? target : target.querySelector("[data-say]");
    if (said) hear(said.textContent.trim());
  });

  showState();
})();
