// A queue with a panel beside it: what is chosen in words, all at once, choices that act by themselves, and the keys j, k, a, r.
const form = document.querySelector("[data-u-bulk]");
const boxes = () => [...document.querySelectorAll("input[name=ids]")];

function tell() {
  if (!form) return;
  const chosen = boxes().filter((box) => box.checked);
  const noted = chosen.filter((box) => Number(box.dataset.concerns) > 0).length;
  const some = noted ? form.dataset.saySome : form.dataset.sayClean ?? form.dataset.saySome;
  const words = chosen.length ? some : form.dataset.sayNone;
  const place = form.querySelector("[data-u-count]");
  if (place) place.textContent = words.replace("{n}", chosen.length).replace("{k}", noted);
  form.querySelectorAll("[data-u-act]").forEach((button) => { button.hidden = !chosen.length; });
  const all = form.querySelector("[data-u-all]");
  if (all) { all.checked = chosen.length > 0 && chosen.length === boxes().length; all.indeterminate = chosen.length > 0 && !all.checked; }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-u-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-u-all], input[name=ids]")) tell();
  if (event.target.matches("[data-u-send]")) event.target.form.submit();
  if (event.target.matches("[data-u-go]")) location.href = event.target.value;
});

document.addEventListener("click", (event) => {
  const unfold = event.target.closest("[data-u-unfold]");
  if (unfold) {
    event.preventDefault();
    const box = document.getElementById(unfold.dataset.uUnfold);
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  }
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
  if (event.key === "r") document.querySelector("[data-u-unfold]")?.click();
});
tell();
