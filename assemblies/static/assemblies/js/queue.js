// The queue of proposals: what is chosen in words, all at once, a filter that sends itself, and the keys j, k, a.
const form = document.querySelector("[data-u-bulk]");
const boxes = () => [...document.querySelectorAll("input[name=ids]")];

function tell() {
  const place = form?.querySelector("[data-u-count]");
  if (!place) return;
  const chosen = boxes().filter((box) => box.checked).length;
  place.textContent = (chosen ? form.dataset.saySome : form.dataset.sayNone).replace("{n}", chosen);
  form.querySelectorAll("[data-u-act]").forEach((act) => { act.hidden = !chosen; });
  const all = form.querySelector("[data-u-all]");
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-u-send]")) event.target.form.submit();
  if (event.target.matches("[data-u-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-u-all], input[name=ids]")) tell();
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel" && event.target.id !== "panel") return;
  document.querySelectorAll(".queue tr.on").forEach((row) => row.classList.remove("on"));
  event.detail.requestConfig?.elt?.closest("tr")?.classList.add("on");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const links = [...document.querySelectorAll("[data-u-open]")];
  const at = links.findIndex((link) => link.closest("tr").classList.contains("on"));
  if (event.key === "j") links[Math.min(at + 1, links.length - 1)]?.click();
  if (event.key === "k") links[Math.max(at - 1, 0)]?.click();
  if (event.key === "a") document.querySelector("[data-u-accept]")?.requestSubmit();
});
tell();
