/* The desk by keys: F2 takes the suggested topic and then the next one, F4 the ready consultation and then the next. */
"use strict";
(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const fill = (button) => {
    const field = document.getElementById(button.dataset.fill);
    field.value = button.value;
    all("[data-fill]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const tick = (radio) => {
    radio.closest("details").open = true;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const nextOf = (items, isChosen) => items[(items.findIndex(isChosen) + 1) % items.length];
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    event.preventDefault();
    fill(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat) return;
    const topics = all("[data-fill]"), consultations = all("[data-consultation]");
    if (event.key === "F2" && topics.length) fill(nextOf(topics, (button) => button.getAttribute("aria-pressed") === "true"));
    else if (event.key === "F4" && consultations.length) tick(nextOf(consultations, (radio) => radio.checked));
    else return;
    event.preventDefault();
  });
})();
