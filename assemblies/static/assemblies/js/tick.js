// “Choose all” of a list with boxes, after a swap by htmx too.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-u-tick] [data-u-all]");
  if (!all) return;
  all.closest("[data-u-tick]").querySelectorAll("input[name=ids]").forEach((box) => { box.checked = all.checked; });
});
