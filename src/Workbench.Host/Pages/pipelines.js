// Pages about pipelines: the list, one with its versions, and the difference of two versions. workbench.js draws them.
"use strict";

const designer = "/elsa/api/workflow-definitions";
const encoded = encodeURIComponent;

async function post(path, body, options) {
  const response = await fetch(path, { method: "POST", ...(body == null ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }), ...options });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(Object.values(problem.errors ?? {}).flat().join("\n") || problem.error || path + " answered " + response.status);
}

// What a button did, or why it did not.
function button(text, work) {
  const node = element("button", { type: "button" }, text);
  node.onclick = async () => {
    node.disabled = true;
    try { await work(); } catch (failure) { alert(failure.message); }
    node.disabled = false;
  };
  return node;
}

function importForm() {
  const files = element("input", { type: "file", multiple: "", accept: ".json,.zip", "aria-label": "Files to import" });
  const mode = element("select", { "aria-label": "When the id is taken" }, element("option", { value: "Overwrite" }, "becomes the next draft of it"), element("option", { value: "New" }, "becomes a pipeline of its own"));
  return element("p", { class: "form" }, files, " A definition whose id is taken ", mode, " ", button("Import", async () => {
    const form = new FormData();
    for (const file of files.files) form.append("files", file);
    const done = await post(designer + "/import-files?mode=" + mode.value, null, { body: form });
    location.href = done.definitionIds.length === 1 ? "/pipelines/" + encoded(done.definitionIds[0]) : "/pipelines";
  }));
}

const publishedBadge = one => one.isPublished ? badge("Done", "published") : badge("Pending", "draft");

const pipelineViews = [
  [/^\/pipelines$/, async () => {
    const all = await get("/api/workflows");
    return [
      section("pipelines", "Pipelines", element("p", {}, link("/studio", "Open the designer")), table(["Pipeline", "Name", "Newest", "State"],
        all.map(one => [link("/pipelines/" + encoded(one.definitionId), one.definitionId), one.name, "v" + one.version, publishedBadge(one)]),
        "No pipeline yet. Draw one in the designer, import one here, or promote a notebook: workbench notebook promote")),
      section("import", "Import", importForm()),
    ];
  }],
  [/^\/pipelines\/([^/]+)$/, async id => {
    const one = await get("/api/workflows/" + id + "/versions");
    const newest = one.versions[0];
    return [
      element("h1", {}, "Pipeline " + one.id),
      element("p", {}, one.description ?? ""),
      element("p", { class: "form" }, link("/studio/definitions/" + id, "Open in the designer"), " ",
        button("Run", async () => { location.href = "/runs/" + (await post("/api/workflows/" + id + "/runs", { reason: "by hand" })).id; }),
        button("Publish v" + newest.version, async () => { await post(designer + "/" + id + "/publish", {}); }),
        button("Duplicate", async () => { location.href = "/pipelines/" + encoded((await post("/api/workflows/" + id + "/duplicate", {})).id); }),
        one.versions.length > 1 ? link("/pipelines/" + id + "/diff", "What changed in v" + newest.version) : null),
      section("picture", "v" + newest.version, element("div", { class: "picture" }, element("img", { src: "/api/workflows/" + id + "/drawing?version=" + newest.version + "&at=" + encoded(newest.createdAt) , alt: "Activities and connections of " + one.id })),
        one.findings.length > 0 ? element("pre", {}, one.findings.join("\n")) : element("p", { class: "quiet" }, "Nothing is wrong with it.")),
      section("versions", "Versions", table(["Version", "State", "Saved", "Activities", ""],
        one.versions.map((version, index) => ["v" + version.version, publishedBadge(version), time(version.createdAt), String(version.activities), element("span", { class: "form" },
          link(designer + "/" + id + "/export?versionOptions=" + version.version, "Export"), " ",
          index < one.versions.length - 1 ? link("/pipelines/" + id + "/diff?from=" + one.versions[index + 1].version + "&to=" + version.version, "Changes") : null, " ",
          index > 0 ? button("Bring back", async () => { await post(designer + "/" + id + "/revert/" + version.version, {}); }) : null)]), "")),
    ];
  }],
  [/^\/pipelines\/([^/]+)\/diff$/, async id => {
    const diff = await get("/api/workflows/" + id + "/diff" + location.search);
    const tones = { Added: "Done", Removed: "Failed", Changed: "Pending" };
    return [
      element("h1", {}, "What changed in " + diff.id),
      element("p", {}, "v" + diff.from + " to v" + diff.to + ". ", link("/pipelines/" + id, "All versions")),
      section("changes", "Changes", table(["", "What", "Name", "Property", "Before", "After"],
        diff.changes.map(change => [badge(tones[change.kind], change.kind.toLowerCase()), change.subject, change.name, change.property, change.before, change.after]), "A run of both does the same."),
        diff.moved > 0 ? element("p", { class: "quiet" }, diff.moved + " activities lie elsewhere on the canvas.") : null),
    ];
  }],
];
