"use strict";
// Forms: one submit at a time, half-typed dates, the error summary, a counter for long texts.
(() => {
  const words = document.documentElement.dataset;
  const changed = new WeakSet();
  const labels = new Map();
  const isWriting = (form) => form.matches("form.form") && form.method === "post";

  function rememberChange(event) {
    const form = event.target.form;
    if (form && isWriting(form)) changed.add(form);
  }
  document.addEventListener("input", rememberChange);
  document.addEventListener("change", rememberChange);

  function mark(field, text) {
    const id = `${field.id || field.name}_typed`;
    let note = document.getElementById(id);
    if (!note) {
      note = document.createElement("div");
      note.id = id;
      note.className = "invalid-feedback";
      note.append(document.createElement("span"));
      field.after(note);
    }
    note.firstElementChild.textContent = text;
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
  }

  // A date typed half is sent as nothing by the browser: stop before it is lost.
  function halfTyped(form) {
    return Array.from(form.elements).find((field) => field.validity && field.validity.badInput);
  }

  function release(form) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
    for (const [button, label] of labels) {
      if (button.form !== form) continue;
      button.replaceChildren(...label);
      button.removeAttribute("aria-disabled");
      labels.delete(button);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A switch is sent beside the page, which stays.
    if (form.method !== "post" || "switch" in form.dataset) return;
    const half = halfTyped(form);
    if (half) {
      event.preventDefault();
      event.stopImmediatePropagation();
      mark(half, words.incomplete);
      half.focus();
      return;
    }
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "1";
    form.setAttribute("aria-busy", "true");
    changed.delete(form);
    const button = event.submitter;
    if (button && button.matches("form.form button.btn")) {
      labels.set(button, Array.from(button.childNodes));
      button.replaceChildren(button.dataset.busy || words.saving);
      button.setAttribute("aria-disabled", "true");
    }
    // A download or a new tab leaves this page standing: its button must work again.
    if (form.target || "download" in form.dataset) setTimeout(() => release(form), 3000);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest ? event.detail.elt.closest("form") : null;
    if (form) release(form);
  });
  // Coming back with the back button: the page is as it was left, its button must work again.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

  document.addEventListener("draft:saved", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    const open = Array.from(document.forms).some((form) => changed.has(form));
    if (open) event.preventDefault();
  });

  function count(field) {
    const limit = Number(field.dataset.limit);
    // The server counts a line break as two characters, as the form sends it.
    const length = Array.from(field.value.replace(/\r?\n/g, "\r\n")).length;
    const left = limit - length;
    let note = field.parentElement.querySelector(".counter");
    if (left > limit * 0.1) {
      if (note) note.remove();
      return;
    }
    if (!note) {
      note = document.createElement("p");
      note.className = "counter form-text";
      field.after(note);
    }
    note.classList.toggle("is-over", left < 0);
    note.textContent = left < 0 ? `${-left} ${words.over}` : `${left} ${words.left}`;
    window.imFrame.hear(note.textContent);
  }
  document.addEventListener("input", (event) => {
    if (event.target.dataset && event.target.dataset.limit) count(event.target);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // A proposed value goes into its fields; nothing is sent.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fill]");
    const names = button?.closest("[data-fills]")?.dataset.fills.split(" ");
    if (!names) return;
    const values = button.dataset.fill.split(" ");
    const fields = names.map((name) => button.form.elements[name]);
    fields.forEach((field, number) => {
      field.value = values[number];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    fields.at(-1).focus();
  });

  // A page that answers a form begins where it says what became of it.
  const answer = document.querySelector("main .error-summary, main [data-focus], .entrance .error-summary");
  const message = document.querySelector("#messages .status-line");
  // Where there is a keyboard it begins in the field asked first; on a phone nothing pushes the page up.
  const first = window.matchMedia("(pointer: fine)").matches && document.querySelector("[data-begin]");
  if (answer) answer.focus();
  else if (first) first.focus({ preventScroll: true });
  else if (message && !document.querySelector("[autofocus]")) message.focus();
})();
