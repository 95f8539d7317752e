// A client of the protocol of chats (docs/CHAT-PROTOCOL.md), without anything to look at: it keeps a
// socket open, remembers how far each chat has come, asks for what it missed, and sends what is unsent.
//
// All that happens is told to a listener, one thing after the other:
//
//   state(name, seconds)   connecting, live, waiting (so many seconds), stopped, signedOut
//   listed(rows)           one's own chats, as `GET /chats/mine` gives them; all that there are
//   happened(event)        an event: each once, in the order of its chat, without gaps
//   reset(chatId)          what is known of a chat is worth nothing
//   gone(chatId)           a chat that may not be seen any more
//   unsent(chatId)         what is unsent in a chat is not what it was
//   read(frame), typing(frame), presence(frame)
//   refused(sentence)      something did not work

import { Refusal } from "./api.js";

/** The first pause between two attempts, and the longest, in milliseconds. */
const PAUSE = 1_000;
const PAUSE_MAX = 30_000;
/** So long a server may be silent beyond its heartbeat. */
const SILENCE_MAX = 10_000;
/** How often a server is thought to be heard that has not said how often. */
const HEARTBEAT = 5_000;
/** Others are told once in this time that one is writing. */
const TYPING_EVERY = 2_000;
/** A frame has room for so many chats. */
const CHATS_AT_ONCE = 500;
/** So many users may be watched. */
const WATCHED_MAX = 500;

export class Client {
  #api;
  #outbox;
  #listener;
  #socket = null;
  #isLive = false;
  #isStopped = false;
  #pause = PAUSE;
  #retry = null;
  #heartbeat = null;
  #heardAt = 0;
  /** The last event of each chat that was seen, and of which epoch: `17 → {seq, epoch}`. */
  #places = new Map();
  /** What is sent and not answered yet. One at a time: so what is said keeps its order. */
  #inFlight = null;
  #typedAt = new Map();
  #watched = [];
  /** What is done next waits for what is done now. */
  #turn = Promise.resolve();

