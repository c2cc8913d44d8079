"use strict";
// Copies a text of the page; without a clipboard the text is marked, to be copied by hand.
(() => {
  const ready = () => document.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
  const mark = (place) => {
    const range = document.createRange();
    range.selectNodeContents(place);
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const place = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(place.textContent.trim());
      button.dataset.copied = "yes";
      window.imFrame.hear(button.dataset.said);
    } catch {
      mark(place);
    }
  });
  document.addEventListener("htmx:afterSwap", ready);
  ready();
})();
