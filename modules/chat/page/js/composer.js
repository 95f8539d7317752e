// Where one writes: a message, an answer to one, or another text for one that was said.

import { byId } from "./element.js";
import { text } from "./texts.js";

export class Composer {
  #actions;
  #field = byId("text");
  /** The message that is changed, or answered. */
  #edited = null;
  #answered = null;
  /** What was being written before a message came to be changed. */
  #before = "";

  /** `actions`: say(body, replyToId), change(id, body), typing(), excerpt(id); `signal` is its end. */
  constructor(actions, signal) {
    this.#actions = actions;
    const purpose = byId("purpose").querySelector("button");
    byId("composer").addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#send();
    }, { signal });
    this.#field.addEventListener("keydown", (key) => this.#press(key), { signal });
    this.#field.addEventListener("input", () => this.#edited || actions.typing(), { signal });
    purpose.addEventListener("click", () => this.cancel(), { signal });
  }

  /** Begins with what was being written in this chat. */
  open(draft, mayWrite) {
    this.cancel();
    this.#field.value = draft;
    for (const it of [this.#field, byId("send")]) it.disabled = !mayWrite;
    if (mayWrite) this.#field.focus();
  }

  /** What is being written here. */
  get draft() {
    return this.#edited ? this.#before : this.#field.value;
  }

  edit(message) {
    this.cancel();
    [this.#before, this.#edited, this.#field.value] = [this.#field.value, message, message.body];
    this.showPurpose();
    this.#field.focus();
  }

  reply(message) {
    this.cancel();
    this.#answered = message;
    this.showPurpose();
    this.#field.focus();
  }

  cancel() {
    if (this.#edited) this.#field.value = this.#before;
    [this.#edited, this.#answered, this.#before] = [null, null, ""];
    this.showPurpose();
  }

  /** Says what the text is for, in the language of now. */
  showPurpose() {
    const [purpose, words] = [byId("purpose"), byId("purpose").querySelector("span")];
    purpose.hidden = !this.#edited && !this.#answered;
    if (this.#edited) words.textContent = text("editing");
    if (this.#answered) words.textContent = `${text("reply")}: ${this.#actions.excerpt(this.#answered.id)}`;
    byId("send").textContent = text(this.#edited ? "save" : "send");
  }

  #press(key) {
    // Enter that ends a word of an input method is part of the word.
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      this.#send();
    } else if (key.key === "Escape") {
      this.cancel();
    }
  }

  #send() {
    const body = this.#field.value;
    if (!body.trim()) return;
    const [edited, answered] = [this.#edited, this.#answered];
    if (edited) {
      this.cancel();
      if (body !== edited.body) this.#actions.change(edited.id, body);
    } else {
      this.#field.value = "";
      this.cancel();
      this.#actions.say(body, answered?.id);
    }
  }
}
