// The API over HTTP: who is signed in, requests, what they are refused with.
//
// The access token is kept in memory and nowhere else. What renews it is kept there as well; or, if the
// user wants to be remembered, in a cookie that no script can read.

import { language, text } from "./texts.js";

const REMEMBERED = "artel.chat.remembered";
/** So long a request may take, in milliseconds. */
const PATIENCE = 15_000;

/** What a request is refused with: `status` is 0 where no answer came. */
export class Refusal extends Error {
  constructor(status, { code = "unavailable", title, violations } = {}) {
    super(violations?.[0]?.message ?? title ?? text("offline"));
    Object.assign(this, { status, code });
  }
}

export class Api {
  /** Who is signed in. */
  user = null;
  #token = null;
  #refreshToken = null;
  #renewal = null;

  async signIn(login, password, isRemembered) {
    this.#keep(await this.#ask("POST", "/auth/sign_in", { login, password, cookie: isRemembered }));
    // Whether there is a cookie shows nowhere else.
    if (isRemembered) localStorage.setItem(REMEMBERED, "yes");
  }

  /** Signs in by the cookie, if there should be one; gives whether that went well. */
  async resume() {
    if (!localStorage.getItem(REMEMBERED)) return false;
    try {
      await this.renew();
      return true;
    } catch (refusal) {
      if (refusal.status === 401) localStorage.removeItem(REMEMBERED);
      return false;
    }
  }

  /** Gets a fresh token, once for all who want one now; refused with 401 if nobody is signed in. */
  async renew() {
    this.#renewal ??= this.#renewOnce().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  async #renewOnce() {
    const by = this.#refreshToken ? { refresh_token: this.#refreshToken } : {};
    const signedIn = await this.#ask("POST", "/auth/refresh", by);
    // The cookie is one for all windows: somebody else may have signed in there.
    if (this.user && this.user.id !== signedIn.user.id) throw new Refusal(401, { title: text("signed_out") });
    this.#keep(signedIn);
  }

  async signOut() {
    localStorage.removeItem(REMEMBERED);
    await this.#ask("POST", "/auth/sign_out", {}).catch(() => {});
    this.forget();
  }

  /** Nobody is signed in here any more. */
  forget() {
    [this.user, this.#token, this.#refreshToken] = [null, null, null];
  }

  get token() {
    return this.#token;
  }

  /** Asks for something, with a fresh token if this one is no good any more. */
  async request(method, path, body) {
    try {
      return await this.#ask(method, path, body);
    } catch (refusal) {
      if (refusal.status !== 401) throw refusal;
      await this.renew();
      return this.#ask(method, path, body);
    }
  }

  #keep({ user, access_token, refresh_token }) {
    [this.user, this.#token, this.#refreshToken] = [user, access_token, refresh_token ?? null];
  }

  async #ask(method, path, body) {
    const headers = { "accept-language": language };
    if (this.#token) headers.authorization = `Bearer ${this.#token}`;
    if (body) headers["content-type"] = "application/json";
    const signal = AbortSignal.timeout(PATIENCE);
    const asked = fetch(`/api/v1${path}`, { method, headers, signal, body: body && JSON.stringify(body) });
    const answer = await asked.catch(() => null);
    const read = await answer?.json().catch(() => null);
    if (!answer?.ok) throw new Refusal(answer?.status ?? 0, read ?? undefined);
    return read;
  }
}
