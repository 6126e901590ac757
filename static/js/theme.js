/* Runs before the first paint: the theme that was chosen, otherwise the system's. */
(() => {
  const key = "cs-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem(key) || "system";
    const isDark = chosen === "dark" || (chosen === "system" && dark.matches);
    document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    localStorage.setItem(key, button.dataset.themeChoice);
    apply();
  });
})();
