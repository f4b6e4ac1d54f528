// The views of a drift report, drawn from the figures in the page. Names become text nodes, never markup.
(() => {
  'use strict';
  const report = JSON.parse(document.getElementById('drift-data').textContent);
  const table = document.getElementById('drift-columns');
  const rows = [...table.tBodies[0].rows];
  const main = document.querySelector('main');
  const sections = [...main.children];
  const title = document.title;
  const exactness = ['exact', 'bounded', 'estimated'];

  // ---- elements
  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== undefined) node.setAttribute(name, value);
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  };
  const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const draw = (name, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
  const badge = (isDrift) => el('span', { class: 'badge ' + (isDrift ? 'warning' : 'passed') }, el('span', { 'aria-hidden': 'true' }, isDrift ? '!' : '✓'), isDrift ? ' drift' : ' stable');
  const grid = (heads, lines) => el('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table' }, el('table', null,
    el('thead', null, el('tr', null, ...heads.map(([text, isNumber]) => el('th', { scope: 'col', class: isNumber ? 'number' : null }, text)))),
    el('tbody', null, ...lines.map(line => el('tr', null, ...line.map((cell, i) => el('td', { class: heads[i][1] ? 'number' : heads[i][2] || null }, cell)))))));

  // ---- figures as words
  const number = value => value === null || value === undefined ? '–'
    : value === 0 ? '0' : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7 ? value.toExponential(2) : String(+value.toPrecision(4));
  const percent = value => { const p = value * 100; return (p === 0 ? '0' : p < 0.1 ? p.toPrecision(1) : p.toFixed(1)) + ' %'; };
  const count = value => value.toLocaleString('en');

  // ---- the table: sorted by its heads, filtered by the fields above it
  const order = { numbers: (a, b) => (a === '' ? -Infinity : a) - (b === '' ? -Infinity : b) || 0, texts: (a, b) => a.localeCompare(b, 'en', { numeric: true }) };
  const heads = [...table.tHead.rows[0].cells].filter(head => head.dataset.key);
  const sort = (head, direction) => {
    const key = head.dataset.key;
    const compare = head.dataset.texts === undefined ? order.numbers : order.texts;
    const sign = direction === 'ascending' ? 1 : -1;
    const sorted = rows.map((row, i) => i).sort((a, b) => sign * compare(report.columns[a][key] ?? '', report.columns[b][key] ?? '') || a - b);
    for (const other of heads) other.setAttribute('aria-sort', other === head ? direction : 'none');
    table.tBodies[0].append(...sorted.map(i => rows[i]));
  };
  for (const head of heads) {
    const button = el('button', { type: 'button', class: 'sort' }, head.textContent);
    head.replaceChildren(button);
    const first = head.dataset.texts === undefined ? 'descending' : 'ascending', second = first === 'ascending' ? 'descending' : 'ascending';
    button.addEventListener('click', () => sort(head, head.getAttribute('aria-sort') === first ? second : first));
  }
  const controls = document.getElementById('drift-controls');
  const [name, verdict, kind, role] = ['name', 'verdict', 'kind', 'role'].map(field => controls.querySelector(`[data-field=${field}]`));
  const status = controls.querySelector('[role=status]');
  const filter = () => {
    const part = name.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row, i) => {
      const column = report.columns[i];
      row.hidden = !(column.n.toLowerCase().includes(part) && (!verdict.value || (verdict.value === 'drift') === (column.d === 1))
        && (!kind.value || column.k === kind.value) && (!role || !role.value || (column.o || 'feature') === role.value));
      shown += row.hidden ? 0 : 1;
    });
    status.textContent = `${count(shown)} of ${count(rows.length)} columns`;
  };
  for (const field of [name, verdict, kind, role]) field?.addEventListener('input', filter);
  controls.hidden = false;
  filter();

  // ---- one column
  const legend = () => el('div', { class: 'legend', 'aria-hidden': 'true' },
    el('span', null, el('i', { class: 'of-reference' }), 'reference'), el('span', null, el('i', { class: 'of-current' }), 'current'));
  const share = value => value / 1e5;
  const edgesOf = column => column.e.length === 2 && column.r.length > 1
    ? Array.from({ length: column.r.length + 1 }, (_, i) => column.e[0] + (column.e[1] - column.e[0]) * i / column.r.length) : column.e;
  const ticks = (low, high, wanted) => {
    const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= raw);
    return Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, i) => (Math.ceil(low / step) + i) * step);
  };
  const tick = value => number(Math.abs(value) < 1e-12 ? 0 : value);

  const histogram = column => {
    const [width, height, left, right, top, bottom] = [720, 260, 48, 12, 10, 26];
    const edges = edgesOf(column), n = column.r.length;
    const most = Math.max(...column.r, ...column.u, 1) * 1.04;
    const [low, high] = [edges[0], edges[n]];
    const x = value => left + (value - low) / (high - low) * (width - left - right);
    const y = value => height - bottom - value / most * (height - top - bottom);
    const area = values => `M${x(low)} ${y(0)}` + values.map((value, i) => `V${y(value).toFixed(1)}H${x(edges[i + 1]).toFixed(1)}`).join('') + `V${y(0)}Z`;
    const words = i => `${number(edges[i])} to ${number(edges[i + 1])}: reference ${percent(share(column.r[i]))}, current ${percent(share(column.u[i]))}`;
    return draw('svg', { class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Both distributions of ${column.n} over ${n} bins; the figures stand in the table below.` },
      ...ticks(0, share(most), 4).flatMap(value => [
        draw('path', { class: 'grid-line', d: `M${left} ${y(value * 1e5)}H${width - right}` }),
        draw('text', { x: left - 6, y: y(value * 1e5) + 4, 'text-anchor': 'end' }, percent(value))]),
      ...ticks(low, high, 7).map(value => draw('text', { x: x(value), y: height - 8, 'text-anchor': 'middle' }, tick(value))),
      draw('path', { class: 'of-reference', d: area(column.r) }), draw('path', { class: 'of-current', d: area(column.u) }),
      ...column.r.map((_, i) => draw('rect', { class: 'hit', x: x(edges[i]), y: top, width: Math.max(0, x(edges[i + 1]) - x(edges[i])), height: height - top - bottom }, draw('title', null, words(i)))));
  };

  const bars = column => {
    const rest = i => i === column.c.length - 1 && /^\([\d,]+ others\)$/.test(column.c[i]);
    const most = Math.max(...column.r.filter((_, i) => !rest(i)), ...column.u.filter((_, i) => !rest(i)), 1);
    const bar = (value, side) => { const node = el('div', { class: `bar of-${side}` }); node.style.width = `${value / most * 100}%`; node.hidden = value === 0; return node; };
    return grid([['Category', false, 'wrap'], ['Share', false, 'bars'], ['Reference', true], ['Current', true]], column.c.map((category, i) => [
      category, rest(i) ? '' : el('div', { 'aria-hidden': 'true' }, bar(column.r[i], 'reference'), bar(column.u[i], 'current')), percent(share(column.r[i])), percent(share(column.u[i]))]));
  };

  const figures = column => el('details', null, el('summary', null, 'The figures'), grid([['From', true], ['To', true], ['Reference', true], ['Current', true]],
    column.r.map((value, i) => [number(edgesOf(column)[i]), number(edgesOf(column)[i + 1]), percent(share(value)), percent(share(column.u[i]))])));

  const distributions = column => !column.r ? [el('p', null, 'There is nothing to draw.')]
    : column.c ? [legend(), bars(column)]
    : [legend(), el('figure', null, histogram(column)), el('p', null, 'The outermost bins also hold what lies beyond them.'), figures(column)];

  // One deciding test over the chunks: its line with gaps where nothing was compared, its limits, and what lies beyond them.
  const course = ([test, lower, upper, values, alerts, note]) => {
    const [width, height, left, right, top, bottom] = [720, 200, 56, 12, 10, 26];
    const most = Math.max(...values.filter(value => value !== null), upper ?? 0, 1e-9) * 1.08, n = values.length;
    const x = i => left + (i + 0.5) / n * (width - left - right), y = value => height - bottom - value / most * (height - top - bottom);
    const wide = value => `M${left} ${y(value).toFixed(1)}H${width - right}`;
    const line = values.map((value, i) => value === null ? '' : `${i > 0 && values[i - 1] !== null ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    const isAlert = new Set(alerts), labels = Math.min(n, 6);
    return el('figure', null,
      el('figcaption', null, `${test}: ${alerts.length} of ${n} chunks beyond the limits (${lower === null ? '' : `below ${number(lower)}, `}${upper === null ? 'no upper limit' : `above ${number(upper)}`})${note ? `. ${note}` : ''}`),
      draw('svg', { class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${test} over ${n} chunks; beyond the limits in ${alerts.length ? alerts.slice(0, 20).map(i => report.chunks[i]).join(', ') : 'none'}.` },
        upper === null ? null : draw('rect', { class: 'band', x: left, width: width - left - right, y: y(upper), height: Math.max(0, y(Math.max(lower ?? 0, 0)) - y(upper)) }),
        ...ticks(0, most, 4).flatMap(value => [draw('path', { class: 'grid-line', d: wide(value) }), draw('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, tick(value))]),
        ...[lower, upper].filter(limit => limit !== null).map(limit => draw('path', { class: 'limit', d: wide(limit) })),
        draw('path', { class: 'course', d: line }),
        ...values.map((value, i) => value === null ? null : draw('circle', { class: isAlert.has(i) ? 'dot alarm' : 'dot', cx: x(i), cy: y(value), r: isAlert.has(i) ? 4 : n > 60 ? 1.5 : 2.5 }, draw('title', null, `${report.chunks[i]}: ${number(value)}${isAlert.has(i) ? ', beyond the limits' : ''}`))),
        ...Array.from({ length: labels }, (_, k) => Math.round(k * (n - 1) / Math.max(1, labels - 1))).map(i => draw('text', { x: x(i), y: height - 8, 'text-anchor': i === 0 && n > 1 ? 'start' : i === n - 1 && n > 1 ? 'end' : 'middle' }, report.chunks[i]))));
  };

  const courses = column => column.l && column.l.length ? [el('h3', null, 'Over time'), column.ls ? el('p', null, column.ls) : null, ...column.l.map(course)] : [];

  const tests = column => column.t.length === 0 ? el('p', null, 'No test was possible.') : grid(
    [['Test'], ['Statistic', true], ['Bounds', true], ['Computed'], ['Effect size', true], ['p-value', true], ['Adjusted', true], ['Drift when'], ['Role'], ['Verdict'], ['Remark', false, 'wrap']],
    column.t.map(([test, statistic, lower, upper, exact, p, adjusted, effect, from, to, limit, role, isDrift, note]) => [
      test, number(statistic), lower === null && upper === null ? '–' : `${number(lower)} to ${number(upper)}`, exactness[exact], from === null ? number(effect) : `${number(effect)} (${number(from)} to ${number(to)})`, number(p), number(adjusted),
      limit, role, badge(isDrift === 1), note || '']));

  const categories = (heading, list, more, side) => list && list.length ? [el('h3', null, heading), grid([['Category', false, 'wrap'], [`Rows, ${side}`, true], ['Share', true]],
    list.map(([category, lines, part]) => [category, count(lines), percent(part)])), more ? el('p', null, `And ${count(more)} more.`) : null] : [];

  const quality = column => column.q ? [el('h3', null, 'Data quality'), grid([['Severity'], ['What', false, 'wrap'], ['What to do', false, 'wrap']], column.q)] : [];

  // What changed in a text: words, languages, characters, lengths; or which components of an embedding moved.
  const pairs = (heading, what, list, words) => list ? [el('h3', null, heading), grid([[what, false, 'wrap'], ['Reference', true], ['Current', true]], list.map(([name, a, b]) => [name, words(a), words(b)]))] : [];
  const texts = column => [
    ...(column.ws || []).map(sentence => el('p', null, sentence)),
    ...pairs('New words', 'Word, share of the texts', column.wn, percent), ...pairs('Vanished words', 'Word, share of the texts', column.wv, percent),
    ...pairs('Words that became more or less common', 'Word, share of the texts', column.wm, percent), ...pairs('Languages', 'Share of the texts', column.wl, percent),
    ...pairs('Characters', 'Share of the characters', column.wc, percent), ...pairs('Lengths', 'Mean', column.wk, number),
    ...(column.we ? [el('h3', null, 'Components that moved farthest'), grid([['Component', false, 'wrap'], ['Distance, in reference deviations', true]], column.we.map(([name, distance]) => [name, number(distance)]))] : []),
  ];

  const facts = figures => el('dl', { class: 'cards' }, ...figures.filter(([, value]) => value).map(([label, value]) => el('div', null, el('dt', null, label), el('dd', null, value))));

  const steps = index => {
    const shown = [...table.tBodies[0].rows].filter(row => !row.hidden || row === rows[index]);
    const at = shown.indexOf(rows[index]);
    const step = (row, words) => row && el('a', { href: row.cells[0].firstElementChild.getAttribute('href') }, `${words}: ${report.columns[rows.indexOf(row)].n}`);
    return el('nav', { class: 'steps', 'aria-label': 'Columns' }, el('a', { href: '#drift-columns' }, 'All columns'), step(shown[at - 1], 'Previous'), step(shown[at + 1], 'Next'));
  };

  const view = el('section', { id: 'drift-column', 'aria-labelledby': 'drift-column-name', hidden: '' });
  main.append(view);
  const show = index => {
    const column = report.columns[index];
    const heading = el('h2', { id: 'drift-column-name', class: 'name', tabindex: '-1' }, column.n);
    view.replaceChildren(...[
      steps(index), heading,
      el('p', null, badge(column.d === 1), ' ', column.w ? `${column.w}.` : 'No deciding test went beyond its threshold, or chance explains what did.'),
      column.m ? el('p', null, column.m) : null,
      facts([['kind', column.k], ['role', column.o], ['distance, in thresholds', number(column.v)], ['NULL, reference', percent(column.a)], ['NULL, current', percent(column.b)]]),
      el('h3', null, 'Distributions'), ...distributions(column),
      el('h3', null, 'Tests'), tests(column),
      ...texts(column), ...courses(column), ...quality(column),
      ...categories('New categories', column.x, column.xn, 'current'), ...categories('Vanished categories', column.y, column.yn, 'reference'),
    ].filter(node => node));
    return heading;
  };

  // ---- the address says which view is seen
  const links = rows.map(row => row.cells[0].firstElementChild);
  const find = hash => {
    const exact = links.findIndex(link => link.getAttribute('href') === hash);
    if (exact >= 0 || !hash.startsWith('#column=')) return exact;
    try { const given = decodeURIComponent(hash.slice(8)); return report.columns.findIndex(column => column.n === given); } catch { return -1; }
  };
  let scrolled = 0, left = -1;
  const route = () => {
    const index = find(location.hash);
    if (view.hidden) scrolled = scrollY;
    for (const section of sections) section.hidden = index >= 0;
    for (const nav of document.querySelectorAll('body > nav')) nav.style.display = index >= 0 ? 'none' : '';
    view.hidden = index < 0;
    document.title = index < 0 ? title : `${report.columns[index].n} · ${title}`;
    if (index >= 0) {
      left = index;
      const heading = show(index);
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    } else if (left >= 0) {
      if (location.hash === '#drift-columns' || location.hash === '') scrollTo(0, scrolled);
      else document.getElementById(location.hash.slice(1))?.scrollIntoView();
      if (document.activeElement === document.body) links[left].focus({ preventScroll: true });
      left = -1;
    }
  };
  addEventListener('hashchange', route);
  route();
})();
