// The list of one's chats.

import { byId, make } from "./element.js";
import { text } from "./texts.js";

/** What a chat is called: a chat of two is called as the other one is. */
export function chatName(chat, people) {
  if (chat.row.name) return chat.row.name;
  return chat.other ? people.name(chat.other) : text("chat_unnamed", { id: chat.id });
}

/** Shows them, those first in which something was said last. */
export function showChats(chats, { people, openId, open, isListed }) {
  const list = byId("chats");
  const focused = document.activeElement?.dataset.chat;
  const order = (one, other) => other.activeAt.localeCompare(one.activeAt) || other.id - one.id;
  list.replaceChildren(...[...chats].sort(order).map((chat) => line(chat, people, openId, open)));
  // Whoever was there with the keyboard stays there.
  if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus();
  byId("no-chats").hidden = !isListed || chats.length > 0;
  const unread = chats.reduce((sum, it) => sum + it.row.unread, 0);
  document.title = (unread ? `(${unread}) ` : "") + text("title");
}

function line(chat, people, openId, open) {
  const { unread, last_message: last } = chat.row;
  const said = last?.author_id === chat.me ? text("you", { text: last.body }) : (last?.body ?? "");
  const badge = make("span", { className: "badge", textContent: unread, ariaLabel: text("unread", { count: unread }) });
  const line = make(
    "button",
    { type: "button", data: { chat: chat.id }, onclick: () => open(chat.id) },
    chat.other ? presenceDot(people, chat.other) : null,
    make("span", { className: "name", textContent: chatName(chat, people) }),
    unread > 0 ? badge : null,
    make("span", { className: "excerpt", textContent: said }),
  );
  if (chat.id === openId) line.ariaCurrent = "true";
  return make("li", {}, line);
}

/** Shows whether somebody is there: by a colour, and by a word for whoever does not see it. */
export function presenceDot(people, user) {
  const state = people.state(user);
  const word = state === "offline" ? "" : text(state);
  const dot = make("span", { className: `dot ${state}`, title: word, data: { presence: user } });
  dot.role = "img";
  dot.ariaLabel = word;
  return dot;
}
