/* The draft of an answer in the browser: what the server has not saved yet survives an expired session and a crash of the page. */
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  /* The prefix of ui.js, so that signing out and a sent answer forget it as they forget every kept text. */
  const key = `halyq-kept:${form.dataset.draft}`;
  const NAMES = ["outcome", "measures", "done_on", "done_by", "text", "override_ground"];
  const store = {
    get() { try { return JSON.parse(sessionStorage.getItem(key) || "null"); } catch { return null; } },
    set(value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    drop() { try { sessionStorage.removeItem(key); } catch { /* forbidden */ } },
  };
  const values = () => {
    const data = new FormData(form);
    return Object.fromEntries(NAMES.map((name) => [name, data.get(name) || ""]));
  };
  const version = () => form.elements.version.value || "0";
  const differs = (one, other) => NAMES.some((name) => (one[name] || "") !== (other[name] || ""));
  let sent = values();

  const fill = (kept) => NAMES.forEach((name) => {
    const field = form.elements[name];
    if (!field || kept[name] === undefined) return;
    if (field instanceof RadioNodeList) Array.from(field).forEach((choice) => { choice.checked = choice.value === kept[name]; });
    else field.value = kept[name];
  });
  const bringBack = () => {
    const kept = store.get();
    if (!kept || !differs(kept.values, values())) { store.drop(); return; }
    const shown = document.getElementById("kept-text").content.firstElementChild.cloneNode(true);
    const asItWas = values();
    form.prepend(shown);
    if (kept.version === version()) {
      fill(kept.values);
      /* htmx listens once the page is loaded; then what was brought back is saved like anything typed. */
      addEventListener("load", () => form.dispatchEvent(new Event("input", { bubbles: true })));
    } else {
      shown.querySelector("[data-kept-other]").hidden = false;
      shown.querySelector("[data-kept-text]").textContent = [kept.values.text, kept.values.measures].filter(Boolean).join("\n\n");
    }
    shown.querySelector("[data-kept-drop]").addEventListener("click", () => {
      store.drop();
      fill(asItWas);
      shown.remove();
    });
  };

  const forgotten = Array.from(document.querySelectorAll('meta[name="ui-sent"]')).some((meta) => meta.content === form.dataset.draft);
  if (forgotten) store.drop(); else if (!document.querySelector("[data-error-summary]")) bringBack();

  const keep = () => store.set({ version: version(), values: values() });
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 300); });
  form.addEventListener("submit", () => { clearTimeout(waiting); keep(); });
  form.addEventListener("htmx:beforeRequest", () => { sent = values(); });
  form.addEventListener("htmx:afterSettle", () => {
    if (document.querySelector("#draft-state [data-draft-saved]") && !differs(sent, values()) && !values().override_ground) store.drop();
  });
})();
