// Right and wrong, a row for every strategy and a column for every question; a click shows the answer.
// Everything a model wrote goes in as textContent.

const texts = props.texts;
const root = element.querySelector('.grid-drawing');
let grid = null;
let chosen = null;

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function key(row, column) {
  return `${row}:${column}`;
}

function cellOf(row, column, name) {
  const cell = grid.cells[key(row, column)];
  const state = !cell ? 'pending' : cell.correct ? 'right' : 'wrong';
  const made = make('button', `grid-cell ${state}${chosen === key(row, column) ? ' chosen' : ''}`);
  made.type = 'button';
  made.disabled = !cell;
  made.textContent = { pending: '', right: '✓', wrong: '✗' }[state];
  made.setAttribute('aria-label', `${name}, ${column + 1}: ${texts['grid_' + state]}`);
  made.setAttribute('aria-pressed', String(chosen === key(row, column)));
  made.addEventListener('click', () => {
    chosen = key(row, column);
    draw();
    root.querySelector('.grid-cell.chosen')?.focus();
  });
  return made;
}

function detail() {
  const cell = chosen && grid.cells[chosen];
  const panel = make('div', 'grid-detail');
  panel.hidden = !cell;
  if (!cell) return panel;
  const [row, column] = chosen.split(':').map(Number);
  panel.append(
    make('h4', 'prompting-heading', `${grid.rows[row]} · ${column + 1}`),
    make('p', 'grid-question', grid.questions[column]),
    make('p', `prompting-badge ${cell.correct ? 'good' : 'bad'}`, cell.verdict),
    make('p', 'answer-text small', cell.text),
  );
  return panel;
}

function draw() {
  grid = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!grid) {
    chosen = null;
    root.replaceChildren();
    return;
  }
  const table = make('div', 'grid-table');
  grid.rows.forEach((name, row) => {
    const line = make('div', 'grid-row');
    const cells = make('div', 'grid-cells');
    cells.append(...grid.questions.map((_, column) => cellOf(row, column, name)));
    line.append(make('span', 'grid-name', name), cells);
    table.append(line);
  });
  root.replaceChildren(make('h4', 'prompting-heading', texts.grid_title), make('p', 'prompting-note', texts.grid_hint), table, detail());
}

draw();
watch('value', draw);
