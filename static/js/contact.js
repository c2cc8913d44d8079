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

  function start(form) {
    let channel = form.querySelector('input[name="channel"]:checked');
    form.addEventListener("change", (event) => {
      if (event.target.name !== "channel") return;
      fitResult(form, event.target);
      fitMinutes(form, channel && channel.dataset.minutes, event.target);
      channel = event.target;
    });
  }

  document.querySelectorAll("form[data-contact-form]").forEach(start);
})();
