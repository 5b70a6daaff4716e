// The Vectors tab: a vector as a strip of colours, and neighbours as bars.

const texts = props.texts;
const root = element.querySelector('.tokenizer-drawing');

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const three = (value) => Number(value.toPrecision(3)).toString();
const quoted = (token) => '“' + visibleText(token, true) + '”';

function strip(vector) {
  // The scale ends at the value that one in fifty exceeds: a single large dimension would bleach the rest.
  const sizes = vector.map(Math.abs).sort((a, b) => a - b);
  const scale = sizes[Math.floor(sizes.length * 0.98)] || 1;
  const grid = make('div', 'tokenizer-strip');
  const value = make('span', 'tokenizer-kind', '');
  vector.forEach((v, i) => {
    const cell = make('i', v < 0 ? 'tokenizer-negative' : 'tokenizer-positive');
    cell.style.opacity = Math.min(1, Math.abs(v) / scale).toFixed(3);
    cell.dataset.index = i;
    grid.append(cell);
  });
  grid.addEventListener('mouseover', (event) => {
    const index = event.target.dataset.index;
    if (index !== undefined) value.textContent = fill('dimension', { n: Number(index) + 1, value: three(vector[index]) });
  });
  grid.addEventListener('mouseleave', () => { value.textContent = ''; });
  const legend = make('div', 'tokenizer-legend');
  const key = (name, label, at) => {
    const box = make('i', 'tokenizer-' + name);
    legend.append(box, ' ' + label + ' ' + at);
  };
  key('negative', texts.negative_end, '≤ −' + three(scale));
  key('positive', texts.positive_end, '≥ ' + three(scale));
  legend.append(value);
  return [grid, legend];
}

function bars(neighbours, label) {
  const table = make('table', 'tokenizer-bars');
  const head = make('tr');
  for (const [name, kind] of [[label, ''], ['', ''], [texts.cosine, 'num'], [texts.id, 'num']]) head.append(make('th', kind, name));
  table.append(head);
  neighbours.forEach((neighbour) => {
    const row = make('tr');
    const name = make('td', 'token-view');
    name.append(make('span', 'token token-even', label === texts.word ? neighbour.token.trim() : visibleText(neighbour.token, true)));
    const drawn = make('td', 'tokenizer-bar');
    const bar = make('i');
    bar.style.width = Math.max(0, Math.min(1, neighbour.cosine)) * 100 + '%';
    drawn.append(bar);
    row.append(name, drawn, make('td', 'num', neighbour.cosine.toFixed(3)), make('td', 'num tokenizer-kind', String(neighbour.id)));
    table.append(row);
  });
  return table;
}

function notes(data) {
  const said = [];
  const first = data.neighbours[0]?.token.trim();
  if (data.expected && first) {
    said.push(first.toLowerCase() === data.expected.toLowerCase() ? fill('as_expected', { word: quoted(first) })
      : fill('not_expected', { word: quoted(first), expected: quoted(data.expected) }));
  }
  for (const [word, pieces] of Object.entries(data.pieces)) {
    if (pieces.length > 1) said.push(fill('averaged', { word: quoted(word), n: pieces.length }));
  }
  said.push(fill('left_out', { words: Object.keys(data.pieces).join(', ') }));
  const again = data.left_out.some((word) => word.toLowerCase() === data.unfiltered.toLowerCase());
  said.push(fill(again ? 'unfiltered_input' : 'unfiltered_other', { word: quoted(data.unfiltered) }));
  return said.map((sentence, i) => make('p', i === 0 && data.expected ? 'tokenizer-said' : 'tokenizer-note', sentence));
}

function draw() {
  const data = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!data) {
    root.replaceChildren(make('p', 'lab-empty', props.empty));
  } else if (data.vector) {
    const title = make('p', 'tokenizer-said', fill('vector_of', { token: quoted(data.token), id: data.id, n: data.vector.length, norm: three(data.norm) }));
    const first = make('p', 'tokenizer-note tokenizer-numbers', texts.first_dimensions + ': [' + data.vector.slice(0, 8).map((v) => v.toFixed(3)).join(', ') + ', …]');
    root.replaceChildren(title, ...strip(data.vector), first, make('h4', 'tokenizer-title', texts.nearest), bars(data.neighbours, texts.token));
  } else {
    root.replaceChildren(...notes(data).slice(0, data.expected ? 1 : 0), make('h4', 'tokenizer-title', texts.nearest_words), bars(data.neighbours, texts.word), ...notes(data).slice(data.expected ? 1 : 0));
  }
}

draw();
watch('value', draw);