  constructor(api, outbox, listener) {
    [this.#api, this.#outbox, this.#listener] = [api, outbox, listener];
    addEventListener("online", this.connect);
  }

  /** Connects, without waiting for the end of a pause. */
  connect = async () => {
    clearTimeout(this.#retry);
    if (this.#socket || this.#isStopped) return;
    this.#listener.state("connecting");
    // A place for the socket: nobody else connects while this one does.
    const opening = (this.#socket = {});
    try {
      const { ticket } = await this.#api.request("POST", "/auth/ws_ticket");
      if (this.#socket === opening) this.#open(ticket);
    } catch (refusal) {
      if (this.#socket === opening) this.#ended(refusal.status === 401 ? 4401 : 1006);
    }
  };

  /** Ends it for good. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    removeEventListener("online", this.connect);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close?.(1000);
  }

  /** Does something between two frames: no event is heard until it is done. */
  inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Asks anew which chats there are: they stand as of all events that were heard. */
  list() {
    return this.inTurn(() => this.#list());
  }

  send(message) {
    this.#outbox.add(message);
    this.#listener.unsent(message.chat_id);
    this.#flush();
  }

  sendAgain(clientMsgId) {
    this.#outbox.mark(clientMsgId, undefined);
    this.#listener.unsent(this.#outbox.find(clientMsgId).chat_id);
    this.#flush();
  }

  discard(clientMsgId) {
    const { chat_id } = this.#outbox.find(clientMsgId);
    this.#outbox.remove(clientMsgId);
    this.#listener.unsent(chat_id);
  }

  read(chatId, seq) {
    this.#say({ type: "read", chat_id: chatId, seq });
  }

  typing(chatId) {
    const now = Date.now();
    if (now - (this.#typedAt.get(chatId) ?? 0) < TYPING_EVERY) return;
    this.#typedAt.set(chatId, now);
    this.#say({ type: "typing", chat_id: chatId });
  }

  /** Says whose presence is wanted: of these users and of nobody else, also over the next sockets. */
  watch(users) {
    this.#watched = [...users].slice(0, WATCHED_MAX);
    if (this.#isLive) this.#say({ type: "watch", users: this.#watched });
  }

  #open(ticket) {
    const url = new URL(`/api/v1/ws?ticket=${encodeURIComponent(ticket)}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = (this.#socket = new WebSocket(url, "artel.v1"));
    this.#heardAt = Date.now();
    this.#keepAlive(HEARTBEAT);
    const isOwn = () => this.#socket === socket;
    socket.onmessage = ({ data }) => {
      this.#heardAt = Date.now();
      const hear = () => (isOwn() ? this.#hear(JSON.parse(data)) : null);
      // What cannot be finished now, for want of an answer, is begun anew by another socket.
      this.inTurn(hear).catch((fault) => {
        if (!(fault instanceof Refusal)) console.error(fault);
        else if (isOwn()) this.#breakOff();
      });
    };
    socket.onclose = ({ code }) => this.inTurn(() => isOwn() && this.#ended(code));
  }

  /** Leaves a socket that is of no use; its own end may be long in coming. */
  #breakOff() {
    this.#socket.close();
    this.#ended(1006);
  }

  async #ended(code) {
    clearInterval(this.#heartbeat);
    [this.#socket, this.#isLive, this.#inFlight] = [null, false, null];
    if (code === 4400 || code === 4403) {
      this.stop();
      return this.#listener.state("stopped");
    }
    const isOut = code === 4401 && (await this.#api.renew().catch((refusal) => refusal.status === 401));
    if (this.#isStopped) return;
    if (isOut === true) {
      this.stop();
      return this.#listener.state("signedOut");
    }
    const pause = this.#pause * (1 + Math.random());
    this.#pause = Math.min(2 * this.#pause, PAUSE_MAX);
    this.#listener.state("waiting", Math.ceil(pause / 1_000));
    this.#retry = setTimeout(this.connect, pause);
  }

  async #hear(frame) {
    switch (frame.type) {
      case "hello":
        return this.#keepAlive(frame.heartbeat_s * 1_000);
      case "ready":
        return this.#ready();
      case "event":
        return this.#event(frame);
      case "subscribed":
        for (const [chat, { as_of_seq, epoch }] of Object.entries(frame.chats)) {
          const seq = Math.max(this.#places.get(+chat)?.seq ?? 0, as_of_seq);
          this.#places.set(+chat, { seq, epoch });
        }
        return;
      case "reset":
        this.#places.set(frame.chat_id, { seq: frame.as_of_seq, epoch: frame.epoch });
        await this.#listener.reset(frame.chat_id);
        return this.#list();
      case "ack":
        return this.#sent(frame.id, frame.chat_id);
      case "error":
        return this.#error(frame);
      case "auth_expiring":
        await this.#api.renew();
        return this.#say({ type: "auth", token: this.#api.token });
      case "drain":
        this.#pause = frame.retry_after_ms;
        return;
      case "read":
      case "typing":
      case "presence":
        return this.#listener[frame.type](frame);
    }
    // What is not known is passed over: there may come to be more.
  }

  async #ready() {
    await this.#list();
    this.#subscribe([...this.#places.keys()]);
    [this.#isLive, this.#pause] = [true, PAUSE];
    this.#listener.state("live");
    this.watch(this.#watched);
    this.#flush();
  }

  /** Has the server say what there is: what is not known yet goes on from where it stands now. */
  async #list() {
    const rows = [];
    let page = {};
    do {
      const cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
      const mine = await this.#api.request("GET", `/chats/mine?limit=1000${cursor}`);
      rows.push(...mine.data);
      page = mine.page;
    } while (page.has_more);
    const listed = new Set(rows.map((it) => it.chat_id));
    for (const chat of this.#places.keys()) if (!listed.has(chat)) this.#gone(chat);
    const fresh = rows.filter((it) => !this.#places.has(it.chat_id));
    for (const { chat_id, last_seq, epoch } of fresh) this.#places.set(chat_id, { seq: last_seq, epoch });
    await this.#listener.listed(rows);
    if (this.#isLive) this.#subscribe(fresh.map((it) => it.chat_id));
  }

  #subscribe(chats) {
    for (let at = 0; at < chats.length; at += CHATS_AT_ONCE) {
      const some = chats.slice(at, at + CHATS_AT_ONCE).filter((it) => this.#places.has(it));
      const places = Object.fromEntries(some.map((it) => [it, this.#places.get(it)]));
      this.#say({ type: "subscribe", id: `subscribe ${some.join()}`, chats: places });
    }
  }

  async #event(event) {
    const { chat_id, seq, kind, data } = event;
    const place = this.#places.get(chat_id);
    if (!place) {
      const isInvited = kind === "member.joined" && data.member.user_id === this.#api.user.id;
      return isInvited ? this.#list() : null;
    }
    // Seen already.
    if (seq <= place.seq) return;
    // Something is missing: it is asked for from where the chat stands.
    if (seq > place.seq + 1) return this.#subscribe([chat_id]);
    const isOwn = kind === "message.created" && data.message.author_id === this.#api.user.id;
    if (isOwn) this.#sent(data.message.client_msg_id, chat_id);
    try {
      await this.#listener.happened(event);
    } catch (fault) {
      // What was refused for now comes again with the next socket; a fault of the listener would, too.
      if (fault instanceof Refusal) throw fault;
      console.error(fault);
    }
    place.seq = seq;
  }

  #error({ id = "", chat_id, code, message, retry_after_ms = PAUSE }) {
    const isOfSubscription = id.startsWith("subscribe ");
    if (code === "unavailable" || code === "rate_limited") {
      const chats = chat_id ? [chat_id] : id.slice("subscribe ".length).split(",").map(Number);
      const again = isOfSubscription ? () => this.#subscribe(chats) : () => this.#flush();
      if (id === this.#inFlight) this.#inFlight = null;
      setTimeout(again, retry_after_ms);
    } else if (chat_id && (isOfSubscription || (!id && code === "access_denied"))) {
      this.#gone(chat_id);
    } else if (id === this.#inFlight) {
      this.#inFlight = null;
      this.#outbox.mark(id, message);
      this.#listener.unsent(chat_id);
      this.#flush();
    } else {
      this.#listener.refused(message);
    }
  }

  #gone(chatId) {
    this.#places.delete(chatId);
    this.#listener.gone(chatId);
  }

  /** Sends what is unsent. */
  #flush() {
    const next = this.#outbox.next();
    if (!this.#isLive || this.#inFlight || !next) return;
    const { client_msg_id, chat_id, body, reply_to_id } = next;
    this.#inFlight = client_msg_id;
    this.#say({ type: "send", id: client_msg_id, client_msg_id, chat_id, body, reply_to_id });
  }

  /** A message stands: by its acknowledgement, or by the event of it, whichever comes first. */
  #sent(clientMsgId, chatId) {
    if (this.#inFlight === clientMsgId) this.#inFlight = null;
    this.#outbox.remove(clientMsgId);
    this.#listener.unsent(chatId);
    this.#flush();
  }

  /** A page does not see the pings of the server: it says some itself. */
  #keepAlive(every) {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      if (Date.now() - this.#heardAt > every + SILENCE_MAX) return this.#breakOff();
      this.#say({ type: "ping" });
    }, every);
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
