/* Moving through the rows of the queue by keys: j and k step, t ticks, Enter opens the link one stands on. */
"use strict";
(() => {
  const links = () => Array.from(document.querySelectorAll("[data-rows] [data-row]"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
    const rows = links();
    if (!rows.length || !["j", "k", "t"].includes(key)) return;
    const at = rows.findIndex((link) => link.closest("tr").contains(document.activeElement));
    if (key === "t") {
      if (at < 0) return;
      rows[at].closest("tr").querySelector("input[type=checkbox]").click();
      rows[at].focus();
    } else {
      const next = rows[at < 0 ? (key === "j" ? 0 : rows.length - 1) : at + (key === "j" ? 1 : -1)];
      if (!next) return; /* past the last row the same key turns the page */
      next.focus();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
})();
