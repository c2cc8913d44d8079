"use strict";
// The log form shows only what fits the chosen way. Without this script every field is there, and the server asks.
(() => {
  function field(form, name) {
    return form.querySelector(`#div_id_${name}`);
  }
  function chosen(form, name) {
    const box = form.querySelector(`input[name="${name}"]:checked`);
    return box ? box.value : "";
  }
  function show(element, on) {
    if (element) element.hidden = !on;
  }

  function fitResults(form, pick) {
    const channel = form.querySelector('input[name="channel"]:checked');
    if (!channel) return;
    const results = [...form.querySelectorAll('input[name="result"]')];
    results.forEach((box) => show(box.closest(".form-check"), box.dataset.fits.split(" ").includes(channel.value)));
    const fitting = results.filter((box) => !box.closest(".form-check").hidden);
    if (pick && !fitting.some((box) => box.checked)) {
      const usual = fitting.find((box) => box.value === channel.dataset.usual);
      if (usual) usual.checked = true;
    }
    show(field(form, "result"), fitting.length > 1);
  }

  // The usual duration follows the way until somebody chose another one.
  function fitMinutes(form, before, channel) {
    const minutes = form.querySelector('input[name="minutes"]:checked');
    if (minutes && before && minutes.value !== before) return;
    const usual = form.querySelector(`input[name="minutes"][value="${channel.dataset.minutes}"]`);
    if (usual) usual.checked = true;
  }

  function fitRest(form) {
    const result = form.querySelector('input[name="result"]:checked');
    const lasts = !result || result.dataset.lasts === "yes";
    const duration = field(form, "minutes");
    show(duration ? duration.closest(".form-group") : null, lasts);
    show(field(form, "minutes_other"), chosen(form, "minutes") === "other");
    show(field(form, "organisation"), chosen(form, "spoken_with") === "third_party");
    const followUp = chosen(form, "follow_up_in");
    show(field(form, "follow_up_on"), followUp === "day");
    show(field(form, "follow_up_text"), followUp !== "");
    const hard = form.querySelector("#div_id_follow_up_hard");
    show(hard ? hard.closest(".mb-3") || hard : null, followUp !== "");
  }

  function start(form) {
    fitResults(form, false);
    fitRest(form);
    let channel = form.querySelector('input[name="channel"]:checked');
    form.addEventListener("change", (event) => {
      if (event.target.name === "channel") {
        fitResults(form, true);
        fitMinutes(form, channel && channel.dataset.minutes, event.target);
        channel = event.target;
      }
      fitRest(form);
    });
  }

  document.querySelectorAll("form[data-contact-form]").forEach(start);
})();
