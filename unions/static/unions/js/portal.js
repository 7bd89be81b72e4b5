// What every page has: the search key, the phone's menu, pop-ups that close, dialogs, and a word when a request fails.
const toast = document.getElementById("toast");

export function say(text, tone = "info") {
  if (!toast) return;
  const note = document.createElement("div");
  note.className = `note ${tone}`;
  note.textContent = text;
  toast.append(note);
  setTimeout(() => note.remove(), 6000);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const find = document.querySelector("[data-u-slash]");
    if (find) { event.preventDefault(); find.focus(); }
  }
  if (event.key === "Escape") {
    document.querySelectorAll("details[data-u-close][open]").forEach((menu) => { menu.open = false; });
    document.querySelector(".side.open")?.classList.remove("open");
  }
});

document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-u-close][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const burger = event.target.closest("[data-u-menu]");
  const side = document.getElementById("side");
  if (burger) { event.preventDefault(); side.classList.toggle("open"); return; }
  if (side?.classList.contains("open") && !side.contains(event.target)) side.classList.remove("open");

  const opener = event.target.closest("[data-u-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.uDialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  }
  if (event.target.closest("[data-u-dismiss]")) event.target.closest("dialog")?.close();
  if (event.target.closest("[data-u-print]")) { event.preventDefault(); window.print(); }
  const copier = event.target.closest("[data-u-copy]");
  if (copier) navigator.clipboard.writeText(copier.dataset.uCopy).then(() => { copier.lastElementChild.textContent = copier.dataset.uCopied; });
});

// Only a secure page may copy; elsewhere, and without a script, the address stands there to be marked.
for (const copier of document.querySelectorAll("[data-u-copy]")) copier.hidden = !navigator.clipboard;

// A form sent twice by a nervous double click is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-u-again")) return;
  if (form.dataset.uSent) { event.preventDefault(); return; }
  form.dataset.uSent = "1";
  setTimeout(() => { delete form.dataset.uSent; }, 4000);
});

// Filters apply by themselves where scripts run; the button stays for where they do not.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-u-auto]");
  if (form) form.requestSubmit();
});

document.body.addEventListener("htmx:sendError", () => say(document.documentElement.lang === "en" ? "No connection. Nothing is lost; try again in a moment." : "网络连接不上，内容没有丢失，请稍后再试。", "bad"));
document.body.addEventListener("htmx:responseError", () => say(document.documentElement.lang === "en" ? "That did not work. Reload the page and try again." : "操作没有成功，请刷新页面后再试。", "bad"));
document.querySelector("[data-u-focus]")?.focus();
