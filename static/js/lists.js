/* Lists by keyboard: j and k (or the arrows) move, Enter opens, x chooses. And the bar of the chosen rows. */
const table = document.querySelector("table[data-rows]");
const rows = table ? [...table.tBodies[0].rows] : [];
const boxes = table ? [...table.querySelectorAll("input[name='row']")] : [];
const openers = (row) => row.querySelector("td:not(.pick) a") || row.querySelector("a, input, button");
const typing = (element) => element.closest("input:not([type='checkbox']), select, textarea, [contenteditable], details[open]");

const move = (step) => {
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1)];
  const target = next && openers(next);
  if (!target) return;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (!rows.length || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const inside = rows.find((row) => row.contains(document.activeElement));
  const steps = { j: 1, k: -1, ...(inside ? { ArrowDown: 1, ArrowUp: -1 } : {}) };
  if (event.key in steps) {
    event.preventDefault();
    move(steps[event.key]);
  } else if (event.key === "x" && inside && inside.querySelector("input[name='row']")) {
    event.preventDefault();
    inside.querySelector("input[name='row']").click();
  }
});

const bar = document.querySelector("[data-bulk]");
const all = table && table.querySelector("[data-pick-all]");
const count = () => {
  const picked = boxes.filter((box) => box.checked).length;
  const everything = bar.querySelector("input[name='everything']");
  bar.hidden = !picked && !(everything && everything.checked);
  bar.querySelector("[data-picked]").textContent = picked ? ` (${picked})` : "";
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
  boxes.forEach((box) => box.closest("tr").toggleAttribute("data-picked-row", box.checked));
};
if (bar && all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => { box.checked = all.checked; });
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name='row'], input[name='everything']")) count();
  });
  window.addEventListener("pageshow", count);
  count();
}
