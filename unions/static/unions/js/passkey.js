// A form that asks the browser for a passkey: data-u-passkey is “create” or “get”, data-u-question what is asked.
// The answer goes into the form's hidden field, and the form is sent as any other.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function answer(kind, question) {
  const publicKey = { ...question, challenge: bytes(question.challenge) };
  if (kind === "create") {
    publicKey.user = { ...question.user, id: bytes(question.user.id) };
    publicKey.excludeCredentials = listed(question.excludeCredentials);
  } else {
    publicKey.allowCredentials = listed(question.allowCredentials);
  }
  const key = await navigator.credentials[kind]({ publicKey });
  const given = key.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {}, response });
}

function ready(root) {
  root.querySelectorAll("form[data-u-passkey]").forEach((form) => {
    const button = form.querySelector("[data-u-passkey-start]");
    if (!button || !window.PublicKeyCredential) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const trouble = form.querySelector("[data-u-passkey-trouble]");
      trouble.hidden = true;
      try {
        form.querySelector("[data-u-passkey-answer]").value = await answer(form.dataset.uPasskey, JSON.parse(form.dataset.uQuestion));
        form.requestSubmit();
      } catch {
        trouble.hidden = false;
      }
    });
  });
}

ready(document);
document.body.addEventListener("htmx:afterSwap", (event) => ready(event.target));
