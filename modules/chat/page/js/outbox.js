// What was said and is not acknowledged: kept in the storage of this window, so that neither a reload
// nor a lost connection loses it. It is sent again, under the same name, until the server has it.

export class Outbox {
  #key;
  #unsent;

  /** That of a user: nobody sends what somebody else has said in this window. */
  constructor(userId) {
    this.#key = `artel.chat.unsent.${userId}`;
    this.#unsent = JSON.parse(sessionStorage.getItem(this.#key) ?? "[]");
  }

  add(message) {
    this.#unsent.push({ client_msg_id: uuid(), ...message });
    this.#store();
  }

  /** The next to be sent: those that were refused wait for their author. */
  next() {
    return this.#unsent.find((it) => !it.refusal);
  }

  of(chatId) {
    return this.#unsent.filter((it) => it.chat_id === chatId);
  }

  find(clientMsgId) {
    return this.#unsent.find((it) => it.client_msg_id === clientMsgId);
  }

  remove(clientMsgId) {
    this.#unsent = this.#unsent.filter((it) => it.client_msg_id !== clientMsgId);
    this.#store();
  }

  /** Marks one as refused, with the reason; without one, it is to be sent again. */
  mark(clientMsgId, refusal) {
    const message = this.find(clientMsgId);
    if (message) message.refusal = refusal;
    this.#store();
  }

  #store() {
    sessionStorage.setItem(this.#key, JSON.stringify(this.#unsent));
  }
}

/** `crypto.randomUUID` is not there where a page came over plain HTTP from another machine. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
