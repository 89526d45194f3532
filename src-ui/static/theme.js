// Runs before the first paint, so a phone in the dark never flashes white.
// The two settings are the only things kept outside the encrypted store; they say nothing about any record.
(function () {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("beatbook.theme");
    const hand = localStorage.getItem("beatbook.hand");
    if (theme === "light" || theme === "night") root.dataset.theme = theme;
    if (theme === "phone") {
      root.dataset.theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "night";
    }
    if (hand === "left" || hand === "right") root.dataset.hand = hand;
  } catch {
    // No storage: night theme, right hand.
  }
})();
