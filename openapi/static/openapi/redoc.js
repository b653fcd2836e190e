// Starts Redoc on the page of the hub: the document comes from here, and its style sheets carry the word of this answer.
"use strict";

(() => {
  const place = document.getElementById("redoc");
  const font = getComputedStyle(document.body).fontFamily;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const options = {
    nonce: place.dataset.word,
    disableSearch: true, // it would start a worker from a text, which the content policy refuses
    hideLoading: true,
    nativeScrollbars: true,
    scrollYOffset: 0,
    requiredPropsFirst: true,
    theme: {
      colors: { primary: { main: "#0a6870" } },
      typography: { fontFamily: font, fontSize: "16px", headings: { fontFamily: font }, links: { color: "#0a5c6b" } },
      sidebar: { backgroundColor: "#faf7f1", textColor: "#14282d" },
      rightPanel: { backgroundColor: colour("--ui-bar") || "#0d3b45" },
    },
  };
  window.Redoc.init(place.dataset.document, options, place);
})();
