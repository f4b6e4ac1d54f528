addEventListener('message', async event => {
  if (event.source !== parent || !event.data.script) return;
  const element = document.createElement('script');
  element.textContent = event.data.script;
  document.head.append(element);
  const config = {
    startOnLoad: false, securityLevel: 'strict', htmlLabels: false, flowchart: { htmlLabels: false }, deterministicIds: true,
    suppressErrorRendering: true, fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  };
  const locked = ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'suppressErrorRendering', 'maxEdges', 'htmlLabels', 'flowchart', 'dompurifyConfig'];
  for (const [index, source] of event.data.sources.entries()) {
    try {
      mermaid.initialize({ ...config, secure: locked });
      const { svg } = await mermaid.render(`diagram-${index}`, source);
      parent.postMessage({ index, svg }, '*');
    } catch (failure) {
      parent.postMessage({ index, error: String(failure?.message ?? failure) }, '*');
    }
  }
});
