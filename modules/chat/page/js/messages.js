// What is said in the open chat, and what can be done with each message.

import { button, byId, make } from "./element.js";
import { moment, text } from "./texts.js";

const SIGNS = ["👍", "❤️", "😂", "🎉"];
/** So near to the end, in pixels, is at the end. */
const NEAR = 40;

export class Messages {
  #people;
  #actions;
  #chat = null;
  #log = byId("log");
  #said = byId("said");
  /** Whether one sees what was said last. */
  isAtEnd = true;

  /** `actions` does what is pressed: react, reply, edit, remove, pin, sendAgain, discard. */
  constructor(people, actions, signal) {
    [this.#people, this.#actions] = [people, actions];
    this.#log.addEventListener("scroll", () => (this.isAtEnd = this.#isNearEnd), { signal });
    // Whoever sees the end sees it still when there is less room.
    const fit = new ResizeObserver(() => this.isAtEnd && this.#toEnd());
    fit.observe(this.#log);
    signal.addEventListener("abort", () => fit.disconnect());
  }

  /** Shows a chat, from its end. */
  show(chat, unsent) {
    this.#chat = chat;
    this.redraw(unsent);
    this.#toEnd();
  }

  /** Shows all of it anew: there is more before it, or the language is another one. */
  redraw(unsent) {
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    this.#said.replaceChildren(...[...this.#chat.messages.values()].map((it) => this.#line(it)));
    byId("earlier").hidden = !this.#chat.hasEarlier;
    this.showUnsent(unsent);
    this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
  }

  /** Shows what has become of one message; a new one comes at the end. */
  change(id) {
    const { isAtEnd } = this;
    const line = this.#line(this.#chat.messages.get(id));
    const known = this.#said.querySelector(`[data-message="${id}"]`);
    const focused = known?.contains(document.activeElement) && document.activeElement.dataset.action;
    if (known) known.replaceWith(line);
    else this.#said.append(line);
    if (focused) line.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus();
    byId("no-messages").hidden = true;
    if (isAtEnd) this.#toEnd();
  }

  /** Shows what is not acknowledged yet. */
  showUnsent(unsent) {
    const { isAtEnd } = this;
    byId("unsent").replaceChildren(...unsent.map((it) => this.#unsentLine(it)));
    byId("no-messages").hidden = this.#chat.messages.size + unsent.length > 0;
    if (isAtEnd) this.#toEnd();
  }

  get #isNearEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
  }

  #toEnd() {
    this.isAtEnd = true;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #line(message) {
    const { id, author_id, body, reply_to_id, pinned, created_at, edited_at, deleted_at } = message;
    const count = message.attachments?.length ?? 0;
    const isOwn = author_id === this.#chat.me;
    const mark = (is, key) => (is ? make("span", { className: "mark", textContent: text(key) }) : null);
    const head = make(
      "p",
      { className: "head" },
      make("strong", { textContent: this.#people.name(author_id) }),
      make("time", { dateTime: created_at, textContent: moment(created_at) }),
      mark(edited_at && !deleted_at, "edited"),
      mark(pinned && !deleted_at, "pinned"),
    );
    const said = deleted_at
      ? make("p", { className: "body deleted", textContent: text("deleted") })
      : make("p", { className: "body", textContent: body });
    return make(
      "li",
      { className: isOwn ? "message own" : "message", data: { message: id } },
      head,
      reply_to_id && !deleted_at ? make("blockquote", { textContent: this.excerpt(reply_to_id) }) : null,
      said,
      count && !deleted_at ? make("p", { className: "head", textContent: text("files", { count }) }) : null,
      deleted_at ? null : this.#reactions(message),
      deleted_at ? null : this.#buttons(message, isOwn),
    );
  }

  /** Who said a message and how it begins, as far as it is shown. */
  excerpt(id) {
    const message = this.#chat.messages.get(id);
    if (!message) return text("earlier_message");
    const body = message.body ?? text("deleted");
    return `${this.#people.name(message.author_id)}: ${body.length > 80 ? `${body.slice(0, 80)}…` : body}`;
  }

  #reactions({ id, reactions }) {
    const react = (emoji) => () => this.#actions.react(id, emoji);
    const counted = ([emoji, count]) => {
      const label = text("react", { emoji });
      return button(`reaction ${emoji}`, react(emoji), label, `${emoji} ${count}`);
    };
    const all = Object.entries(reactions);
    return all.length ? make("p", { className: "reactions" }, ...all.map(counted)) : null;
  }

  #buttons(message, isOwn) {
    const { id, pinned } = message;
    const { react, reply, edit, remove, pin } = this.#actions;
    const chat = this.#chat;
    const signs = SIGNS.map((it) => button(`react ${it}`, () => react(id, it), text("react", { emoji: it }), it));
    const mayWrite = chat.may("can_write");
    const mayDelete = isOwn || chat.may("can_delete_others");
    return make(
      "p",
      { className: "actions" },
      ...signs,
      mayWrite ? button("reply", () => reply(message), text("reply"), "↩") : null,
      mayWrite && isOwn ? button("edit", () => edit(message), text("edit"), "✎") : null,
      chat.may("can_pin") ? button("pin", () => pin(id, !pinned), text(pinned ? "unpin" : "pin"), "⚑") : null,
      mayDelete ? button("delete", () => remove(id), text("delete"), "✕") : null,
    );
  }

  #unsentLine({ client_msg_id: name, body, refusal }) {
    const { sendAgain, discard } = this.#actions;
    const state = refusal ? text("refused", { why: refusal }) : text("sending");
    return make(
      "li",
      { className: refusal ? "message own unsent refused" : "message own unsent" },
      make("p", { className: "body", textContent: body }),
      make("p", { className: "head", textContent: state }),
      refusal ? button("send-again", () => sendAgain(name), text("send_again")) : null,
      refusal ? button("discard", () => discard(name), text("discard")) : null,
    );
  }
}
