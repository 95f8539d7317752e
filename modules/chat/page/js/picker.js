// Choosing people: for a new chat, or to be invited into one.

import { byId, make } from "./element.js";
import { text } from "./texts.js";

export class Picker {
  #people;
  #dialog = byId("picker");
  #chosen = new Map();
  #done = null;

  /** `signal` is its end. */
  constructor(people, signal) {
    this.#people = people;
    byId("person").addEventListener("input", () => this.#find(), { signal });
    byId("picker-cancel").addEventListener("click", () => this.#dialog.close(), { signal });
    this.#dialog.querySelector("form").addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#finish();
    }, { signal });
  }

  /** Asks; `done(users, name)` makes of it what is wanted, and may be refused. */
  async ask(title, hasName, done) {
    this.#done = done;
    this.#chosen.clear();
    byId("picker-title").textContent = title;
    byId("group").hidden = !hasName;
    for (const id of ["group-name", "person"]) byId(id).value = "";
    byId("picker-fault").textContent = "";
    await this.#find();
    this.#dialog.showModal();
  }

  async #find() {
    const wanted = byId("person").value.trim();
    const found = await this.#people.find(wanted).catch((refusal) => this.#say(refusal));
    // What is typed by now is another question.
    if (!found || wanted !== byId("person").value.trim()) return;
    const chosen = [...this.#chosen].map(([id, name]) => ({ id, name }));
    const others = found.filter((it) => !this.#chosen.has(it.id));
    byId("people").replaceChildren(...[...chosen, ...others].map((it) => this.#line(it)));
    if (!chosen.length && !others.length) byId("people").append(make("li", { textContent: text("nobody") }));
  }

  #line({ id, name }) {
    const box = make("input", { type: "checkbox", checked: this.#chosen.has(id), data: { user: id } });
    box.onchange = () => (box.checked ? this.#chosen.set(id, name) : this.#chosen.delete(id));
    return make("li", {}, make("label", { className: "check" }, box, make("span", { textContent: name })));
  }

  async #finish() {
    const [users, name] = [[...this.#chosen.keys()], byId("group-name").value.trim()];
    const isEnough = byId("group").hidden ? users.length > 0 : name || users.length === 1;
    if (!isEnough) return this.#say(new Error(text("choose_people")));
    try {
      await this.#done(users, name);
      this.#dialog.close();
    } catch (refusal) {
      this.#say(refusal);
    }
  }

  #say(refusal) {
    byId("picker-fault").textContent = refusal.message;
  }
}
