// The heatmap tab. The value is a forward pass without its weights: tokens, thumbnails, what each head does. One head's
// weights come from the server when it is chosen, and stay here; nothing is computed twice.

const root = element.querySelector('.attention-drawing');
let data = null;
let part = 'self';
let chosen = { layer: 0, head: 0, mean: '' };
let drawing = 'heat';
let measure = '';
let links = null;
let ends = { queries: [], keys: [] };
let asked = 0;
const fetched = new Map();
let shown = null; // {weights, rows, columns} on the screen

const kept = make('p', 'lab-note warn');
const said = make('p', 'attention-said');
said.setAttribute('role', 'status');
const readout = make('p', 'attention-readout');
readout.setAttribute('aria-live', 'polite');
const grid = createGrid(choose);
const table = createTable(choose, (by) => { measure = by === 'head' ? '' : by; measures.value = measure; drawGrid(); });
const heat = createHeatmap(showCell);
const lines = createLines(showCell);
const kinds = choice(texts.kind, ['self', 'decoder', 'cross'].map((name) => [name, texts['part_' + name]]), (name) => { part = name; start(); });
const means = choice(texts.what, ['', 'layer', 'all', 'rollout'].map((name) => [name, texts['mean_' + (name || 'none')]]), (name) => select({ ...chosen, mean: name }));
const drawings = choice(texts.drawing, [['heat', texts.drawing_heat], ['lines', texts.drawing_lines]], (name) => { drawing = name; show(); });
const measures = make('select', 'attention-select');
const figures = make('dl', 'attention-figures');
const finder = make('section', 'attention-finder');
const line = make('p', 'answered-by');

const map = () => data.maps[part];
const queryTokens = () => (part === 'self' ? data.source : data.target);
const keyTokens = () => (part === 'decoder' ? data.target : data.source);
const current = () => (drawing === 'heat' ? heat : lines);

function choose(layer, head) { select({ layer, head, mean: '' }); }

async function select(next) {
  chosen = next;
  means.show(chosen.mean);
  drawGrid();
  table.draw(map(), picked(), links);
  drawFigures();
  // the step-by-step tab follows
  if (chosen.mean === '' && part === 'self') document.dispatchEvent(new CustomEvent('attention-head', { detail: { layer: chosen.layer, head: chosen.head } }));
  const [layer, head] = chosen.mean === 'layer' ? [chosen.layer, -1] : chosen.mean ? [-1, -1] : [chosen.layer, chosen.head];
  const name = [data.key, part, layer, head, chosen.mean].join(' ');
  const turn = (asked += 1);
  if (!fetched.has(name)) {
    const answer = await ask('matrix', { key: data.key, part, layer, head, mean: chosen.mean });
    if (!answer) return;
    if (fetched.size > 60) fetched.delete(fetched.keys().next().value);
    fetched.set(name, { weights: halves(answer.data), rows: answer.rows, columns: answer.columns });
  }
  if (turn !== asked) return; // another head was chosen meanwhile
  shown = fetched.get(name);
  show();
}

async function ask(name, request) {
  let answer;
  try {
    answer = await server[name](request);
  } catch {
    answer = { error: texts.no_answer };
  }
  said.textContent = answer.error || '';
  return answer.error ? null : answer;
}

const picked = () => (chosen.mean === 'layer' ? { layer: chosen.layer, head: -1 } : chosen.mean ? { layer: -1, head: -1 } : chosen);

function drawGrid() { grid.draw(map(), picked(), measure, links); }

function show() {
  drawings.show(drawing);
  heat.root.hidden = drawing !== 'heat';
  lines.root.hidden = drawing === 'heat';
  if (!shown) return;
  current().draw({ ...shown, queries: queryTokens().texts, keys: keyTokens().texts, causal: map().causal });
  root.dataset.shown = [data.key, part, chosen.layer, chosen.head, chosen.mean, drawing].join(' ');
}

function showCell(at) {
  if (!at || !shown) { readout.textContent = texts.hint; return; }
  const hidden = map().causal && at.column > at.row;
  const values = { query: label(queryTokens().texts[at.row]), key: label(keyTokens().texts[at.column]), i: at.row, j: at.column };
  readout.textContent = hidden ? fill('cell_hidden', values) : fill('cell', { ...values, weight: significant(shown.weights[at.row * shown.columns + at.column]) });
}

