"use strict";
/* Passkeys. A form says what to do: data-passkey="add|use|sign-in", data-passkey-options="{JSON}"; its hidden field
   `credential` takes the answer of the device. Without this script, or in a browser that knows no passkeys, the
   page keeps its other ways. */
(() => {
  const can = Boolean(navigator.credentials && navigator.credentials.create && window.PublicKeyCredential);

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));

  const creation = (options, isPasskey) => {
    const selection = { ...options.authenticatorSelection };
    selection.residentKey = isPasskey ? "required" : "discouraged";
    selection.requireResidentKey = isPasskey;
    if (isPasskey) selection.userVerification = "required";
    return {
      ...options,
      authenticatorSelection: selection,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    };
  };
  const request = (options) => ({
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  });

  const answer = (credential) => {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const optionsOf = async (form) => {
    if (form.dataset.passkey !== "sign-in") return JSON.parse(form.dataset.passkeyOptions).publicKey;
    const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error("no options");
    return (await reply.json()).request_options.publicKey;
  };

  const run = async (form) => {
    const options = await optionsOf(form);
    const box = form.querySelector('[name="passwordless"]');
    return form.dataset.passkey === "add"
      ? navigator.credentials.create({ publicKey: creation(options, Boolean(box && box.checked)) })
      : navigator.credentials.get({ publicKey: request(options) });
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const button = form.querySelector("[data-passkey-button]");
    const missing = form.querySelector("[data-passkey-missing]");
    const failed = form.querySelector("[data-passkey-failed]");
    if (!can) return;
    if (missing) missing.hidden = true;
    button.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      button.disabled = true;
      try {
        form.elements.credential.value = JSON.stringify(answer(await run(form)));
        form.submit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
        button.focus();
      }
    });
  });
})();
