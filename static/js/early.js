"use strict";
// Runs before the first paint, so that no light page flashes up and no key is lost.
(() => {
  const root = document.documentElement;
  let stored = (key) => localStorage.getItem(key);
  try { stored("im-theme"); } catch { stored = () => null; }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = stored("im-theme") || (dark ? "dark" : "light");
  root.dataset.shortcuts = stored("im-shortcuts") || "on";

  // Ctrl+Enter saves from the first moment, also while the other scripts are still on their way.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.form || event.target.closest("form");
    if (!form || !form.matches("form.form") || form.method !== "post") return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit].btn-primary, input[type=submit].btn-primary");
    form.requestSubmit(button || undefined);
  });
})();
