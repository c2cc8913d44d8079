"use strict";
// Mein Tag: a button updates its row where it stands and says what it did; whoever comes back stands where she was.
(() => {
  const KEY = "im-day";
  const { say, loginLink, hear } = window.imFrame;
  const words = document.documentElement.dataset;
  const own = new URL(location.href);
  const rowOf = (place, key) => key && place.querySelector(`[data-row="${CSS.escape(key)}"]`);

  async function ask(url, options) {
    let answer;
    try {
      answer = await fetch(url, { credentials: "same-origin", ...options });
    } catch {
      say(words.draftOffline);
      return null;
    }
    if (answer.status === 401) say(words.draftExpired, loginLink());
    else if (!answer.ok) say(words.failed);
    return answer.ok ? answer : null;
  }

  // What a page has to say, as a line of the list.
  function note(page, row) {
    const line = page.querySelector("#messages .status-line");
    if (!line) return null;
    const item = document.createElement("li");
    item.className = "entry-said";
    item.dataset.row = row;
    item.append(document.adoptNode(line));
    return item;
  }

  function put(row, page) {
    const key = row.dataset.row;
    const said = note(page, key);
    const found = rowOf(page, key);
    const fresh = found ? [document.adoptNode(found)] : [];
    const opened = row.closest(".further");
    // After an undo the person's other matter may stand beside it.
    for (const other of document.querySelectorAll(`[data-row="${CSS.escape(key)}"]`)) {
      if (other === row || opened || other.closest(".further")) continue;
      if (other.nextElementSibling?.matches(".further")) other.nextElementSibling.remove();
      other.remove();
    }
    if (opened) {
      // A further matter: what was said stands in its place, the person's row above says how many are left.
      opened.previousElementSibling.replaceWith(...fresh);
      row.replaceWith(said || "");
    } else {
      if (row.nextElementSibling?.matches(".further")) row.nextElementSibling.remove();
      row.replaceWith(...(said ? [said] : []), ...fresh);
    }
    const lead = page.querySelector(".lead-line");
    if (lead) document.querySelector(".lead-line")?.replaceWith(document.adoptNode(lead));
    if (!said) return;
    said.firstElementChild.focus({ preventScroll: true });
    hear(said.textContent.trim().replace(/\s+/g, " "));
  }

  function bare(url) {
    const address = new URL(url, location.href);
    return address.pathname === "/" || address.pathname === own.pathname;
  }

  async function send(form, button, row) {
    button.disabled = true;
    try {
      const answer = await ask(button.getAttribute("formaction") || form.action, {
        method: "POST",
        headers: { "HX-Request": "true" },
        body: new URLSearchParams([...new FormData(form), ...(button.name ? [[button.name, button.value]] : [])]),
      });
      if (!answer) return;
      const next = answer.headers.get("HX-Redirect") || "/";
      if (!bare(next)) {
        remember(row);
        location.assign(next);
        return;
      }
      const page = await ask(own);
      if (page) put(row, new DOMParser().parseFromString(await page.text(), "text/html"));
    } finally {
      // forms.js lets a form go once; this one belongs to many rows.
      delete form.dataset.sending;
      form.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }

  async function open(link, row) {
    const opened = row.nextElementSibling?.matches(".further") ? row.nextElementSibling : null;
    link.setAttribute("aria-expanded", String(!opened));
    if (opened) {
      opened.remove();
      return;
    }
    const answer = await ask(link.href, { headers: { "HX-Request": "true" } });
    if (!answer) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const item = document.createElement("li");
    item.className = "further";
    item.append(document.adoptNode(part.querySelector("ul")));
    row.after(item);
  }

  function remember(row) {
    const before = row.previousElementSibling?.dataset.row || "";
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ path: own.pathname, y: scrollY, row: row.dataset.row, before }));
    } catch { /* a private window: the page opens at its top */ }
  }

  // Back from a form: where she was, with what was saved said at its row.
  function comeBack() {
    let left = null;
    try {
      left = JSON.parse(sessionStorage.getItem(KEY) || "null");
      sessionStorage.removeItem(KEY);
    } catch { /* as above */ }
    if (!left || left.path !== own.pathname) return;
    const row = rowOf(document, left.row);
    const before = rowOf(document, left.before);
    // The person's row may stand elsewhere by now; what was said stands where it stood.
    const said = row || before ? note(document, left.row) : null;
    if (said && before) before.after(said);
    else if (said) row.before(said);
    scrollTo({ top: left.y, behavior: "instant" });
    said?.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (said) hear(said.textContent.trim().replace(/\s+/g, " "));
  }

  document.addEventListener("submit", (event) => {
    const row = event.submitter?.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    send(event.target, event.submitter, row);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-row] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = link.closest("[data-row]");
    if (!("further" in link.dataset)) {
      remember(row);
      return;
    }
    event.preventDefault();
    open(link, row);
  });
  comeBack();
})();
