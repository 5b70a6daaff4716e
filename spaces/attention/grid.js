// The thumbnails of all heads on one canvas, layers across and heads down or, where there are more heads than layers, the
// other way round; and the table of what each head does.

const MEASURES = ['link', 'entropy', 'previous', 'first', 'same'];

// onChoose(layer, head). Call draw(map, {layer, head}, measure, links): measure '' shows the thumbnails themselves.
function createGrid(onChoose) {
  const root = make('div', 'attention-frame attention-grid');
  root.tabIndex = 0;
  root.setAttribute('role', 'application');
  root.setAttribute('aria-label', texts.grid_label);
  const canvas = make('canvas');
  root.append(canvas);
  const [EDGE_X, EDGE_Y, GAP] = [24, 18, 2];
  const sprite = new Image();
  let [map, chosen, measure, links, hovered] = [null, null, '', null, null];
  let tile = 24;
  const note = make('p', 'lab-note');
  root.append(note);
  const across = () => map.layers >= map.heads; // layers are
  sprite.addEventListener('load', () => paint());

  function draw(...next) {
    const before = map;
    [map, chosen, measure, links] = next;
    if (before !== map) sprite.src = map.sprite;
    paint();
  }

  function values() {
    if (!measure) return null;
    const table = measure === 'link' ? links && links.table : map.summary[measure];
    if (!table) return null;
    const all = table.flat();
    const most = measure === 'entropy' ? Math.max(...all) : Math.max(...all, 1e-9);
    return { table, most };
  }

  function paint() {
    if (!map || !root.clientWidth) return;
    const [columns, rows] = across() ? [map.layers, map.heads] : [map.heads, map.layers];
    tile = Math.max(20, Math.min(46, Math.floor((root.clientWidth - EDGE_X - 4) / columns) - GAP));
    const [width, height] = [EDGE_X + columns * (tile + GAP), EDGE_Y + rows * (tile + GAP)];
    note.textContent = across() ? texts.grid_across : texts.grid_down;
    const pen = size(canvas, width, height);
    const theme = colours(root);
    const shown = values();
    pen.imageSmoothingEnabled = tile < map.tile[0];
    for (let layer = 0; layer < map.layers; layer += 1) {
      for (let head = 0; head < map.heads; head += 1) {
        const [x, y] = place(layer, head);
        if (shown) {
          pen.globalAlpha = Math.max(0, shown.table[layer][head] / shown.most);
          pen.fillStyle = theme.accent;
          pen.fillRect(x, y, tile, tile);
          pen.globalAlpha = 1;
        } else if (sprite.complete && sprite.naturalWidth) {
          pen.drawImage(sprite, layer * map.tile[0], head * map.tile[1], map.tile[0], map.tile[1], x, y, tile, tile);
        }
      }
    }
    // the thumbnails are black with the weight as opacity: everything drawn so far takes the theme's colour
    pen.globalCompositeOperation = 'source-in';
    pen.fillStyle = theme.accent;
    pen.fillRect(0, 0, width, height);
    pen.globalCompositeOperation = 'destination-over';
    pen.fillStyle = theme.surface;
    for (let layer = 0; layer < map.layers; layer += 1) for (let head = 0; head < map.heads; head += 1) pen.fillRect(...place(layer, head), tile, tile);
    pen.globalCompositeOperation = 'source-over';
    pen.font = '11px system-ui, sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    const [top, left] = across() ? [chosen.layer, chosen.head] : [chosen.head, chosen.layer];
    for (let i = 0; i < columns; i += 1) name(pen, theme, i, top, EDGE_X + i * (tile + GAP) + tile / 2, EDGE_Y / 2 - 1);
    for (let i = 0; i < rows; i += 1) name(pen, theme, i, left, EDGE_X / 2 - 2, EDGE_Y + i * (tile + GAP) + tile / 2);
    if (hovered) outline(pen, hovered, theme.muted, 1);
    if (chosen.layer >= 0 && chosen.head >= 0) outline(pen, chosen, theme.warn, 2.5);
    else if (chosen.layer >= 0) {
      pen.strokeStyle = theme.warn;
      pen.lineWidth = 2.5;
      const long = map.heads * (tile + GAP) - GAP;
      pen.strokeRect(...place(chosen.layer, 0), ...(across() ? [tile, long] : [long, tile]));
    }
  }

  const place = (layer, head) => (across() ? [layer, head] : [head, layer]).map((i, axis) => (axis ? EDGE_Y : EDGE_X) + i * (tile + GAP));

  function name(pen, theme, index, current, x, y) {
    pen.fillStyle = index === current ? theme.warn : theme.muted;
    pen.fillText(String(index), x, y);
  }

  function outline(pen, { layer, head }, colour, thick) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.strokeRect(...place(layer, head), tile, tile);
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - EDGE_X) / (tile + GAP));
    const row = Math.floor((event.clientY - box.top - EDGE_Y) / (tile + GAP));
    if (!map) return null;
    const [layer, head] = across() ? [column, row] : [row, column];
    return layer >= 0 && head >= 0 && layer < map.layers && head < map.heads ? { layer, head } : null;
  }

  canvas.addEventListener('click', (event) => { const hit = at(event); if (hit) onChoose(hit.layer, hit.head); });
  canvas.addEventListener('pointermove', (event) => {
    const hit = at(event);
    if (JSON.stringify(hit) === JSON.stringify(hovered)) return;
    hovered = hit;
    canvas.title = hit ? fill('head_name', hit) : '';
    paint();
  });
  canvas.addEventListener('pointerleave', () => { hovered = null; paint(); });
  root.addEventListener('keydown', (event) => {
    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (!moves[event.key] || !map) return;
    event.preventDefault();
    const step = across() ? moves[event.key] : [...moves[event.key]].reverse();
    const within = (value, count) => Math.max(0, Math.min(count - 1, value));
    onChoose(within(Math.max(0, chosen.layer) + step[0], map.layers), within(Math.max(0, chosen.head) + step[1], map.heads));
  });
  return { root, draw, paint, canvas, place };
}

