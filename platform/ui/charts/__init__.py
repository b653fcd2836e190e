"""Charts drawn on the server as SVG: geometry without a word of HTML, for the page and as a file of its own."""
