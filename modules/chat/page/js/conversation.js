// What is known of one chat: its line in the list, and, once it was opened, what is said in it.

export class Conversation {
  /** What the server said of it last, as in `GET /chats/mine`. */
  row = {};
  /** Those who take part, by user; nothing until they were asked for. */
  members = null;
  /** What was said, by id, in its order; nothing until it was opened. */
  messages = null;
  hasEarlier = false;
  /** What is being written. */
  draft = "";
  /** Who is writing: the timer that forgets it, by user. */
  writing = new Map();
  /** The last event that the row, and that the messages, know of. */
  #rowSeq = 0;
  #windowSeq = 0;
  /** How far the server was told that it was read. */
  saidRead = 0;

  constructor(id, me) {
    [this.id, this.me] = [id, me];
  }

  list(row) {
    [this.row, this.#rowSeq, this.saidRead] = [row, row.last_seq, row.read_seq];
  }

  /** Meets those who take part now; whoever took part once is known still. */
  meet(active) {
    this.members ??= new Map();
    for (const it of this.members.values()) it.active = false;
    for (const it of active) this.members.set(it.user_id, it);
  }

  /** Shows a window of what was said last. */
  show({ data, as_of_seq, page }) {
    this.messages = new Map(data.map((it) => [it.id, it]));
    [this.#windowSeq, this.hasEarlier] = [as_of_seq, page.has_more];
  }

  /** Adds what was said before; what is known of it already is newer. */
  showEarlier({ data, page }) {
    const fresh = data.filter((it) => !this.messages.has(it.id));
    this.messages = new Map([...fresh.map((it) => [it.id, it]), ...this.messages]);
    this.hasEarlier = page.has_more;
  }

  forget() {
    [this.messages, this.#windowSeq] = [null, 0];
  }

  /** Takes an event in; gives the id of the message that it changes, if that is shown. */
  take({ seq, kind, at, data }) {
    if (seq > this.#rowSeq) this.#takeIntoRow(seq, kind, data);
    if (data.member && this.members) this.members.set(data.member.user_id, data.member);
    if (!this.messages || seq <= this.#windowSeq) return null;
    const id = data.message?.id ?? data.message_id;
    const known = this.messages.get(id);
    if (kind === "message.created") this.messages.set(id, data.message);
    else if (!known) return null;
    else if (data.message) this.messages.set(id, { ...known, ...data.message });
    else if (kind === "message.deleted") this.messages.set(id, { ...known, body: null, deleted_at: at, reactions: {} });
    else this.messages.set(id, { ...known, reactions: data.counts });
    return id;
  }

  #takeIntoRow(seq, kind, data) {
    if (kind === "chat.changed") this.row = { ...this.row, ...data.chat };
    const last = this.row.last_message;
    if (kind === "message.created" && !data.message.deleted_at) {
      const isUnread = data.message.author_id !== this.me && seq > this.row.read_seq;
      this.row = { ...this.row, last_message: data.message, unread: this.row.unread + isUnread };
    } else if (data.message && data.message.id === last?.id) {
      this.row = { ...this.row, last_message: data.message };
    }
  }

  /** Whether only the server can say how the row is behind an event: another message is the last one. */
  isForServer({ seq, kind }) {
    return kind === "message.deleted" && seq > this.#rowSeq;
  }

  /** The last message of somebody else, which is what one has read when one sees the end. */
  get lastOfOthers() {
    const others = [...(this.messages?.values() ?? [])].filter((it) => it.author_id !== this.me);
    return others.at(-1)?.seq ?? 0;
  }

  /** When something was said last; the number stands in where nothing was. */
  get activeAt() {
    return this.row.last_message?.created_at ?? "";
  }

  /** Whether one may do something here. */
  may(flag) {
    const own = this.members?.get(this.me);
    return Boolean(own?.active && (own.is_admin || own[flag]));
  }

  /** The other one of a chat of two, there or not. */
  get other() {
    const others = [...(this.members?.keys() ?? [])].filter((it) => it !== this.me);
    return this.row.kind === "direct" ? others[0] : undefined;
  }

  /** Those who take part, but oneself. */
  get others() {
    const active = [...(this.members?.values() ?? [])].filter((it) => it.active);
    return active.map((it) => it.user_id).filter((it) => it !== this.me);
  }
}
