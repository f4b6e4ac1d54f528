// The host's live page. Text reaches the page only as text nodes, so a name or a reason can never become markup.
"use strict";

const refreshMilliseconds = 2000;

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) if (value != null) node.setAttribute(name, value);
  for (const child of children.flat()) if (child != null) node.append(child);
  return node;
}

const link = (href, text) => element("a", { href }, text);
const time = text => text ? new Date(text).toISOString().replace("T", " ").slice(0, 19) + " UTC" : "";
const figure = value => value == null ? "" : Number.isInteger(value) ? String(value) : value.toFixed(4);

const tones = {
  Completed: "good", Finished: "good", Succeeded: "good", Resolved: "good", Done: "good", Passed: "good",
  Failed: "bad", Faulted: "bad", Firing: "bad", Cancelled: "bad", Canceled: "bad", Refused: "bad",
  Pending: "wait", Suspended: "wait", Ready: "wait", Blocked: "wait",
  Running: "go", Executing: "go",
};
const badge = (state, text) => element("span", { class: "badge " + (tones[state] ?? "") }, text ?? state);

function table(headings, rows, empty) {
  if (rows.length === 0) return element("p", { class: "quiet" }, empty);
  return element("table", {},
    element("thead", {}, element("tr", {}, headings.map(heading => element("th", { scope: "col" }, heading)))),
    element("tbody", {}, rows.map(cells => element("tr", {}, cells.map(cell => element("td", {}, cell ?? ""))))));
}

const section = (id, title, ...children) => element("section", { id, "aria-label": title }, element("h2", {}, title), ...children);
const steps = run => run.steps.map(step => badge(step.state, step.name + (step.attempt > 1 ? " (attempt " + step.attempt + ")" : "")));
const runTable = runs => table(["Run", "Pipeline", "State", "Started", "Why", "Steps"],
  runs.map(run => [link("/runs/" + run.id, run.id.slice(-8)), run.definitionId + " v" + run.version, badge(run.subStatus), time(run.createdAt), run.reason, steps(run)]),
  "No run yet. Start one with: workbench run start NAME");
const alertTable = alerts => table(["Alert", "Rule", "State", "Value", "Threshold", "At"],
  alerts.map(alert => [link("/alerts/" + alert.id, String(alert.id).slice(-8)), alert.rule, badge(alert.state), figure(alert.value), figure(alert.threshold), time(alert.at)]),
  "No alert yet.");
const historyTable = history => table(["When", "Alias", "From", "To", "Who", "Why"],
  history.map(event => [time(event.at), event.alias, event.fromVersion ? "v" + event.fromVersion : "none", event.toVersion ? "v" + event.toVersion : "none", event.actor, (event.forced ? "forced: " : "") + event.reason]),
  "No alias was ever set.");

const views = [
  ...pipelineViews,
  [/^\/$/, async () => {
    const all = await get("/api/overview");
    return [
      section("models", "Models", table(["Model", "Champion", "Serving", "Versions"],
        all.models.map(model => [link("/models/" + encodeURIComponent(model.name), model.name), model.champion ? badge("Done", "v" + model.champion) : "none",
          element("span", {}, model.served ? "v" + model.served : "none", model.problem ? badge("Failed", model.problem) : ""), model.versions.map(version => badge("", "v" + version.version))]),
        "No model yet. Run the demo, or register one from a notebook.")),
      section("runs", "Runs", runTable(all.runs)),
      section("alerts", "Alerts", alertTable(all.alerts)),
      section("reports", "Reports", table(["Report", "Written"], all.reports.map(report => [link(report.href, report.name), time(report.at)]), "No report yet.")),
    ];
  }],
  [/^\/models\/([^/]+)$/, async name => {
    const model = await get("/api/models/" + name);
    const metrics = [...new Set(model.versions.flatMap(version => Object.keys(version.metrics)))].sort();
    return [
      element("h1", {}, "Model " + model.name),
      section("versions", "Versions", table(["Version", "Registered", "Aliases", ...metrics, "Data"],
        model.versions.map(version => ["v" + version.version, time(version.createdAt), version.aliases.map(alias => badge("Done", alias)),
          ...metrics.map(metric => figure(version.metrics[metric])), (version.dataHash ?? "").slice(0, 19)]), "No version yet.")),
      section("history", "History", historyTable(model.history)),
    ];
  }],
  [/^\/runs\/([^/]+)$/, async id => {
    const run = await get("/api/runs/" + id);
    return [
      element("h1", {}, "Run " + run.id),
      section("run", run.definitionId + " v" + run.version, element("p", {}, badge(run.subStatus), " started " + time(run.createdAt) + (run.reason ? ", " + run.reason : "")),
        run.error ? element("pre", {}, run.error) : null),
      section("steps", "Steps", table(["Step", "State", "Attempt", "Outcome", "Message"],
        run.steps.map(step => [step.name, badge(step.state), String(step.attempt), step.outcome, step.message]), "No step yet.")),
      section("log", "Log", element("pre", {}, run.log.map(line => time(line.at) + "  " + line.step + "  " + line.text).join("\n") || "Nothing logged.")),
    ];
  }],
  [/^\/alerts\/([^/]+)$/, async id => {
    const alert = await get("/api/alerts/" + id);
    return [
      element("h1", {}, "Alert " + alert.rule),
      section("alert", "Event " + alert.id, table(["Model", "Version", "State", "Value", "Threshold", "At", "Done about it"],
        [[link("/models/" + encodeURIComponent(alert.model), alert.model), alert.version ? "v" + alert.version : "", badge(alert.state), figure(alert.value), figure(alert.threshold), time(alert.at), alert.action]], "")),
    ];
  }],
];

async function get(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(path + " answered " + response.status);
  return response.json();
}

let shown = "";
async function refresh() {
  const live = document.getElementById("live");
  try {
    const [, render, match] = views.map(([pattern, render]) => [pattern, render, location.pathname.match(pattern)]).find(view => view[2]) ?? [];
    const nodes = render ? await render(...match.slice(1)) : [element("p", {}, "There is no page at " + location.pathname + ". ", link("/", "Back to the overview."))];
    const next = nodes.map(node => node.outerHTML).join("");
    if (next !== shown) document.getElementById("content").replaceChildren(...nodes);
    shown = next;
    live.textContent = "live, " + new Date().toISOString().slice(11, 19) + " UTC";
  } catch (error) {
    live.textContent = "not connected: " + error.message;
  }
  setTimeout(refresh, refreshMilliseconds);
}
refresh();
