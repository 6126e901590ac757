/* Small comforts; every page works without them. */
const closeMenus = (except) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.removeAttribute("open");
  });
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

/* A form is sent once: a second click finds the button asleep. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

/* Selects and dates that say data-autosubmit send their form at once. */
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-autosubmit]");
  if (field) field.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* The part of a long page that is being read is marked in its navigation. */
const sections = document.querySelector("[data-sections]");
if (sections) {
  const links = [...sections.querySelectorAll("a[href^='#']")];
  const mark = () => {
    const read = links.filter((link) => document.querySelector(link.hash).getBoundingClientRect().top < 160);
    const now = read.at(-1) || links[0];
    links.forEach((link) => link.toggleAttribute("data-current", link === now));
  };
  document.addEventListener("scroll", mark, { passive: true });
  mark();
}

/* How far an upload is. */
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.closest?.("[data-upload]")?.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
