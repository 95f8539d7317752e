// Shows the API's own description: operations by group, their parameters and shapes, and a way
// to try them. Every text of the document is put onto the page as text, never as markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const DEPTH_MAX = 6;

let description = {};
let token = null;

const byId = (id) => document.getElementById(id);

/** Makes an element: its name, what it carries, what stands in it. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  element.append(...children.filter((it) => it !== null && it !== undefined));
  return element;
}

function resolve(schema, depth = 0) {
  if (!schema || !schema.$ref || depth > DEPTH_MAX) return schema || {};
  const path = schema.$ref.replace(/^#\//, "").split("/");
  const found = path.reduce((at, key) => at && at[key.replace(/~1/g, "/").replace(/~0/g, "~")], description);
  return resolve(found, depth + 1);
}

/** One line about a type: `integer`, `array of Product`, `string or null`. */
function typeName(schema) {
  if (!schema) return "any";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const choices = schema.oneOf || schema.anyOf;
  if (choices) return choices.map(typeName).join(" or ");
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : schema.type;
  if (schema.type === "array") return "array of " + typeName(schema.items);
  if (schema.enum) return schema.enum.map((it) => JSON.stringify(it)).join(" | ");
  return (type || "any") + (schema.format ? " (" + schema.format + ")" : "");
}

/** A value that fits a schema, to start from. */
function example(schema, depth = 0) {
  const shape = resolve(schema);
  if (shape.example !== undefined) return shape.example;
  if (shape.default !== undefined) return shape.default;
  if (shape.enum) return shape.enum[0];
  if (depth > DEPTH_MAX) return null;
  const parts = shape.oneOf || shape.anyOf || shape.allOf;
  if (parts) return example(parts[0], depth + 1);
  const type = Array.isArray(shape.type) ? shape.type[0] : shape.type;
  if (type === "array") return [];
  if (type === "integer" || type === "number") return 0;
  if (type === "boolean") return false;
  if (type === "string") return "";
  const required = new Set(shape.required || []);
  const wanted = Object.entries(shape.properties || {})
    .filter(([name, it]) => required.has(name) && !resolve(it).readOnly);
  return Object.fromEntries(wanted.map(([name, it]) => [name, example(it, depth + 1)]));
}

function shapeTable(schema) {
  const shape = resolve(schema);
  const inner = shape.type === "array" ? resolve(shape.items) : shape;
  const properties = Object.entries(inner.properties || {});
  if (!properties.length) return make("p", { className: "quiet", textContent: typeName(schema) });
  const required = new Set(inner.required || []);
  const rows = properties.map(([name, it]) => {
    const label = make("code", { textContent: name, className: required.has(name) ? "required" : "" });
    const notes = [resolve(it).readOnly ? "read only." : "", it.description || resolve(it).description || ""];
    return make("tr", {}, make("td", {}, label), make("td", { textContent: typeName(it) }),
      make("td", { className: "quiet", textContent: notes.join(" ").trim() }));
  });
  return make("table", {}, make("tbody", {}, ...rows));
}

function parameterRows(parameters, inputs) {
  return parameters.map((parameter) => {
    const input = make("input", { placeholder: parameter.schema && parameter.schema.default !== undefined
      ? String(parameter.schema.default) : "", ariaLabel: parameter.name });
    inputs.push({ parameter, input });
    const label = make("code", { textContent: parameter.name, className: parameter.required ? "required" : "" });
    return make("tr", {}, make("td", {}, label), make("td", { className: "quiet", textContent: parameter.in }),
      make("td", { textContent: typeName(parameter.schema) }), make("td", {}, input),
      make("td", { className: "quiet", textContent: parameter.description || "" }));
  });
}

/** The address that the inputs describe. `a[gte]=1` is written into the field of a filter `a`. */
function addressOf(path, inputs) {
  const query = [];
  for (const { parameter, input } of inputs) {
    const text = input.value.trim();
    if (parameter.in === "path") path = path.replace("{" + parameter.name + "}", encodeURIComponent(text));
    if (parameter.in !== "query" || !text) continue;
    const operator = parameter.style === "deepObject" && /^\[\w+\]=/.exec(text);
    const [name, value] = operator
      ? [parameter.name + operator[0].slice(0, -1), text.slice(operator[0].length)]
      : [parameter.name, text];
    query.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
  }
  return query.length ? path + "?" + query.join("&") : path;
}

