// Puts the element of Elsa Studio that belongs to this address on the page, and a bar of our own above it.
"use strict";

const studio = new URL("./", document.baseURI);
const api = new URL("../elsa/api", studio).href;
const [view, id] = location.pathname.slice(studio.pathname.length).split("/").map(decodeURIComponent);
const to = (place, key) => { location.href = new URL(place + "/" + encodeURIComponent(key), studio).href; };

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

async function call(path, options) {
  const response = await fetch(api + path, { headers: { accept: "application/json", ...(options?.body ? { "content-type": "application/json" } : {}) }, ...options });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Error(Object.values(problem.errors ?? {}).flat().join("\n") || problem.error || problem.title || path + " answered " + response.status);
}

async function mount(tag, attributes, properties) {
  await customElements.whenDefined(tag);
  const node = document.createElement(tag);
  node.setAttribute("remote-endpoint", api);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  Object.assign(node, properties);
  document.getElementById("studio").replaceChildren(node);
}

function tell(message) {
  document.querySelector("#run form").replaceChildren(element("p", { className: "problem", textContent: message }), element("div", { className: "buttons" }, element("button", { textContent: "Close" })));
  const dialog = document.getElementById("run");
  if (!dialog.open) dialog.showModal();
}

// The designer's own run button keeps to itself which run it started, and why it could not: both are told here.
const plainFetch = window.fetch.bind(window);
window.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (!/\/workflow-definitions\/[^/]+\/(execute|dispatch)$/.test(new URL(response.url || location.href).pathname)) return response;
  const run = response.headers.get("x-elsa-workflow-instance-id");
  if (run) to("instances", run);
  else if (!document.getElementById("run").open) response.clone().json().then(problem => tell(Object.values(problem.errors ?? {}).flat().join("\n") || problem.title));
  return response;
};

// A value that is JSON is taken as such, so that 12 is a number and true is true.
function parse(text) {
  try { return JSON.parse(text); } catch { return text; }
}

async function start(inputs) {
  await call("/workflow-definitions/" + encodeURIComponent(id) + "/execute", { method: "POST", body: JSON.stringify({ versionOptions: "Published", input: inputs }) });
}

async function ask() {
  const form = document.querySelector("#run form");
  const problem = element("p", { className: "problem" });
  let fields = [];
  form.replaceChildren(element("h2", {}, "Run the published version"));
  try {
    const published = await (await call("/workflow-definitions/by-definition-id/" + encodeURIComponent(id) + "?versionOptions=Published")).json();
    fields = published.inputs.map(input => ({ input, box: element("input", { name: input.name, value: input.defaultValue == null ? "" : typeof input.defaultValue === "string" ? input.defaultValue : JSON.stringify(input.defaultValue) }) }));
  } catch {
    problem.textContent = "Nothing is published yet. Publish the pipeline first; runs start from what is published.";
  }
  form.append(...fields.map(({ input, box }) => element("label", {}, input.displayName ?? input.name, element("span", {}, [input.type, input.description].filter(Boolean).join(": ")), box)), problem);
  const run = element("button", { type: "button", id: "start", textContent: "Run", disabled: problem.textContent !== "" });
  run.onclick = async () => {
    run.disabled = true;
    try {
      await start(Object.fromEntries(fields.filter(({ box }) => box.value !== "").map(({ input, box }) => [input.name, input.type === "String" ? box.value : parse(box.value)])));
    } catch (failure) {
      problem.textContent = failure.message;
      run.disabled = false;
    }
  };
  form.append(element("div", { className: "buttons" }, element("button", { textContent: "Close" }), run));
  document.getElementById("run").showModal();
}

const title = document.getElementById("title");
const actions = document.getElementById("actions");
document.getElementById("reload").href = location.href;

if (view === "instances" && id) {
  title.textContent = "Run " + id;
  document.title = "Run " + id + " - Workbench";
  mount("elsa-workflow-instance-viewer", { "instance-id": id }, { editWorkflowDefinition: key => to("definitions", key) });
} else if (view === "instances") {
  mount("elsa-workflow-instance-list", {}, { viewWorkflowInstance: key => to("instances", key) });
} else if (id) {
  title.textContent = id;
  document.title = id + " - Workbench";
  actions.append(
    element("a", { href: new URL("../pipelines/" + encodeURIComponent(id), studio).href }, "Versions and differences"),
    element("button", { id: "ask", type: "button", onclick: ask, title: "Run the published version and watch it" }, "Run"));
  mount("elsa-workflow-definition-editor", { "definition-id": id }, { workflowDefinitionExecuted: key => to("instances", key) });
} else {
  mount("elsa-workflow-definition-list", {}, { editWorkflowDefinition: key => to("definitions", key) });
}
