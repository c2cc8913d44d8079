"use strict";
// Long value lists are searched, not scrolled: a select with many options gets a field to type into.
// The select stays the form's field; without this script it is an ordinary select.
(() => {
  const MANY = 12;
  const SHOWN = 60;
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();

  function enhance(select) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const options = Array.from(select.options).map((option) => ({ option, key: fold(option.text) }));
    const wrap = document.createElement("div");
    wrap.className = "pick";
    const input = document.createElement("input");
    input.type = "text";
    input.id = `${select.id}_pick`;
    input.className = "form-control form-select";
    input.classList.toggle("form-select-sm", select.classList.contains("form-select-sm"));
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    const list = document.createElement("ul");
    list.id = `${select.id}_list`;
    list.className = "pick-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.setAttribute("aria-controls", list.id);
    if (label) {
      label.htmlFor = input.id;
      list.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    if (select.classList.contains("is-invalid")) input.classList.add("is-invalid");
    input.disabled = select.disabled;

    let active = -1;
    let found = [];

    function showChosen() {
      const chosen = select.selectedOptions[0];
      input.value = chosen && chosen.value ? chosen.text.trim() : "";
      input.placeholder = chosen && !chosen.value ? chosen.text.trim() : "";
    }
    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function point(index) {
      active = index;
      Array.from(list.children).forEach((item, at) => {
        item.setAttribute("aria-selected", String(at === index));
        if (at === index) {
          input.setAttribute("aria-activedescendant", item.id);
          item.scrollIntoView({ block: "nearest" });
        }
      });
    }
    function open(query) {
      const key = fold(query);
      const starts = options.filter((entry) => entry.key.startsWith(key));
      const within = options.filter((entry) => !entry.key.startsWith(key) && entry.key.includes(key));
      found = (key ? [...starts, ...within].filter((entry) => entry.option.value) : options).slice(0, SHOWN);
      list.replaceChildren(...found.map((entry, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}_${at}`;
        item.setAttribute("role", "option");
        item.textContent = entry.option.text.trim();
        return item;
      }));
      const opened = list.hidden && found.length > 0;
      list.hidden = found.length === 0;
      if (opened) list.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-expanded", String(found.length > 0));
      const chosen = found.findIndex((entry) => entry.option.selected);
      point(key && found.length ? 0 : chosen);
    }
    function choose(entry) {
      const before = select.value;
      select.value = entry.option.value;
      showChosen();
      close();
      if (select.value !== before) {
        select.dispatchEvent(new Event("input", { bubbles: true }));
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    function leave() {
      const key = fold(input.value);
      const blank = options.find((entry) => !entry.option.value);
      const exact = options.find((entry) => entry.option.value && entry.key === key);
      const only = key && found.length === 1 ? found[0] : null;
      if (!key && blank) choose(blank);
      else if (exact || only) choose(exact || only);
      else { showChosen(); close(); }
    }

    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (list.hidden) open(""); });
    input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("blur", leave);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open("");
        else if (found.length) point((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        if (!list.hidden && active >= 0) choose(found[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        showChosen();
        close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const at = Array.from(list.children).indexOf(event.target.closest("li"));
      if (at >= 0) choose(found[at]);
    });
    select.addEventListener("change", showChosen);
    // Sichtschutz has changed the texts of the options.
    select.addEventListener("im-renamed", () => { showChosen(); close(); });
    select.addEventListener("focus", () => input.focus());

    select.after(wrap);
    wrap.append(input, list);
    select.classList.add("pick-select");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.dataset.picked = "1";
    showChosen();
  }

  function start(place) {
    place.querySelectorAll("select.form-select:not([multiple]):not([data-picked]):not([data-plain])").forEach((select) => {
      if (select.id && select.options.length > MANY) enhance(select);
    });
  }
  start(document);
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));
})();
