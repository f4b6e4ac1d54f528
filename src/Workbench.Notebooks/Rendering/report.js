const frames = [...document.querySelectorAll('iframe.output')];
const charts = [...document.querySelectorAll('[data-figure]')];
const diagrams = [...document.querySelectorAll('[data-diagram]')];
const diagramFrame = document.getElementById('diagrams');
const remark = (element, text) => {
  const caption = document.createElement('figcaption');
  caption.className = 'note';
  caption.textContent = text;
  element.after(caption);
};

// Points are drawn without WebGL while they are few: remote desktops often lack it.
const plain = trace => trace.type === 'scattergl' && (trace.x ?? trace.y ?? []).length < 20000 ? { ...trace, type: 'scatter' } : trace;

// A chart that lies in a folded part has no width yet: it is drawn when the part is opened.
const draw = async chart => {
  if (chart.dataset.drawn || chart.clientWidth === 0) return;
  chart.dataset.drawn = 'yes';
  try {
    const { data, layout, frames: steps } = JSON.parse(document.getElementById(chart.dataset.figure).textContent);
    const look = layout ?? {};
    if (look.width > chart.clientWidth) { delete look.width; look.autosize = true; }
    chart.style.minHeight = (look.height ?? 420) + 'px';
    await Plotly.newPlot(chart, { data: (data ?? []).map(plain), layout: look, frames: steps ?? [], config: { displaylogo: false, responsive: true } });
  } catch (failure) {
    chart.style.minHeight = '';
    remark(chart, `This chart could not be drawn: ${failure.message ?? failure}`);
  }
};
const ask = () => { for (const frame of frames) frame.contentWindow.postMessage('height', '*'); };
const show = () => { charts.forEach(draw); ask(); };
for (const part of document.querySelectorAll('details')) part.addEventListener('toggle', show);

// Frames tell how high they are; a high one scrolls on a screen and is whole on paper.
const heights = new Map();
const size = (frame, limit) => { frame.style.height = Math.min(Math.max(heights.get(frame), 20), limit) + 'px'; };
addEventListener('message', event => {
  const frame = frames.find(one => one.contentWindow === event.source);
  if (frame && Number.isFinite(event.data?.height)) {
    heights.set(frame, event.data.height);
    size(frame, 640);
  } else if (diagramFrame && event.source === diagramFrame.contentWindow && event.data) {
    drawn(event.data);
  }
});
let resized;
addEventListener('resize', () => { clearTimeout(resized); resized = setTimeout(ask, 200); });

// A diagram arrives as text and becomes an image: nothing in an image runs.
const drawn = ({ index, svg, error }) => {
  const source = diagrams[index];
  if (!source) return;
  if (typeof svg !== 'string') return remark(source, `This diagram could not be drawn: ${error}`);
  const image = new Image();
  const box = /viewBox="[-\d.e]+ [-\d.e]+ ([\d.e]+) ([\d.e]+)"/.exec(svg);
  if (box) [image.width, image.height] = [Math.ceil(box[1]), Math.ceil(box[2])];
  image.alt = 'Diagram, drawn from the source below';
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
  const fold = document.createElement('details');
  const label = document.createElement('summary');
  label.textContent = 'Source of the diagram';
  source.replaceWith(image, fold);
  fold.append(label, source);
};
const startDiagrams = async () => {
  try {
    const packed = Uint8Array.from(atob(document.getElementById('mermaid').textContent), letter => letter.charCodeAt(0));
    const script = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
    diagramFrame.contentWindow.postMessage({ script, sources: diagrams.map(one => one.textContent) }, '*');
  } catch (failure) {
    diagrams.forEach(one => remark(one, `This browser could not draw the diagram: ${failure.message ?? failure}`));
  }
};

for (const button of document.querySelectorAll('button[data-code]')) {
  button.addEventListener('click', () => {
    for (const code of document.querySelectorAll('details.source')) code.open = button.dataset.code === 'show';
  });
}
const contents = document.querySelector('nav details');
if (contents && matchMedia('(max-width: 1199px)').matches) contents.open = false;

addEventListener('load', () => { ask(); if (diagramFrame) startDiagrams(); });
addEventListener('beforeprint', () => {
  for (const frame of heights.keys()) size(frame, 4000);
  for (const chart of charts) if (chart.dataset.drawn) Plotly.Plots.resize(chart);
});
addEventListener('afterprint', () => { for (const frame of heights.keys()) size(frame, 640); });
show();
