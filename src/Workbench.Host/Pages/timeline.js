// Draws a training's timeline (trace event format) on a canvas: a block of lanes for each rank, spans within spans below each
// other, work of the engine last. Only what is in view is drawn, and what is thinner than a pixel once.
"use strict";

window.workbenchTimeline = (node, trace) => {
  const canvas = node.querySelector("canvas"), tip = node.querySelector("[role=tooltip]"), pen = canvas.getContext("2d");
  const rowHeight = 19, axisHeight = 24, blockGap = 12, ink = new Map();
  const lanes = lanesOf(trace.traceEvents.filter(event => event.ph === "X"));
  const spans = lanes.flatMap(lane => lane.spans);
  const first = Math.min(...lanes.map(lane => lane.spans[0].ts)), last = Math.max(...lanes.map(lane => lane.spans.reduce((most, span) => Math.max(most, span.end), 0)));
  const steps = spans.filter(span => span.cat === "step").sort((a, b) => a.ts - b.ts);
  const height = layOut();
  let from = first, to = last, hovered = null, asked = false;

  // Rows by rank, lane and depth; a row's spans do not overlap, so that both begins and ends ascend.
  function lanesOf(events) {
    const byLane = new Map();
    for (const event of events.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
      const key = event.pid + "/" + event.tid;
      if (!byLane.has(key)) byLane.set(key, { rank: event.pid, lane: event.tid, open: [], rows: [] });
      const { open, rows } = byLane.get(key);
      const span = { ...event, end: event.ts + event.dur };
      while (open.length && open[open.length - 1] <= span.ts + 0.002) open.pop();
      (rows[open.length] ??= []).push(span);
      open.push(span.end);
    }
    return [...byLane.values()].sort((a, b) => a.rank - b.rank || a.lane - b.lane)
      .flatMap(({ rank, lane, rows }) => rows.map((row, depth) => ({ rank, lane, depth, spans: row })));
  }

  function layOut() {
    let y = axisHeight, rank = lanes[0].rank;
    for (const lane of lanes) {
      if (lane.rank !== rank) y += blockGap;
      rank = lane.rank;
      lane.y = y;
      y += rowHeight;
    }
    return y + 4;
  }

  const gutter = () => canvas.clientWidth < 600 ? 62 : 128;
  const scale = () => (canvas.clientWidth - gutter()) / (to - from);
  const style = name => getComputedStyle(node).getPropertyValue(name).trim();

  function colours() {
    ink.clear();
    for (const name of ["--mud-palette-text-primary", "--mud-palette-text-secondary", "--mud-palette-lines-default", "--mud-palette-surface"]) ink.set(name, style(name));
  }

  // Dark letters on light colours, light ones on dark.
  function colourOf(kind) {
    if (!ink.has(kind)) {
      const fill = style("--time-" + kind) || "#6b7280";
      const [r, g, b] = [1, 3, 5].map(at => parseInt(fill.slice(at, at + 2), 16));
      ink.set(kind, { fill, text: 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#111827" : "#ffffff" });
    }
    return ink.get(kind);
  }

  const words = microseconds => microseconds >= 1e6 ? trim(microseconds / 1e6, 3) + " s" : microseconds >= 1e3 ? trim(microseconds / 1e3, 3) + " ms" : trim(microseconds, 2) + " µs";
  const trim = (value, places) => String(Number(value.toFixed(places)));

  // Index of the first span of a row that ends after a moment.
  function firstAfter(row, at) {
    let low = 0, high = row.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (row[middle].end <= at) low = middle + 1; else high = middle;
    }
    return low;
  }

  function draw() {
    asked = false;
    const width = canvas.clientWidth, ratio = devicePixelRatio || 1;
    if (width === 0) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.style.height = height + "px";
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    colours();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = "12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    drawAxis(width);
    for (const lane of lanes) drawLane(lane, width);
    drawNames();
  }

  function drawAxis(width) {
    const rough = (to - from) / Math.max(2, (width - gutter()) / 110), power = 10 ** Math.floor(Math.log10(rough));
    const tick = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough);
    pen.textAlign = "center";
    for (let at = Math.ceil((from - first) / tick) * tick; at <= to - first; at += tick) {
      const x = gutter() + (at + first - from) * scale();
      pen.fillStyle = ink.get("--mud-palette-lines-default");
      pen.fillRect(Math.round(x), axisHeight - 5, 1, height);
      pen.fillStyle = ink.get("--mud-palette-text-secondary");
      if (x > gutter() + 20 && x < width - 26) pen.fillText(tickText(at, tick), x, 9);
    }
    pen.textAlign = "left";
  }

  function tickText(at, tick) {
    const [unit, name] = to - first >= 2e6 ? [1e6, "s"] : to - first >= 2e3 ? [1e3, "ms"] : [1, "µs"];
    return (at / unit).toFixed(Math.max(0, Math.ceil(Math.log10(unit / tick) - 1e-9))) + " " + name;
  }

  function drawLane(lane, width) {
    const left = gutter(), perMicrosecond = scale(), row = lane.spans;
    let drawnTo = -1;
    for (let i = firstAfter(row, from); i < row.length && row[i].ts < to; i++) {
      const span = row[i];
      const begin = Math.max(left, left + (span.ts - from) * perMicrosecond), end = Math.min(width, left + (span.end - from) * perMicrosecond);
      if (end <= drawnTo) continue;
      const colour = colourOf(span.cat), wide = Math.max(1, end - begin - (end - begin > 4 ? 1 : 0));
      drawnTo = begin + wide;
      pen.fillStyle = colour.fill;
      pen.fillRect(begin, lane.y + 1, wide, rowHeight - 2);
      if (span === hovered) {
        pen.strokeStyle = ink.get("--mud-palette-text-primary");
        pen.lineWidth = 2;
        pen.strokeRect(begin, lane.y + 1, wide, rowHeight - 2);
      }
      if (wide > 26) {
        pen.fillStyle = colour.text;
        const text = fitted(span.cat === "step" ? "step " + span.args.step : span.name, wide - 8);
        if (text) pen.fillText(text, begin + 4, lane.y + rowHeight / 2 + 0.5);
      }
    }
  }

  function fitted(text, room) {
    if (pen.measureText(text).width <= room) return text;
    let letters = Math.min(text.length - 1, Math.floor(room / 5));
    while (letters > 1 && pen.measureText(text.slice(0, letters) + "…").width > room) letters--;
    return letters > 1 ? text.slice(0, letters) + "…" : "";
  }

  function drawNames() {
    pen.fillStyle = ink.get("--mud-palette-surface");
    pen.fillRect(0, 0, gutter(), height);
    for (const lane of lanes.filter(one => one.depth === 0)) {
      pen.fillStyle = ink.get(lane.lane === 0 ? "--mud-palette-text-primary" : "--mud-palette-text-secondary");
      const name = canvas.clientWidth < 600 ? (lane.lane === 0 ? "rank " + lane.rank : "  engine") : lane.lane === 0 ? "rank " + lane.rank + " training" : "rank " + lane.rank + " collective";
      pen.fillText(name, 0, lane.y + rowHeight / 2);
    }
  }

  function redraw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  }

  function show(begin, end) {
    const most = (last - first) * 1.02, length = Math.min(most, Math.max(1, end - begin));
    const middle = Math.min(last, Math.max(first, (begin + end) / 2));
    [from, to] = [middle - length / 2, middle + length / 2];
    hide();
    redraw();
  }

  // Around a moment, which stays where it is.
  function zoom(factor, at = (from + to) / 2) {
    show(at - (at - from) * factor, at + (to - at) * factor);
  }

  function showSteps(some) {
    if (some.length === 0) return show(first, last);
    const begin = Math.min(...some.map(step => step.ts)), end = Math.max(...some.map(step => step.end));
    show(begin - (end - begin) * 0.01, end + (end - begin) * 0.01);
  }

  const few = () => { const ranks = new Set(steps.map(step => step.pid)).size; return 6 * ranks; };
  const actions = {
    all: () => show(first, last), start: () => showSteps(steps.slice(0, few())), end: () => showSteps(steps.slice(-few())),
    in: () => zoom(0.5), out: () => zoom(2), left: () => show(from - (to - from) / 4, to - (to - from) / 4), right: () => show(from + (to - from) / 4, to + (to - from) / 4),
  };

  function spanAt(event) {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const lane = lanes.find(one => y >= one.y && y < one.y + rowHeight);
    if (!lane || x < gutter()) return null;
    const at = from + (x - gutter()) / scale(), reach = 2 / scale();
    const span = lane.spans[firstAfter(lane.spans, at - reach)];
    return span && span.ts <= at + reach ? span : null;
  }

  function hover(event) {
    const span = spanAt(event);
    if (span !== hovered) redraw();
    hovered = span;
    if (!span) return hide();
    const { step, rows, bytes } = span.args;
    tip.textContent = [span.name, "rank " + span.pid + ", step " + step, "took " + words(span.dur), "began at " + words(span.ts - first),
      rows === undefined ? "" : rows + " rows", bytes === undefined ? "" : bytes.toLocaleString("en") + " bytes"].filter(Boolean).join("\n");
    tip.hidden = false;
    const box = node.getBoundingClientRect();
    tip.style.left = Math.max(0, Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4)) + "px";
    tip.style.top = event.clientY - box.top + 16 + "px";
  }

  function hide() {
    tip.hidden = true;
    hovered = null;
  }

  let dragged = null;
  canvas.addEventListener("pointerdown", event => { dragged = event.clientX; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", event => {
    if (dragged === null || event.buttons === 0) return hover(event);
    const by = (dragged - event.clientX) / scale();
    dragged = event.clientX;
    show(from + by, to + by);
  });
  canvas.addEventListener("pointerup", () => { dragged = null; });
  canvas.addEventListener("pointercancel", () => { dragged = null; });
  canvas.addEventListener("pointerleave", () => { hide(); redraw(); });
  canvas.addEventListener("dblclick", event => { const span = spanAt(event); if (span) show(span.ts - span.dur * 0.05, span.end + span.dur * 0.05); });
  // Without the key the page scrolls, as everywhere.
  canvas.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    if (event.ctrlKey) zoom(Math.exp(Math.sign(event.deltaY) * 0.25), from + (event.clientX - box.left - gutter()) / scale());
    else actions[(event.deltaY || event.deltaX) < 0 ? "left" : "right"]();
  }, { passive: false });
  canvas.addEventListener("keydown", event => {
    const action = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", Home: "start", End: "end", 0: "all" }[event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  });
  for (const button of node.querySelectorAll("[data-show]")) button.addEventListener("click", () => actions[button.dataset.show]());
  new ResizeObserver(redraw).observe(canvas);
  new MutationObserver(() => setTimeout(redraw, 100)).observe(document.documentElement, { attributes: true, attributeFilter: ["style"] }); // another theme
  actions.end();
};
