// What the pages need of the browser itself: names and colours that it keeps, charts, the end of a log. The pages run on the server.
"use strict";

const { plotly: plotlyAddress, timeline: timelineAddress } = document.currentScript.dataset;
let plotly, timelines;

const load = (address, find) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = new URL(address, document.baseURI).href;
  script.onload = () => resolve(find());
  script.onerror = () => reject(new Error("What draws this could not be loaded."));
  document.head.append(script);
});

// 3.5 MB: only for pages with charts.
const loadPlotly = () => plotly ??= load(plotlyAddress, () => window.Plotly);

const colour = name => getComputedStyle(document.body).getPropertyValue(name).trim();

window.workbench = {
  recall: key => localStorage.getItem(key),
  remember: (key, value) => localStorage.setItem(key, value),

  // The cookie tells the server the colours before it writes the first page.
  isDark() {
    const kept = localStorage.getItem("workbench-theme");
    const isDark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    workbench.keepTheme(isDark);
    return isDark;
  },
  setDark(isDark) {
    localStorage.setItem("workbench-theme", isDark ? "dark" : "light");
    workbench.keepTheme(isDark);
  },
  keepTheme(isDark) {
    document.documentElement.style.colorScheme = isDark ? "dark" : "light"; // The browser's own controls.
    document.cookie = "workbench-theme=" + (isDark ? "dark" : "light") + ";path=" + new URL(document.baseURI).pathname + ";max-age=31536000;samesite=strict";
  },

  async draw(node, json) {
    const { data, layout, config } = JSON.parse(json);
    const library = await loadPlotly();
    const text = colour("--mud-palette-text-primary"), lines = colour("--mud-palette-lines-default");
    for (const axis of Object.keys(layout).filter(name => /^[xy]axis/.test(name))) Object.assign(layout[axis], { gridcolor: lines, linecolor: lines });
    await library.react(node, data, { ...layout, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", modebar: { bgcolor: "rgba(0,0,0,0)", color: lines, activecolor: text }, font: { ...layout.font, color: text } }, config);
  },

  // What went wrong, or nothing.
  async timeline(node, address) {
    timelines ??= load(timelineAddress, () => window.workbenchTimeline);
    const [show, answer] = await Promise.all([timelines, fetch(new URL(address, document.baseURI))]);
    if (!answer.ok) return await answer.text();
    show(node, await answer.json());
    return null;
  },

  // A reader who has scrolled up is left where they are.
  follow(node) {
    if (node && (node.dataset.left !== "true")) node.scrollTop = node.scrollHeight;
    if (node && !node.onscroll) node.onscroll = () => { node.dataset.left = String(node.scrollHeight - node.scrollTop - node.clientHeight > 40); };
  },

  submit: async (form, address) => {
    const response = await fetch(new URL(address, document.baseURI), { method: "POST", body: new FormData(form) });
    return { ok: response.ok, text: await response.text() };
  },
};

// A host that was started anew does not know this page's circuit: the page begins anew too.
document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", change => {
  if (change.detail.state === "rejected") location.reload();
});
