// Elements of the page. What is shown goes onto it as text or as a property, never as markup.

export const byId = (id) => document.getElementById(id);

/** Makes an element: its name, its properties (`data` for those of its dataset), what stands in it. */
export function make(name, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  Object.assign(element.dataset, data);
  element.append(...children.filter((it) => it !== null));
  return element;
}

/** A button with a sign, or a text, that says by its label what it does. */
export function button(action, onclick, label, sign = label) {
  const properties = { type: "button", textContent: sign, title: label, ariaLabel: label, onclick };
  return make("button", { ...properties, data: { action } });
}