function drawFigures() {
  const { layer, head } = picked();
  const pairs = [];
  if (layer >= 0 && head >= 0) {
    for (const name of MEASURES.slice(1)) if (map().summary[name]) pairs.push([texts['column_' + name], significant(map().summary[name][layer][head]) + (name === 'entropy' ? ' ' + texts.bits : ''), texts['explain_' + name]]);
    if (links) pairs.unshift([texts.column_link, significant(links.table[layer][head]), texts.explain_link]);
  }
  const title = chosen.mean === 'layer' ? fill('layer_name', { layer }) : chosen.mean ? texts['title_' + chosen.mean] : fill('head_name', { layer, head });
  const heading = make('div', 'attention-head-name', title);
  figures.replaceChildren(heading, ...pairs.map(([name, value, why]) => {
    const made = make('div');
    made.title = why;
    made.append(make('dt', '', name), make('dd', '', value));
    return made;
  }));
}

// Words of the text to click: the pieces of one character are one chip.
function chips(tokens, slot) {
  const strip = make('div', 'attention-chips');
  strip.setAttribute('role', 'group');
  strip.setAttribute('aria-label', texts['slot_' + slot]);
  let last = null;
  let anchor = null;
  tokens.texts.forEach((text, i) => {
    if (last && tokens.fragments[i] && tokens.spans[i][0] < last.end && tokens.parts[i] === last.part) {
      last.tokens.push(i);
      last.end = Math.max(last.end, tokens.spans[i][1]);
    } else {
      last = { tokens: [i], end: tokens.spans[i][1], part: tokens.parts[i], text: tokens.fragments[i] ? text.replace(/[₀-₉]+$/, '') : text };
      const own = last;
      const chip = button('', (event) => {
        const all = [...strip.children];
        const [from, to] = event.shiftKey && anchor !== null ? [anchor, all.indexOf(chip)].sort((a, b) => a - b) : [all.indexOf(chip), all.indexOf(chip)];
        if (!event.shiftKey) anchor = all.indexOf(chip);
        ends[slot] = all.slice(from, to + 1).flatMap((other) => other.own.tokens);
        press(strip, slot);
        find();
      }, 'attention-chip');
      chip.own = own;
      strip.append(chip);
    }
  });
  for (const chip of strip.children) chip.textContent = label(chip.own.text);
  press(strip, slot);
  return strip;
}

function press(strip, slot) {
  for (const chip of strip.children) chip.setAttribute('aria-pressed', String(chip.own.tokens.some((i) => ends[slot].includes(i))));
}

function drawFinder() {
  const rows = [make('h4', 'lab-heading', texts.find_title)];
  rows[0].append(make('small', '', texts.find_how));
  for (const [slot, tokens] of [['queries', queryTokens()], ['keys', keyTokens()]]) {
    const row = make('div', 'attention-slot');
    row.append(make('span', 'attention-slot-name', texts['slot_' + slot]), chips(tokens, slot));
    rows.push(row);
  }
  rows.push(make('p', 'lab-note attention-found'));
  finder.replaceChildren(...rows);
}

async function find(byHand = true) {
  const note = finder.querySelector('.attention-found');
  if (!ends.queries.length || !ends.keys.length) return;
  const answer = await ask('ranking', { key: data.key, part, ...ends });
  if (!answer) { note.textContent = ''; return; }
  const table_ = Array.from({ length: map().layers }, () => new Array(map().heads).fill(0));
  for (const [layer, head, weight] of answer.heads) table_[layer][head] = weight;
  links = { table: table_, even: answer.heads[0][3] };
  const [layer, head, weight, even] = answer.heads[0];
  const many = answer.heads.filter((row) => row[2] >= 2 * even).length;
  note.textContent = fill('found', { head: layer + '.' + head, weight: significant(weight), even: significant(even), many, all: answer.heads.length });
  table.draw(map(), picked(), links);
  table.sortBy('link');
  if (!byHand) { measure = measures.value = ''; }
  choose(layer, head);
}

function matrixRows() {
  const [queries, keys] = [queryTokens().texts, keyTokens().texts];
  return queries.map((query, i) => [query, ...keys.map((_, j) => shown.weights[i * shown.columns + j])]);
}

