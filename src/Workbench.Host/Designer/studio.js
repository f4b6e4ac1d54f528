// Puts the element of Elsa Studio that belongs to the address on the page, and a bar of our own above it. Another address of
// the designer changes the element alone: to load it all anew takes seconds.
"use strict";

const studio = new URL("./", document.baseURI);
const api = new URL("../elsa/api", studio).href;
document.querySelector("base").href = studio.href; // It is relative to the address, which changes.
let shown = "";

// A designer that failed, or has not begun, is loaded anew.
function go(address) {
  if (!window.Blazor?.navigateTo || getComputedStyle(document.getElementById("blazor-error-ui")).display !== "none") return void (location.href = address);
  Blazor.navigateTo(address);
  show();
}

// The designer and its answer both say which run began: once there is enough.
function to(place, key) {
  const address = new URL(place + "/" + encodeURIComponent(key), studio).href;
  if (address !== shown) go(address);
}

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

// Each list and editor of the designer sets this anew and keeps its hotkeys in it: a list that ends would take those of the
// next, an editor keeps them for ever. Here each has its own, which end before the next comes.
const hotkeys = new Map();
let newest;
Object.defineProperty(window, "editorHotkeys", {
  set: value => { newest = value; },
  get: () => ({
    register(view) { const own = { ...newest }; hotkeys.set(view._id, own); own.register(view); },
    dispose(view) { hotkeys.get(view._id)?.dispose(view); hotkeys.delete(view._id); },
  }),
});

// Blazor ends an element a second after it has left the page, and the designer is made for one at a time.
const end = 1200;
let ended = Promise.resolve();
let latest = 0;

async function mount(tag, attributes, properties) {
  const mine = ++latest;
  const main = document.getElementById("studio");
  if (main.firstElementChild.id !== "loading") {
    main.replaceChildren(element("p", { id: "loading", textContent: "Loading." }));
    ended = new Promise(resolve => setTimeout(resolve, end));
  }
  await Promise.all([ended, customElements.whenDefined(tag)]);
  if (mine !== latest) return;
  for (const own of hotkeys.values()) own.dispose();
  hotkeys.clear();
  const node = document.createElement(tag);
  node.setAttribute("remote-endpoint", api);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  Object.assign(node, properties);
  main.replaceChildren(node);
}

function tell(message) {
  document.querySelector("#run form").replaceChildren(element("p", { className: "problem", textContent: message }), element("div", { className: "buttons" }, element("button", { textContent: "Close" })));
  const dialog = document.getElementById("run");
  if (!dialog.open) dialog.showModal();
}

// Where the designer goes by itself, after a copy was saved or a run begun, it goes by names of its own.
const plainPush = history.pushState.bind(history);
history.pushState = (state, unused, address) => {
  const own = /\/workflows\/(definitions|instances)\/([^/]+)\/(edit|view)$/.exec(new URL(address, document.baseURI).pathname);
  if (own) to(own[1], decodeURIComponent(own[2]));
  else plainPush(state, unused, address);
};

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

async function start(id, inputs) {
  await call("/workflow-definitions/" + encodeURIComponent(id) + "/execute", { method: "POST", body: JSON.stringify({ versionOptions: "Published", input: inputs }) });
}

async function ask(id) {
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
      await start(id, Object.fromEntries(fields.filter(({ box }) => box.value !== "").map(({ input, box }) => [input.name, input.type === "String" ? box.value : parse(box.value)])));
    } catch (failure) {
      problem.textContent = failure.message;
      run.disabled = false;
    }
  };
  form.append(element("div", { className: "buttons" }, element("button", { textContent: "Close" }), run));
  document.getElementById("run").showModal();
}

// What belongs to the address, from nothing: whatever was open before is closed.
function show() {
  shown = location.href;
  const [view, id] = location.pathname.slice(studio.pathname.length).split("/").map(decodeURIComponent);
  const name = !id ? "" : view === "instances" ? "Run " + id : id;
  document.getElementById("run").close();
  document.getElementById("title").textContent = name;
  document.title = (name || (view === "instances" ? "Runs" : "Pipelines")) + " - Workbench";
  document.getElementById("reload").href = shown;
  document.getElementById("actions").replaceChildren(...(view === "instances" || !id ? [] : [
    element("a", { href: new URL("../pipelines/" + encodeURIComponent(id), studio).href }, "Versions and differences"),
    element("button", { id: "ask", type: "button", onclick: () => ask(id), title: "Run the published version and watch it" }, "Run")]));
  const edit = key => to("definitions", key), watch = key => to("instances", key);
  if (view === "instances" && id) mount("elsa-workflow-instance-viewer", { "instance-id": id }, { editWorkflowDefinition: edit });
  else if (view === "instances") mount("elsa-workflow-instance-list", {}, { viewWorkflowInstance: watch });
  else if (id) mount("elsa-workflow-definition-editor", { "definition-id": id }, { workflowDefinitionExecuted: watch });
  else mount("elsa-workflow-definition-list", {}, { editWorkflowDefinition: edit });
}

addEventListener("popstate", show);
document.querySelector("#bar nav").addEventListener("click", click => {
  const link = click.target.closest("a");
  if (!link || click.button !== 0 || click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
  click.preventDefault();
  go(link.href);
});
show();
