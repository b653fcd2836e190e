/* Signs the text with NCALayer, the program of the National Certification Centre on the resident's own computer.
   Module kz.gov.pki.knca.basics; without the program the file below does the same. */
(() => {
  "use strict";

  const PATIENCE = 5000; // for the program to greet; for the person to choose his key there is no limit here

  const requestFor = (data, locale) => ({
    module: "kz.gov.pki.knca.basics",
    method: "sign",
    args: {
      allowedStorages: null,
      format: "cms",
      data,
      signingParams: { decode: true, encapsulate: true, digested: false, tsaProfile: {} },
      signerParams: { extKeyUsageOids: [] },
      locale,
    },
  });

  // Versions of the program give the signature as a text or as the only member of a list, some as PEM.
  const signatureOf = (answer) => {
    const result = answer.body && answer.body.result;
    const found = Array.isArray(result) ? result[0] : result;
    return typeof found === "string" ? found.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "") : "";
  };

  const sign = (address, request) =>
    new Promise((resolve, reject) => {
      let asked = false;
      const socket = new WebSocket(address);
      const end = (done, value) => {
        clearTimeout(timer);
        socket.onclose = null;
        socket.close();
        done(value);
      };
      const timer = setTimeout(() => end(reject, "absent"), PATIENCE);
      socket.onerror = () => end(reject, asked ? "refused" : "absent");
      socket.onclose = () => end(reject, asked ? "refused" : "absent");
      socket.onmessage = (event) => {
        let answer;
        try {
          answer = JSON.parse(event.data);
        } catch {
          return; // a heartbeat
        }
        if (!asked && answer.result && answer.result.version) {
          asked = true;
          clearTimeout(timer);
          socket.send(JSON.stringify(request));
        } else if (asked && "status" in answer) {
          const signature = answer.status === true ? signatureOf(answer) : "";
          end(signature ? resolve : reject, signature || "refused");
        }
      };
    });

  const start = (part) => {
    const button = part.querySelector("[data-start]");
    const said = part.querySelector("[data-said]");
    const form = document.querySelector("[data-signature-form]");
    const say = (word) => {
      said.textContent = part.querySelector(`[data-words="${word}"]`).content.textContent;
      said.hidden = false;
    };
    button.addEventListener("click", async () => {
      button.disabled = true;
      say("waiting");
      try {
        form.elements.made_here.value = await sign(part.dataset.ncalayer, requestFor(part.dataset.sign, part.dataset.locale));
        form.requestSubmit();
      } catch (reason) {
        say(reason === "refused" ? "refused" : "absent");
        button.disabled = false;
      }
    });
  };

  document.querySelectorAll("[data-ncalayer]").forEach(start);
})();
