/* A definition asks only for what its kind has. Groups that are hidden are not sent; one with an error stays. */
const form = document.querySelector("[data-definition]");
const chosen = (name) => form.querySelector(`[name=${name}]`).value;

const holds = () => {
  const number = chosen("kind") !== "qualitative";
  const range = number && chosen("direction") === "maintain";
  return {
    number,
    levels: !number,
    range,
    way: !range,
    stepped: !range && chosen("path") === "stepped",
    money: number && !range,
    worth: number && !range && chosen("value_kind") !== "",
  };
};

const refresh = () => {
  const now = holds();
  form.querySelectorAll("[data-when]").forEach((group) => {
    const shown = now[group.dataset.when] || group.querySelector(".is-invalid") !== null;
    group.hidden = group.disabled = !shown;
  });
  form.querySelectorAll("[data-needed]").forEach((field) => {
    field.ariaRequired = now[field.dataset.needed] ? "true" : "false";
  });
  for (const [name, when] of [["direction", "number"], ["unit", "number"], ["path", "way"]]) {
    form.querySelector(`[name=${name}]`).closest(".mb-3").hidden = !now[when];
  }
  form.querySelectorAll("section").forEach((section) => {
    section.hidden = [...section.querySelectorAll("fieldset")].every((group) => group.hidden);
  });
};

if (form) {
  form.addEventListener("change", refresh);
  refresh();
}
