// The page: who is signed in, and what they see.

import { Api } from "./api.js";
import { byId } from "./element.js";
import { Room } from "./room.js";
import { language, speak, text, wantedLanguage } from "./texts.js";

const api = new Api();
let room = null;

/** Says what went wrong; nothing takes it away. */
function complain(fault) {
  const alert = byId("alert");
  alert.textContent = fault ? fault.message || text("fault") : "";
  alert.hidden = !fault;
}

function enter() {
  document.body.dataset.view = "room";
  complain(null);
  byId("me").textContent = api.user.name;
  room = new Room(api, { complain, leave });
}

/** Shows who may come in; `reason` says why nobody is in any more. */
function leave(reason) {
  room?.close();
  room = null;
  api.forget();
  document.body.dataset.view = "sign-in";
  complain(reason ? new Error(reason) : null);
  byId("password").value = "";
  byId("login").focus();
}

byId("sign-in-form").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  try {
    await api.signIn(byId("login").value, byId("password").value, byId("remember").checked);
    enter();
  } catch (refusal) {
    complain(refusal);
  }
});

byId("sign-out").addEventListener("click", async () => {
  room?.close();
  await api.signOut();
  leave(null);
});

byId("language").addEventListener("change", async ({ target }) => {
  localStorage.setItem("artel.chat.language", target.value);
  await speak(target.value);
  room?.redraw();
});

byId("alert").addEventListener("click", () => complain(null));

await speak(wantedLanguage());
byId("language").value = language;
if (await api.resume()) enter();
else leave(null);