async function send(method, address, body) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const began = performance.now();
  const response = await fetch(address, { method: method.toUpperCase(), headers, body });
  const text = await response.text();
  const took = Math.round(performance.now() - began);
  return { response, text, took };
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function trial(path, method, operation, inputs) {
  const content = operation.requestBody && resolve(operation.requestBody).content;
  const schema = content && content["application/json"] && content["application/json"].schema;
  const body = schema ? make("textarea", { value: JSON.stringify(example(schema), null, 2),
    spellcheck: false, ariaLabel: "Body" }) : null;
  const line = make("p", { className: "quiet" });
  const output = make("pre", { hidden: true });
  const button = make("button", { type: "button", textContent: "Send" });
  button.addEventListener("click", async () => {
    const address = addressOf(path, inputs);
    button.disabled = true;
    try {
      const { response, text, took } = await send(method, address, body ? body.value : undefined);
      const etag = response.headers.get("ETag");
      line.textContent = `${response.status} ${response.statusText} · ${took} ms · ${address}`
        + (etag ? ` · ETag ${etag}` : "") + ` · ${response.headers.get("X-Request-Id") || ""}`;
      output.textContent = pretty(text);
    } catch (fault) {
      line.textContent = String(fault);
      output.textContent = "";
    }
    output.hidden = output.textContent === "";
    button.disabled = false;
  });
  return [schema ? make("h3", { textContent: "Body" }) : null, schema ? shapeTable(schema) : null,
    body, make("p", {}, button), line, output];
}

function answers(operation) {
  const rows = Object.entries(operation.responses || {}).map(([status, it]) => {
    const response = resolve(it);
    const [type, media] = Object.entries(response.content || {})[0] || ["", {}];
    return make("tr", {}, make("td", {}, make("code", { textContent: status })),
      make("td", { textContent: media.schema ? typeName(media.schema) : type }),
      make("td", { className: "quiet", textContent: response.description || "" }));
  });
  return make("table", {}, make("tbody", {}, ...rows));
}

/** What is inside is made when it is first opened: a large API stays quick. */
function operationBox(path, method, operation, shared) {
  const summary = make("summary", {},
    make("span", { className: "method " + method, textContent: method.toUpperCase() }),
    make("span", { className: "path", textContent: path }),
    make("span", { className: "summary", textContent: operation.summary || "" }));
  const box = make("details", {}, summary);
  box.dataset.words = [method, path, operation.summary || "", operation.operationId || ""].join(" ").toLowerCase();
  box.addEventListener("toggle", () => {
    if (!box.open || box.children.length > 1) return;
    const inputs = [];
    const parameters = [...shared, ...(operation.parameters || [])].map((it) => resolve(it));
    const rows = parameterRows(parameters, inputs);
    box.append(make("div", { className: "body" },
      operation.description ? make("p", { textContent: operation.description }) : null,
      rows.length ? make("h3", { textContent: "Parameters" }) : null,
      rows.length ? make("table", {}, make("tbody", {}, ...rows)) : null,
      ...trial(path, method, operation, inputs),
      make("h3", { textContent: "Answers" }), answers(operation)));
  });
  return box;
}

function groups() {
  const all = new Map();
  for (const [path, item] of Object.entries(description.paths || {})) {
    for (const method of METHODS.filter((it) => item[it])) {
      const operation = item[method];
      const tag = (operation.tags && operation.tags[0]) || path.split("/")[3] || "other";
      if (!all.has(tag)) all.set(tag, []);
      all.get(tag).push(operationBox(path, method, operation, item.parameters || []));
    }
  }
  return [...all].sort(([one], [other]) => one.localeCompare(other));
}

function show() {
  const info = description.info || {};
  byId("title").textContent = [info.title, info.version].filter(Boolean).join(" ") || "API";
  document.title = byId("title").textContent;
  const links = [];
  const sections = groups().map(([tag, boxes]) => {
    const id = "tag-" + tag;
    links.push(make("a", { href: "#" + encodeURIComponent(id), textContent: tag }));
    return make("section", {}, make("h2", { id, textContent: tag }), ...boxes);
  });
  byId("tags").replaceChildren(...links);
  byId("operations").replaceChildren(...sections);
}

function narrow() {
  const wanted = byId("search").value.trim().toLowerCase();
  for (const section of byId("operations").children) {
    let shown = 0;
    for (const box of section.querySelectorAll("details")) {
      box.hidden = !box.dataset.words.includes(wanted);
      shown += box.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
  }
}

async function signIn(event) {
  event.preventDefault();
  const credentials = { login: byId("login").value, password: byId("password").value };
  const { response, text } = await send("post", "/api/v1/auth/sign_in", JSON.stringify(credentials));
  const answer = JSON.parse(text);
  token = response.ok ? answer.access_token : null;
  byId("who").textContent = response.ok ? "Signed in as " + credentials.login : answer.detail || answer.title;
  if (response.ok) byId("password").value = "";
}

byId("search").addEventListener("input", narrow);
byId("sign-in").addEventListener("submit", (event) => {
  signIn(event).catch((fault) => { byId("who").textContent = String(fault); });
});
fetch("/api/openapi.json")
  .then((response) => response.json())
  .then((document) => { description = document; show(); })
  .catch((fault) => { byId("operations").textContent = "The document cannot be read: " + fault; });