// Every head in a row; a click on a column's name sorts, on a row chooses. draw(map, chosen, links)
function createTable(onChoose, onSort) {
  const root = make('div', 'attention-table-frame');
  const table = make('table', 'attention-table');
  const head = make('thead');
  const body = make('tbody');
  table.append(head, body);
  root.append(table);
  let [map, chosen, links] = [null, null, null];
  let sort = { by: 'entropy', up: true };
  let drawn = null;

  function columns() {
    return MEASURES.filter((name) => (name === 'link' ? links : map.summary[name]));
  }

  const read = (name, layer, index) => (name === 'link' ? links.table : map.summary[name])[layer][index];

  function sortBy(by, up = by === 'entropy') {
    sort = { by, up };
    drawn = null;
    draw(map, chosen, links);
    root.scrollTop = 0;
    onSort(by);
  }

  function draw(...next) {
    [map, chosen, links] = next;
    if (!map) return;
    if (sort.by !== 'head' && !columns().includes(sort.by)) sort = { by: 'entropy', up: true };
    const state = [map, links, sort.by, sort.up];
    if (!drawn || state.some((part, i) => part !== drawn[i])) rebuild();
    drawn = state;
    for (const row of body.children) row.toggleAttribute('aria-current', Number(row.dataset.layer) === chosen.layer && Number(row.dataset.head) === chosen.head);
  }

  function rebuild() {
    const names = columns();
    const line = make('tr');
    for (const name of ['head', ...names]) {
      const made = make('th');
      const press = button(texts['column_' + name], () => sortBy(name, sort.by === name ? !sort.up : name === 'entropy' || name === 'head'), 'attention-sort');
      press.title = texts['explain_' + name];
      made.setAttribute('aria-sort', sort.by !== name ? 'none' : sort.up ? 'ascending' : 'descending');
      made.append(press);
      line.append(made);
    }
    head.replaceChildren(line);
    const rows = [];
    for (let layer = 0; layer < map.layers; layer += 1) for (let index = 0; index < map.heads; index += 1) rows.push([layer, index]);
    const value = ([layer, index]) => (sort.by === 'head' ? layer * 1000 + index : read(sort.by, layer, index));
    rows.sort((a, b) => (sort.up ? value(a) - value(b) : value(b) - value(a)));
    body.replaceChildren(...rows.map(([layer, index]) => {
      const row = make('tr');
      row.dataset.layer = layer;
      row.dataset.head = index;
      const first = make('td');
      first.append(button(layer + '.' + index, () => onChoose(layer, index), 'attention-pick'));
      row.append(first, ...names.map((name) => make('td', name === sort.by ? 'sorted' : '', read(name, layer, index).toFixed(3))));
      row.addEventListener('click', () => onChoose(layer, index));
      return row;
    }));
  }

  return { root, draw, sortBy };
}
