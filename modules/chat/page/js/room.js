// Everything that somebody who is signed in sees: joins what the client hears with what is shown.

import { chatName, presenceDot, showChats } from "./chats.js";
import { Client } from "./client.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { byId, make } from "./element.js";
import { Messages } from "./messages.js";
import { Outbox } from "./outbox.js";
import { People } from "./people.js";
import { Picker } from "./picker.js";
import { text } from "./texts.js";

/** So long somebody is shown to be writing, in milliseconds. */
const WRITING_FOR = 6_000;

export class Room {
  #api;
  #page;
  #end = new AbortController();
  #outbox;
  #people;
  #picker;
  #messages;
  #composer;
  #client;
  #chats = new Map();
  /** Whether the server has said which there are. */
  #isListed = false;
  /** The chat that is shown. */
  #open = null;
  #connection = ["connecting", 0];

  /** `page` takes what went wrong (`complain`) and the end of the login (`leave`). */
  constructor(api, page) {
    [this.#api, this.#page] = [api, page];
    const { signal } = this.#end;
    this.#outbox = new Outbox(api.user.id);
    this.#people = new People(api);
    this.#picker = new Picker(this.#people, signal);
    this.#messages = new Messages(this.#people, {
      react: (id, emoji) => this.#do("POST", `/messages/${id}/reactions`, { emoji }),
      pin: (id, pinned) => this.#do("POST", `/messages/${id}/pin`, { pinned }),
      remove: (id) => this.#do("DELETE", `/messages/${id}`),
      edit: (message) => this.#composer.edit(message),
      reply: (message) => this.#composer.reply(message),
      sendAgain: (name) => this.#client.sendAgain(name),
      discard: (name) => this.#client.discard(name),
    }, signal);
    const composing = {
      say: (body, reply_to_id) => this.#client.send({ chat_id: this.#open.id, body, reply_to_id }),
      change: (id, body) => this.#do("PATCH", `/messages/${id}`, { body }),
      typing: () => this.#client.typing(this.#open.id),
      excerpt: (id) => this.#messages.excerpt(id),
    };
    this.#composer = new Composer(composing, signal);
    this.#client = new Client(api, this.#outbox, this);
    const on = (target, event, action) => target.addEventListener(event, action, { signal });
    on(byId("new-chat"), "click", () => this.#try(() => this.#newChat()));
    on(byId("invite"), "click", () => this.#try(() => this.#invite()));
    on(byId("earlier"), "click", () => this.#try(() => this.#showEarlier()));
    on(byId("back"), "click", () => this.#closeChat());
    on(byId("try-now"), "click", () => this.#client.connect());
    on(byId("log"), "scroll", () => this.#markRead());
    on(document, "visibilitychange", () => this.#markRead());
    this.#closeChat();
    this.#client.connect();
  }

  close() {
    this.#end.abort();
    this.#client.stop();
    this.#chats.clear();
    this.#closeChat();
  }

  /** Shows everything in the language of now. */
  redraw() {
    this.#showConnection();
    this.#showChats();
    if (!this.#open?.messages) return;
    this.#messages.redraw(this.#outbox.of(this.#open.id));
    this.#composer.showPurpose();
    this.#showHead();
    this.#showWriting();
  }

  // ---- what the client hears

  state(name, seconds) {
    if (name === "signedOut") return this.#page.leave(text("signed_out"));
    this.#connection = [name, seconds];
    if (name !== "live") this.#showPresence(this.#people.forgetStates());
    this.#showConnection();
    this.#markRead();
  }

  async listed(rows) {
    this.#isListed = true;
    for (const row of rows) {
      const chat = this.#chats.get(row.chat_id) ?? new Conversation(row.chat_id, this.#api.user.id);
      this.#chats.set(row.chat_id, chat);
      chat.list(row);
    }
    await this.#meetOthers();
    this.#showChats();
    if (this.#open && !this.#open.messages) {
      await this.#load(this.#open);
      this.#showChat();
    }
  }

  async happened(event) {
    const chat = this.#chats.get(event.chat_id);
    const { message, member } = event.data;
    await this.#learn([message?.author_id ?? null, member?.user_id ?? null]);
    // Behind this event, not within it.
    if (chat.isForServer(event)) this.#client.list().catch(() => {});
    const changed = chat.take(event);
    if (event.kind === "message.created") this.#hasWritten(chat, message.author_id);
    if (chat === this.#open && chat.messages) {
      if (changed) this.#messages.change(changed);
      // Whoever has just come shares a chat only from now on.
      if (member) this.#watch();
      if (member?.user_id === chat.me) this.#messages.redraw(this.#outbox.of(chat.id));
      this.#showHead();
      this.#markRead();
    }
    this.#showChats();
  }

  reset(chatId) {
    this.#chats.get(chatId)?.forget();
  }

  gone(chatId) {
    this.#chats.delete(chatId);
    if (this.#open?.id === chatId) this.#closeChat();
    this.#showChats();
  }

  unsent(chatId) {
    if (this.#open?.id === chatId && this.#open.messages) this.#messages.showUnsent(this.#outbox.of(chatId));
  }

  read({ chat_id, read_seq, unread }) {
    const chat = this.#chats.get(chat_id);
    if (chat) chat.row = { ...chat.row, read_seq, unread };
    this.#showChats();
  }

  async typing({ chat_id, user_id }) {
    const chat = this.#chats.get(chat_id);
    if (!chat) return;
    await this.#learn([user_id]);
    clearTimeout(chat.writing.get(user_id));
    chat.writing.set(user_id, setTimeout(() => this.#hasWritten(chat, user_id), WRITING_FOR));
    this.#showWriting();
  }

  presence(frame) {
    this.#people.present(frame);
    this.#showPresence([frame.user_id]);
  }

  refused(sentence) {
    this.#page.complain(new Error(sentence));
  }

  // ---- what the user does

  async #openChat(id) {
    const chat = this.#chats.get(id);
    if (this.#open) this.#open.draft = this.#composer.draft;
    this.#open = chat;
    this.#showChats();
    // In turn: what is heard from now on is behind the window.
    if (!chat.messages) await this.#client.inTurn(() => this.#load(chat));
    if (this.#open !== chat) return;
    document.body.dataset.open = "yes";
    byId("no-chat").hidden = true;
    byId("open-chat").hidden = false;
    this.#showChat();
    this.#composer.open(chat.draft, chat.may("can_write"));
  }

  #closeChat() {
    if (this.#open) this.#open.draft = this.#composer.draft;
    this.#open = null;
    delete document.body.dataset.open;
    byId("no-chat").hidden = false;
    byId("open-chat").hidden = true;
    this.#showChats();
  }

  #newChat() {
    return this.#picker.ask(text("new_chat"), true, async (users, name) => {
      const [path, body] = name
        ? ["/chats", { kind: "group", name, member_ids: users }]
        : ["/chats/direct", { user_id: users[0] }];
      const { id } = await this.#api.request("POST", path, body);
      await this.#client.list();
      await this.#openChat(id);
    });
  }

  #invite() {
    const path = `/chats/${this.#open.id}/members`;
    return this.#picker.ask(text("invite"), false, async (users) => {
      for (const user_id of users) await this.#api.request("POST", path, { user_id });
    });
  }

  async #showEarlier() {
    const chat = this.#open;
    const [first] = chat.messages.values();
    const path = `/chats/${chat.id}/messages?before=${first.seq}`;
    await this.#client.inTurn(async () => {
      const window = await this.#api.request("GET", path);
      await this.#learn(window.data.map((it) => it.author_id));
      chat.showEarlier(window);
    });
    if (this.#open === chat) this.#messages.redraw(this.#outbox.of(chat.id));
  }

  /** Does something in the open chat; what comes of it comes as an event. */
  #do(method, path, body) {
    return this.#try(() => this.#api.request(method, `/chats/${this.#open.id}${path}`, body));
  }

  async #try(work) {
    this.#page.complain(null);
    await work().catch((refusal) => this.#page.complain(refusal));
  }

  /** Says that the open chat was read, when its end is in sight. */
  #markRead() {
    const chat = this.#open;
    const isSeen = chat?.messages && !document.hidden && this.#messages.isAtEnd;
    if (!isSeen || this.#connection[0] !== "live" || chat.lastOfOthers <= chat.saidRead) return;
    chat.saidRead = chat.lastOfOthers;
    this.#client.read(chat.id, chat.saidRead);
  }

  // ---- what is asked for

  async #load(chat) {
    const window = await this.#api.request("GET", `/chats/${chat.id}/messages`);
    const { data: members } = await this.#api.request("GET", `/chats/${chat.id}/members`);
    chat.show(window);
    chat.meet(members);
    await this.#learn([...window.data.map((it) => it.author_id), ...chat.members.keys()]);
  }

  /** Finds out with whom the chats of two are. */
  async #meetOthers() {
    const unmet = [...this.#chats.values()].filter((it) => it.row.kind === "direct" && !it.members);
    for (let at = 0; at < unmet.length; at += 200) {
      const some = unmet.slice(at, at + 200).map((it) => it.id);
      const path = `/chat_members?chat_id[in]=${some.join()}&limit=1000`;
      const { data } = await this.#api.request("GET", path);
      for (const id of some) this.#chats.get(id).meet(data.filter((it) => it.chat_id === id));
      await this.#learn(data.map((it) => it.user_id));
    }
    this.#watch();
  }

  /** A name that cannot be had now is no reason to stop. */
  #learn(users) {
    return this.#people.learn(users).catch(() => {});
  }

  /** Whoever is shown is watched. */
  #watch() {
    const ofTwo = [...this.#chats.values()].map((it) => it.other).filter((it) => it);
    this.#client.watch(new Set([...(this.#open?.others ?? []), ...ofTwo]));
  }

  // ---- what is shown

  #showChat() {
    this.#messages.show(this.#open, this.#outbox.of(this.#open.id));
    this.#showHead();
    this.#showWriting();
    this.#watch();
    this.#markRead();
  }

