// The words of the page, in one language at a time, and how times look in it.

let words = {};

/** The language of the page: what was chosen here, else what the browser asks pages for. */
export let language = "en";

export function wantedLanguage() {
  const asked = [localStorage.getItem("artel.chat.language"), ...navigator.languages];
  return asked.map((it) => it?.slice(0, 2)).find((it) => it === "en" || it === "ru") ?? "en";
}

/** Speaks a language from now on; what is on the page already is put into it. */
export async function speak(wanted) {
  words = await (await fetch(`/chat/texts/${wanted}.json`)).json();
  language = wanted;
  document.documentElement.lang = wanted;
  for (const it of document.querySelectorAll("[data-text]")) it.textContent = text(it.dataset.text);
  for (const it of document.querySelectorAll("[data-label]")) it.ariaLabel = text(it.dataset.label);
  for (const it of document.querySelectorAll("[data-hint]")) it.placeholder = text(it.dataset.hint);
}

/** A text with its `{places}` filled. */
export function text(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** When something was said: the time, and the day if it is another one. */
export function moment(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "short" };
  return date.toLocaleString(language, { ...day, hour: "2-digit", minute: "2-digit" });
}