function download(kind) {
  if (!shown) return;
  const name = ['attention', part === 'self' ? '' : part, chosen.mean || `${chosen.layer}.${chosen.head}`].filter(Boolean).join('-');
  if (kind === 'png') current().canvas.toBlob((blob) => save(name + '.png', blob));
  if (kind === 'svg') save(name + '.svg', current().svg(), 'image/svg+xml');
  if (kind === 'csv') {
    const rows = [['query \\ key', ...keyTokens().texts], ...matrixRows()];
    save(name + '.csv', '\ufeff' + rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n', 'text/csv');
  }
  if (kind === 'json') {
    const { layer, head } = picked();
    save(name + '.json', JSON.stringify({ model: data.model, part, layer, head, mean: chosen.mean, queries: queryTokens().texts, keys: keyTokens().texts, weights: matrixRows().map((row) => row.slice(1)) }), 'application/json');
  }
}

function build() {
  measures.replaceChildren(...['', ...MEASURES].map((name) => {
    const made = make('option', '', texts['measure_' + (name || 'none')]);
    made.value = name;
    return made;
  }));
  measures.addEventListener('change', () => {
    measure = measures.value;
    if (measure && (measure === 'link' ? links : map().summary[measure])) table.sortBy(measure);
    drawGrid();
  });
  const tools = make('div', 'attention-tools');
  const tint = make('label', 'attention-label', texts.measure + ' ');
  tint.append(measures);
  tools.append(kinds.root, means.root, make('span', 'attention-spring'), tint);
  const under = make('div', 'attention-tools');
  under.append(drawings.root, button('−', () => current().zoom(1 / 1.4)), button('+', () => current().zoom(1.4)), make('span', 'attention-spring'),
    ...['png', 'svg', 'csv', 'json'].map((kind) => button(kind.toUpperCase(), () => download(kind))));
  for (const [i, name] of [[1, 'zoom_out'], [2, 'zoom_in']]) { under.children[i].setAttribute('aria-label', texts[name]); under.children[i].title = texts[name]; }
  const legend = make('div', 'attention-legend');
  legend.append(make('span', '', '0'), make('i'), make('span', '', '1'), make('span', 'attention-legend-name', texts.legend));
  const large = make('div', 'attention-large');
  large.append(under, heat.root, lines.root, readout, legend);
  const side = make('div', 'attention-side');
  side.append(figures, table.root);
  const body = make('div', 'attention-body');
  body.append(large, side);
  root.replaceChildren(kept, said, finder, tools, grid.root, body, line);
}

function start() {
  links = null;
  const hint = data.suggest;
  ends = part === 'self' && hint ? { queries: [...hint.queries], keys: [...hint.keys] } : { queries: [], keys: [] };
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  chosen = { layer: within(chosen.layer, map().layers), head: within(chosen.head, map().heads), mean: chosen.mean === 'rollout' && map().cross ? '' : chosen.mean };
  means.get('rollout').hidden = map().cross;
  kinds.show(part);
  if (measure === 'link' || (measure && !map().summary[measure])) { measure = ''; measures.value = ''; }
  drawFinder();
  readout.textContent = texts.hint;
  if (ends.queries.length) find(false);
  else select(chosen);
}

function draw() {
  data = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!data) { root.replaceChildren(make('p', 'lab-empty', texts.heat_empty)); return; }
  fetched.clear();
  if (!data.maps[part]) part = 'self';
  for (const name of ['self', 'decoder', 'cross']) kinds.get(name).hidden = !data.maps[name];
  kinds.root.hidden = Object.keys(data.maps).length < 2;
  if (grid.root.parentNode !== root) build();
  kept.textContent = data.total > data.kept ? fill('kept', { kept: data.kept.toLocaleString('en'), total: data.total.toLocaleString('en') }) : data.notice || '';
  kept.hidden = !kept.textContent;
  line.textContent = data.line;
  start();
}

draw();
watch('value', draw);
let width = 0;
new ResizeObserver(() => {
  if (!data || !root.clientWidth || root.clientWidth === width) return;
  width = root.clientWidth;
  grid.paint();
  current().draw();
}).observe(root);
// light and dark have their own colours, and a canvas does not follow by itself
new MutationObserver(() => { if (data) { grid.paint(); current().draw(); } }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
