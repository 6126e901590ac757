/* After an @ in a comment the colleagues who may be mentioned are offered; the list beside it works without this. */
const TYPED = /(?<![\p{L}\p{N}_@.+-])@([\p{L}\p{N}_.+-]*)$/u;
const MOST = 6;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];

const peopleOf = (field) => {
  const people = [...field.form.querySelectorAll("select[name=mentioned] option[data-handle]")];
  const twice = (handle) => people.filter((one) => one.dataset.handle === handle).length > 1;
  return people.map(({ text, dataset }) => ({
    name: text,
    handle: twice(dataset.handle) ? dataset.email : dataset.handle,
  }));
};

const choose = (field, option) => {
  const list = listOf(field);
  optionsOf(list).forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
};

const close = (field) => {
  choose(field, null);
  listOf(field).hidden = true;
  listOf(field).replaceChildren();
};

const offer = (field) => {
  const typed = TYPED.exec(field.value.slice(0, field.selectionStart));
  close(field);
  if (!typed) return;
  const wanted = plain(typed[1]);
  const fits = ({ name, handle }) =>
    plain(handle).startsWith(wanted) || plain(name).split(/\s+/).some((word) => word.startsWith(wanted));
  const list = listOf(field);
  field.after(list);
  peopleOf(field).filter(fits).slice(0, MOST).forEach(({ name, handle }, number) => {
    const option = document.createElement("li");
    const said = document.createElement("span");
    option.id = `${list.id}-${number}`;
    option.setAttribute("role", "option");
    option.dataset.handle = handle;
    said.className = "muted";
    said.textContent = `@${handle}`;
    option.append(`${name} `, said);
    list.append(option);
  });
  list.hidden = !list.children.length;
  choose(field, list.firstElementChild);
};

const take = (field, option) => {
  const before = field.value.slice(0, field.selectionStart);
  const start = before.lastIndexOf("@");
  field.setRangeText(`@${option.dataset.handle} `, start, field.selectionStart, "end");
  close(field);
  field.focus();
};

const move = (field, step) => {
  const all = optionsOf(listOf(field));
  const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  choose(field, all.at((now + step + all.length) % all.length));
};

document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea[data-mentions]")) offer(target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-mentions]") || event.isComposing || listOf(field).hidden) return;
  const chosen = listOf(field).querySelector("[aria-selected=true]");
  const keys = {
    ArrowDown: () => move(field, 1),
    ArrowUp: () => move(field, -1),
    Escape: () => close(field),
    Enter: () => take(field, chosen),
    Tab: () => take(field, chosen),
  };
  if (!keys[event.key] || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[data-mention-list] [role=option]");
  if (!option) return;
  event.preventDefault(); // the text keeps the focus
  take(document.querySelector(`textarea[aria-controls="${option.parentElement.id}"]`), option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches("textarea[data-mentions]")) close(target);
});
