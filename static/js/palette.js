/* Ctrl-K or Cmd-K opens the search over the page: arrows choose, Enter goes, Escape closes. Its links work without it. */
const palette = document.querySelector("[data-palette]");

const start = () => {
  const field = palette.querySelector("[role=combobox]");
  const results = palette.querySelector("[role=listbox]");
  const status = palette.querySelector("[data-palette-status]");
  const options = () => [...results.querySelectorAll("[role=option]")];
  const chosen = () => results.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const move = (step) => {
    const all = options();
    if (all.length) choose(all.at((all.indexOf(chosen()) + step + all.length) % all.length));
  };

  const open = () => {
    if (palette.open) return;
    palette.showModal();
    field.select();
    field.dispatchEvent(new Event("opened"));
  };

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(chosen() ? -1 : 0),
    Escape: () => palette.close(), // a field for searches would only empty itself
    Enter: () => (chosen() ? chosen().click() : field.form.requestSubmit()),
  };
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  field.addEventListener("input", () => choose(null)); // what is shown is no longer what was asked

  results.addEventListener("htmx:afterSwap", (event) => {
    const all = options();
    field.setAttribute("aria-expanded", String(all.length > 0));
    status.textContent = results.querySelector("[data-said]")?.dataset.said || "";
    const isAnswer = event.detail.requestConfig.parameters.q === field.value; // typing may have gone on
    choose(isAnswer && field.value.trim() ? all[0] : null);
    results.scrollTop = 0;
  });

  palette.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest("[data-palette-close]")) palette.close();
  });
  palette.addEventListener("close", () => choose(null));

  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  document.querySelectorAll("[data-palette-key]").forEach((key) => {
    key.textContent = isMac ? "⌘ K" : key.textContent;
    key.hidden = false;
  });
  document.addEventListener("keydown", (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!wanted || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    const door = event.target.closest("[data-palette-open]");
    if (!door || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
};

if (palette?.showModal) start();
