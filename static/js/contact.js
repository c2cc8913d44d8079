"use strict";
// What a channel usually brings: its result and its duration follow it, until somebody chose others.
// What does not fit the choice is put away by the style sheet.
(() => {
  const fits = (result, channel) => result.dataset.fits.split(" ").includes(channel.value);

  function fitResult(form, channel) {
    const fitting = [...form.querySelectorAll('input[name="result"]')].filter((box) => fits(box, channel));
    if (fitting.some((box) => box.checked)) return;
    const usual = fitting.find((box) => box.value === channel.dataset.usual);
    if (usual) usual.checked = true;
  }

  // The usual duration follows the way until somebody chose another one.
  function fitMinutes(form, before, channel) {
    const minutes = form.querySelector('input[name="minutes"]:checked');
    if (minutes && before && minutes.value !== before) return;
    const usual = form.querySelector(`input[name="minutes"][value="${channel.dataset.minutes}"]`);
    if (usual) usual.checked = true;
  }

  // The folded line says what is set: result and person in front, then what the server wrote, or what was chosen since.
  function tell(form) {
    const line = form.querySelector(".form-fold:has([name=spoken_with]) > summary small");
    if (!line) return;
    line.dataset.rest ??= line.textContent.split(" · ").slice(2).join(" · ");
    const said = (name) => form.querySelector(`[name="${name}"]:checked`)?.nextElementSibling.textContent;
    const language = form.elements.language.selectedOptions[0];
    const since = [
      form.elements.date.value.split("-").reverse().join("."),
      form.elements.time.value,
      language.value ? language.text.trim() : "",
      form.querySelector('[name="interpreter"][value="none"]:checked') ? "" : said("interpreter"),
      form.querySelector('[name="direction"][value="in"]:checked') ? said("direction") : "",
    ].filter(Boolean).join(" · ");
    line.dataset.was ??= since;
    const rest = since === line.dataset.was ? line.dataset.rest : since;
    line.textContent = [said("result"), said("spoken_with"), rest].filter(Boolean).join(" · ");
  }

  // Where there is a keyboard it goes to what is asked first; on a phone nothing pushes the page up.
  function begin(form) {
    if (!window.matchMedia("(pointer: fine)").matches || document.activeElement !== document.body) return;
    const topics = [...form.querySelectorAll('[name="main_topic"]')].filter((box) => box.checkVisibility());
    const field = topics.some((box) => box.checked) ? form.elements.note : topics[0];
    field?.focus({ preventScroll: true });
  }

  function start(form) {
    tell(form);
    begin(form);
    let channel = form.querySelector('input[name="channel"]:checked');
    form.addEventListener("change", (event) => {
      if (event.target.name === "channel") {
        fitResult(form, event.target);
        fitMinutes(form, channel && channel.dataset.minutes, event.target);
        channel = event.target;
      }
      tell(form);
    });
  }

  document.querySelectorAll("form[data-contact-form]").forEach(start);
})();
