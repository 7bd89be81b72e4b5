// Filling in a return: every figure is sent as it is typed; what cannot be sent waits on this computer and is sent later.
const form = document.querySelector("[data-u-fill]");
const saved = document.getElementById("saved");
const pending = new Map(JSON.parse(localStorage.getItem(form.dataset.store) || "[]"));
const timers = new Map();
let sending = false;
let stopped = false;
let retry = 0;

function show(tone, text) {
  const tag = document.createElement("span");
  tag.className = `tag ${tone}`;
  tag.textContent = text;
  saved.replaceChildren(tag);
}

function keep() {
  if (pending.size) localStorage.setItem(form.dataset.store, JSON.stringify([...pending]));
  else localStorage.removeItem(form.dataset.store);
}

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

// Take the marked parts of an answer, but never from under the cursor.
function adopt(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-u-fill]");
  if (!fresh) return;
  form.elements.revision.value = fresh.elements.revision.value;
  for (const part of fresh.querySelectorAll("[data-u-part]")) {
    const here = document.getElementById(part.id);
    if (here && !here.contains(document.activeElement) && here.innerHTML !== part.innerHTML) here.replaceWith(part.cloneNode(true));
    else if (here && here.contains(document.activeElement)) here.className = part.className;
  }
  for (const row of fresh.querySelectorAll(".fig")) {
    const here = document.getElementById(row.id);
    if (here) here.className = row.className;
  }
  for (const input of fresh.querySelectorAll(".fig-entry input")) {
    const here = document.getElementById(input.id);
    if (!here) continue;
    if (input.hasAttribute("aria-invalid")) here.setAttribute("aria-invalid", "true"); else here.removeAttribute("aria-invalid");
    if (here !== document.activeElement && !pending.has(here.name)) here.value = input.value;
  }
}

async function post(url, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("revision", form.elements.revision.value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-Autosave": "1" }, redirect: "error" });
  if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
  return [answer.status, await answer.text()];
}

async function send() {
  if (sending || stopped || !pending.size) return;
  sending = true;
  const [name, value] = pending.entries().next().value;
  show("mute", form.dataset.saySaving);
  try {
    const [status, text] = await post(form.dataset.fieldUrl, { name, value });
    if (pending.get(name) === value) pending.delete(name);
    keep();
    retry = 0;
    adopt(text);
    if (status === 409) { stopped = true; pending.clear(); keep(); show("bad", form.dataset.sayConflict); document.getElementById("p-conflict").scrollIntoView({ block: "center" }); }
    else if (status === 422) show("bad", form.dataset.sayFailed);
    else show("ok", `${form.dataset.saySaved} ${clock()}`);
  } catch {
    keep();
    show("warn", form.dataset.sayWaiting);
    retry = Math.min((retry || 2000) * 2, 30000);
    setTimeout(send, retry);
    sending = false;
    return;
  }
  sending = false;
  send();
}

function changed(field) {
  clearTimeout(timers.get(field));
  timers.delete(field);
  pending.set(field.name, field.value);
  keep();
  send();
}

form.addEventListener("input", (event) => {
  const field = event.target.closest("[data-u-field]");
  if (!field) return;
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(() => changed(field), 900));
  const change = document.getElementById(`d-${field.name}`);
  const now = Number(field.value.replaceAll(/[,，\s]/g, ""));
  if (!change || field.dataset.last === undefined || field.value.trim() === "" || Number.isNaN(now)) return;
  const by = Math.round((now - Number(field.dataset.last)) * 100) / 100;
  const word = document.createElement("span");
  word.className = `delta ${by > 0 ? "up" : by < 0 ? "down" : "none"}`;
  word.textContent = by ? `${by > 0 ? "+" : "−"}${Math.abs(by).toLocaleString("en-US")}` : form.dataset.saySame;
  change.replaceChildren(word);
});

form.addEventListener("change", (event) => {
  const field = event.target.closest("[data-u-field]");
  if (field && timers.has(field)) changed(field);
});

// Enter goes to the next figure, as in a spreadsheet, and does not send the whole form.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input[data-u-field]")) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll("input[data-u-field]")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) { next.focus(); next.select(); } else event.target.blur();
});

form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-u-confirm]");
  if (!button || stopped) return;
  event.preventDefault();
  button.disabled = true;
  while (sending) await new Promise((done) => { setTimeout(done, 60); });
  sending = true;
  try {
    const [status, text] = await post(form.dataset.confirmUrl, { confirm_rest: "1" });
    adopt(text);
    if (status === 409) { stopped = true; show("bad", form.dataset.sayConflict); } else show("ok", `${form.dataset.saySaved} ${clock()}`);
  } catch {
    button.disabled = false;
    show("warn", form.dataset.sayWaiting);
  }
  sending = false;
  send();
});

// The whole form carries everything; nothing stale may come back when a later correction opens it again.
form.addEventListener("submit", () => { if (navigator.onLine) { timers.forEach(clearTimeout); pending.clear(); keep(); } });
addEventListener("online", send);
addEventListener("beforeunload", (event) => { if (pending.size && !stopped && sending) event.preventDefault(); });

// What a lost connection left behind on this computer comes back into its fields and is sent.
for (const [name, value] of pending) {
  const field = form.elements[name];
  if (field) field.value = value;
}
send();
