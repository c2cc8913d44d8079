"use strict";
// Reaching somebody: texts are copied, and after a call or an SMS the log of it opens by itself.
(() => {
  // The device asks or dials first; a page that went on at once would take the question away.
  const LET_IT_DIAL = 800;

  // Where the clipboard is closed to pages without TLS, the selected text is copied the old way.
  async function copy(from) {
    try {
      await navigator.clipboard.writeText(from.textContent);
    } catch {
      window.getSelection().selectAllChildren(from);
      document.execCommand("copy");
    }
  }

  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "soft";
    button.hidden = false;
    button.parentElement.append(said);
    button.addEventListener("click", async () => {
      await copy(document.getElementById(button.dataset.copy));
      said.textContent = button.dataset.copied;
    });
  });

  document.querySelectorAll("a[data-log-url]").forEach((link) => {
    link.addEventListener("click", () => {
      window.setTimeout(() => window.location.assign(link.dataset.logUrl), LET_IT_DIAL);
    });
  });
})();