  #showHead() {
    const chat = this.#open;
    const person = (id) => make("span", {}, presenceDot(this.#people, id), this.#people.name(id));
    byId("chat-name").textContent = chatName(chat, this.#people);
    byId("members").replaceChildren(...chat.others.map(person));
    byId("invite").hidden = chat.row.kind !== "group" || !chat.may("can_invite");
  }

  #showChats() {
    const open = (id) => this.#try(() => this.#openChat(id));
    const around = { people: this.#people, openId: this.#open?.id, open, isListed: this.#isListed };
    showChats([...this.#chats.values()], around);
  }

  #showPresence(users) {
    for (const user of users) {
      const dots = document.querySelectorAll(`[data-presence="${user}"]`);
      for (const it of dots) it.replaceWith(presenceDot(this.#people, user));
    }
  }

  #showConnection() {
    const [name, seconds] = this.#connection;
    byId("connection").textContent = text(`state_${name}`, { seconds });
    byId("connection").dataset.state = name;
    byId("try-now").hidden = name !== "waiting";
  }

  #hasWritten(chat, user) {
    clearTimeout(chat.writing.get(user));
    if (chat.writing.delete(user)) this.#showWriting();
  }

  #showWriting() {
    const names = [...(this.#open?.writing.keys() ?? [])].map((it) => this.#people.name(it));
    byId("typing").textContent = names.length ? text("typing", { names: names.join(", ") }) : "";
  }
}
