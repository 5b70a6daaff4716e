// The tree of a search: a column for every step, a card for every thought, lines from parent to child. It grows while the
// model thinks, so that what is drawn stays and only changes. Everything a model wrote goes in as textContent.

const texts = props.texts;
const root = element.querySelector('.tree-drawing');
const SVG = 'http://www.w3.org/2000/svg';
const CARD = { width: 180, height: 86, right: 26, below: 10 };
const cards = new Map();
let tree = null;
let chosen = null;
let frame = null;
let canvas = null;
let lines = null;
let detail = null;

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const percent = (value) => (100 * value).toPrecision(3).replace(/^100\.?0*$/, '100') + ' %';

// The question, the thoughts and the answer as one list; the answer hangs on the best leaf.
function all() {
  const nodes = [...tree.nodes];
  if (tree.best !== null) {
    nodes.push({ id: 'answer', parent: tree.best, depth: tree.columns, text: tree.answer, title: texts.node_answer, state: 'answer', note: '', short: '' });
  }
  return nodes;
}

function place(nodes) {
  const columns = new Map();
  for (const node of nodes) columns.set(node.depth, [...(columns.get(node.depth) || []), node]);
  const tallest = Math.max(...[...columns.values()].map((column) => column.length));
  const height = tallest * (CARD.height + CARD.below) - CARD.below;
  const spots = new Map();
  for (const depth of [...columns.keys()].sort((a, b) => a - b)) {
    const column = columns.get(depth).sort((a, b) => (spots.get(a.parent)?.y ?? 0) - (spots.get(b.parent)?.y ?? 0));
    const used = column.length * (CARD.height + CARD.below) - CARD.below;
    // one card alone stands beside its parent, a full column in the middle
    const alone = column.length === 1 && depth > 0;
    const top = alone ? spots.get(column[0].parent)?.y ?? 0 : (height - used) / 2;
    column.forEach((node, i) => spots.set(node.id, { x: depth * (CARD.width + CARD.right), y: top + i * (CARD.height + CARD.below) }));
  }
  return { spots, height, width: (Math.max(...columns.keys()) + 1) * (CARD.width + CARD.right) - CARD.right };
}

function drawCard(node, spot) {
  let card = cards.get(node.id);
  if (!card) {
    card = make('button', '');
    card.type = 'button';
    card.append(make('span', 'tree-title'), make('span', 'tree-text'), make('span', 'tree-track'), make('span', 'tree-note'));
    card.children[2].append(make('i'));
    card.addEventListener('click', () => choose(node.id));
    card.addEventListener('keydown', walk);
    card.dataset.node = node.id;
    cards.set(node.id, card);
    canvas.append(card);
  }
  const [title, text, track, note] = card.children;
  const on = node.id === chosen;
  card.className = `tree-node ${node.state}${tree.path.includes(node.id) || node.id === 'answer' ? ' best' : ''}${on ? ' chosen' : ''}`;
  card.setAttribute('aria-pressed', String(on));
  card.style.left = `${spot.x}px`;
  card.style.top = `${spot.y}px`;
  title.textContent = node.title;
  text.textContent = node.text;
  track.hidden = node.score === undefined || node.score === null;
  track.firstChild.style.width = track.hidden ? '0' : `${100 * node.score}%`;
  note.textContent = node.short;
  card.title = [node.text, node.note].filter(Boolean).join('\n');
}

function drawLines(nodes, spots) {
  lines.replaceChildren();
  for (const node of nodes) {
    const from = spots.get(node.parent);
    const to = spots.get(node.id);
    if (!from || !to) continue;
    const path = document.createElementNS(SVG, 'path');
    const [x0, y0, x1, y1] = [from.x + CARD.width, from.y + CARD.height / 2, to.x, to.y + CARD.height / 2];
    path.setAttribute('d', `M${x0} ${y0} C${x0 + 14} ${y0} ${x1 - 14} ${y1} ${x1} ${y1}`);
    const best = node.id === 'answer' || tree.path.includes(node.id);
    path.setAttribute('class', `${node.state}${best ? ' best' : ''}`);
    lines.append(path);
  }
}

function choose(id) {
  chosen = id;
  draw();
}

function walk(event) {
  const nodes = all();
  const id = event.currentTarget.dataset.node;
  const node = nodes.find((other) => String(other.id) === id);
  const column = nodes.filter((other) => other.depth === node.depth)
    .sort((a, b) => cards.get(a.id).offsetTop - cards.get(b.id).offsetTop);
  const at = column.indexOf(node);
  const children = nodes.filter((other) => other.parent === node.id);
  const next = {
    ArrowLeft: nodes.find((other) => other.id === node.parent),
    ArrowRight: children.find((child) => child.id === 'answer' || tree.path.includes(child.id)) || children[0],
    ArrowUp: column[at - 1],
    ArrowDown: column[at + 1],
  };
  if (!(event.key in next)) return;
  event.preventDefault();
  const card = next[event.key] && cards.get(next[event.key].id);
  card?.focus();
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function drawDetail(nodes) {
  const node = nodes.find((other) => other.id === chosen);
  detail.hidden = !node;
  if (!node) return;
  const parts = [make('h4', 'prompting-heading', node.title), make('p', 'tree-whole', node.text)];
  if (node.note) parts.push(make('p', 'prompting-note', node.note));
  if (node.values?.length) {
    const list = make('ol', 'prompting-bars');
    node.values.forEach((value, i) => {
      const bar = make('li', 'bar');
      const track = make('span', 'track');
      const fill = make('i', 'fill');
      fill.style.width = `${100 * value}%`;
      track.append(fill);
      bar.append(make('code', '', texts.values[i]), track, make('span', 'value', percent(value)));
      list.append(bar);
    });
    parts.push(list, make('p', 'prompting-note', texts.value_note));
  }
  detail.replaceChildren(...parts);
}

function draw() {
  if (!tree) return;
  const nodes = all();
  const { spots, height, width } = place(nodes);
  const wider = width > parseFloat(canvas.style.width || 0);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  lines.setAttribute('width', width);
  lines.setAttribute('height', height);
  const wanted = new Set(nodes.map((node) => node.id));
  for (const [id, card] of cards) {
    if (wanted.has(id)) continue;
    card.remove();
    cards.delete(id);
  }
  nodes.forEach((node) => drawCard(node, spots.get(node.id)));
  drawLines(nodes, spots);
  drawDetail(nodes);
  // on a phone the newest step stays in view
  if (wider) frame.scrollLeft = frame.scrollWidth;
}

function start() {
  frame = make('div', 'tree-frame');
  canvas = make('div', 'tree-canvas');
  canvas.setAttribute('role', 'group');
  canvas.setAttribute('aria-label', texts.tree_label);
  lines = document.createElementNS(SVG, 'svg');
  lines.setAttribute('aria-hidden', 'true');
  canvas.append(lines);
  frame.append(canvas);
  detail = make('div', 'tree-detail');
  cards.clear();
  chosen = null;
  root.replaceChildren(frame, make('p', 'prompting-note', texts.tree_hint), detail);
}

function update() {
  const next = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!next) {
    tree = null;
    root.replaceChildren(make('p', 'lab-empty', texts.tree_empty));
    return;
  }
  if (!tree || tree.run !== next.run) start();
  tree = next;
  draw();
}

update();
watch('value', update);
