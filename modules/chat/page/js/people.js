// Who is who: the names of users, asked for once, and whether they are there.

import { text } from "./texts.js";

export class People {
  #api;
  #names = new Map();
  #states = new Map();

  constructor(api) {
    this.#api = api;
  }

  name(id) {
    if (id === null) return text("system");
    return this.#names.get(id) ?? text("somebody", { id });
  }

  /** Asks for the names that are not known. Whoever is out of sight has none. */
  async learn(ids) {
    const unknown = [...new Set(ids)].filter((it) => it !== null && !this.#names.has(it));
    for (let at = 0; at < unknown.length; at += 200) {
      const some = unknown.slice(at, at + 200);
      const path = `/users?id[in]=${some.join()}&fields=id,name&limit=1000`;
      const { data } = await this.#api.request("GET", path);
      for (const { id, name } of data) this.#names.set(id, name);
    }
  }

  /** Those whose name has this in it. */
  async find(part) {
    const wanted = part ? `&q=${encodeURIComponent(part)}` : "";
    const path = `/users?fields=id,name&sort=name&limit=20&id[ne]=${this.#api.user.id}${wanted}`;
    const { data } = await this.#api.request("GET", path);
    for (const { id, name } of data) this.#names.set(id, name);
    return data;
  }

  present({ user_id, state }) {
    this.#states.set(user_id, state);
  }

  /** `online`, `away`, or `offline` also where nothing was said of them. */
  state(id) {
    return this.#states.get(id) ?? "offline";
  }

  /** When the line is down, nobody can be said to be there; gives those of whom that was said. */
  forgetStates() {
    const users = [...this.#states.keys()];
    this.#states.clear();
    return users;
  }
}
