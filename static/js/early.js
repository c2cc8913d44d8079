"use strict";
// Runs before the first paint, so that neither a light page nor a name flashes up.
(() => {
  const root = document.documentElement;
  let stored = (key) => localStorage.getItem(key);
  try { stored("im-theme"); } catch { stored = () => null; }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = stored("im-theme") || (dark ? "dark" : "light");
  root.dataset.privacy = stored("im-privacy") || root.dataset.privacy;
  root.dataset.shortcuts = stored("im-shortcuts") || "on";
})();
