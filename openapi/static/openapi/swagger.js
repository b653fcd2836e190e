// Starts Swagger UI on the page of the hub: the document comes from here, a key stays in the memory of the page.
"use strict";

(() => {
  const chosen = document.documentElement.dataset.theme;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const isDark = chosen === "dark" || (chosen !== "light" && system.matches);
    document.documentElement.classList.toggle("dark-mode", isDark);
  };
  system.addEventListener("change", paint);
  paint();
  const place = document.getElementById("swagger-ui");
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
    tryItOutEnabled: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
  });
})();
