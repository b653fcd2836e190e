/* Small comforts; every page works without this file. No framework, nothing inline, nothing evaluated. */
"use strict";
(() => {
  document.body.classList.remove("ui-no-js");
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(key) || "null"); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* forbidden */ } },
    keys() { try { return Object.keys(sessionStorage); } catch { return []; } },
  };

  /* The summary of errors takes the focus, so that a screen reader begins with it. */
  const focusErrors = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const label = target.labels && target.labels[0];
    (target.closest("fieldset") || label || target).scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  });

  /* A form is sent once; coming back by the browser's button makes it usable again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-once") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    /* after the browser has read the pressed button's name and value */
    setTimeout(() => all("button[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true")), 0);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  /* Unsent text is kept in this tab (not for whoever uses the computer next) and given back after an expired session.
     A form that was sent waits for the next page to say whether it arrived: the sign-in page, an error page, an
     error summary and an error banner say no, every other page that the sending led to says yes. */
  const KEPT = "halyq-kept:";
  const SENT = "halyq-sent";
  const keptKey = (form) => KEPT + form.dataset.keep;
  const keptFields = (form) => all("textarea[name], input[type=text][name], input:not([type])[name], select[name]", form)
    .filter((field) => !field.closest("[data-no-keep]") && field.autocomplete !== "off");
  const firstValue = (field) => (field.tagName === "SELECT"
    ? (all("option", field).find((option) => option.defaultSelected) || field.options[0] || {}).value
    : field.defaultValue);
  const keepText = (form) => {
    const values = {};
    keptFields(form).forEach((field) => { if (field.value !== firstValue(field)) values[field.name] = field.value; });
    if (Object.values(values).some((value) => value.trim())) store.set(keptKey(form), values); else store.drop(keptKey(form));
  };
  const giveBack = (form) => {
    const kept = store.get(keptKey(form));
    if (!kept) return;
    const empty = keptFields(form).filter((field) => field.name in kept && field.value !== kept[field.name]
      && (field.tagName === "SELECT" ? field.value === firstValue(field) : !field.value));
    empty.forEach((field) => {
      field.value = kept[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const notice = document.querySelector("template[data-kept-notice]");
    if (!empty.length || !notice) return;
    const shown = notice.content.firstElementChild.cloneNode(true);
    shown.querySelector("[data-kept-drop]").addEventListener("click", () => {
      store.drop(keptKey(form));
      form.reset();
      shown.remove();
    });
    form.prepend(shown);
  };
  const forget = (key) => { if (key === "*") store.keys().filter((name) => name.startsWith(KEPT)).forEach(store.drop); else store.drop(KEPT + key); };
  const notArrived = () => document.querySelector('meta[name="ui-not-sent"], [data-error-summary], .ui-message[role="alert"]');
  const settleSent = (byNavigation) => {
    const sent = store.get(SENT);
    store.drop(SENT);
    if (sent && byNavigation && !notArrived()) forget(sent);
  };
  const visited = performance.getEntriesByType("navigation")[0];
  settleSent(!visited || visited.type === "navigate");
  all('meta[name="ui-sent"]').forEach((meta) => forget(meta.content));
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.keep) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => keepText(form), 400);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.keep) return;
    clearTimeout(waiting);
    keepText(form);
    store.set(SENT, form.dataset.keep);
  });
  document.addEventListener("htmx:afterSettle", () => settleSent(true));

  /* Characters left. */
  const showCount = (field) => {
    const words = document.querySelector(`[data-count-for="${CSS.escape(field.id)}"]`);
    if (!words) return;
    const left = Number(field.dataset.count) - Array.from(field.value).length;
    words.textContent = `${left < 0 ? words.dataset.over : words.dataset.left} ${Math.abs(left)}`;
    words.classList.toggle("ui-count-over", left < 0);
  };
  document.addEventListener("input", (event) => { if (event.target.dataset.count) showCount(event.target); });

  /* Shortcuts: a plain key outside of fields, Alt+Shift+key everywhere. Ctrl+Enter sends the form one is in. */
  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && inField && inField.form) {
      event.preventDefault();
      inField.form.requestSubmit();
      return;
    }
    const everywhere = event.altKey && event.shiftKey;
    if (event.ctrlKey || event.metaKey || event.repeat || (!everywhere && (inField || event.altKey))) return;
    const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
    const target = all("[data-key]").find((element) => element.dataset.key.toLowerCase() === key && element.offsetParent);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) target.focus(); else target.click();
  });

  /* Photos: small pictures below the field, and made smaller before they travel over a slow line. */
  const LONGEST = 2000;
  const shrink = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 600000) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    } catch { return file; }
  };
  const sizeWords = (size) => {
    const [value, unit] = size < 1048576 ? [Math.ceil(size / 1024), "kilobyte"] : [size / 1048576, "megabyte"];
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
  };
  const showFiles = (input) => {
    const next = input.nextElementSibling;
    const list = next && next.matches(".ui-preview") ? next : document.createElement("ul");
    list.className = "ui-preview";
    list.replaceChildren(...Array.from(input.files).map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name}, ${sizeWords(file.size)}`;
      if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
        const canvas = document.createElement("canvas");
        canvas.setAttribute("aria-hidden", "true");
        createImageBitmap(file, { resizeWidth: 288, resizeQuality: "low" }).then((picture) => {
          canvas.width = picture.width;
          canvas.height = picture.height;
          canvas.getContext("2d").drawImage(picture, 0, 0);
          item.prepend(canvas);
        }, () => { /* the browser cannot show it; the name is enough */ });
      }
      return item;
    }));
    if (list !== next) input.after(list);
  };
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-photos]") || !window.DataTransfer) return;
    const files = new DataTransfer();
    for (const file of Array.from(input.files)) files.items.add(await shrink(file));
    input.files = files.files;
    showFiles(input);
  });

  /* My place. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-geolocate]");
    if (!button) return;
    const status = button.parentElement.querySelector("[role=status]");
    const failed = () => { status.textContent = button.dataset.failed; };
    if (!navigator.geolocation) { failed(); return; }
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition((place) => {
      button.removeAttribute("aria-busy");
      [["lat", "latitude"], ["lon", "longitude"]].forEach(([name, axis]) => {
        const field = document.getElementById(button.dataset[name]);
        if (!field) return;
        field.value = place.coords[axis].toFixed(6);
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      status.textContent = button.dataset.done;
    }, () => { button.removeAttribute("aria-busy"); failed(); }, { enableHighAccuracy: true, timeout: 15000 });
  });

  /* Printing, showing a password, choosing all rows. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const eye = event.target.closest("[data-show-password]");
    if (eye) {
      const field = document.getElementById(eye.dataset.showPassword);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      eye.setAttribute("aria-pressed", String(!shown));
    }
  });
  const countChosen = (bar) => {
    const boxes = all(`input[type=checkbox][name="${CSS.escape(bar.dataset.bulk)}"]`);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr, li")?.classList.toggle("ui-table-row-chosen", box.checked));
    const words = bar.querySelector("[data-bulk-count]");
    if (!words) return;
    words.dataset.empty ??= words.textContent;
    words.textContent = chosen.length ? `${words.dataset.words} ${chosen.length}` : words.dataset.empty;
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("input[type=checkbox]")) return;
    if (box.dataset.all) {
      all(`input[type=checkbox][name="${CSS.escape(box.dataset.all)}"]`).forEach((other) => { other.checked = box.checked; });
    }
    all("[data-bulk]").forEach(countChosen);
  });

  /* The rest of the menu closes when one goes elsewhere, as every menu does. */
  const more = ".ui-nav-more[open]";
  document.addEventListener("click", (event) => all(more).forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all(more).forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  /* What has to be done for new content: at the start and after each piece that htmx brings. */
  const wide = matchMedia("(min-width: 62rem)");
  const prepare = (root) => {
    all("[data-count]", root).forEach(showCount);
    all("form[data-keep]", root).forEach(giveBack);
    all("details[data-open-wide]", root).forEach((details) => { details.open = wide.matches || details.hasAttribute("data-active"); });
    all("[data-bulk]", root).forEach(countChosen);
    focusErrors(root);
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) prepare(event.target); });
})();
