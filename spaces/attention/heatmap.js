// One matrix of attention weights as a heatmap: queries down, keys across. {root, draw(state), svg(), canvas}; state is
// {weights, rows, columns, queries, keys, causal}.

const GAMMA = 0.5; // opacity is the square root of the weight: most weights are small
const opacity = (weight) => Math.min(1, Math.max(0, weight)) ** GAMMA;

function createHeatmap(onPoint) {
  const root = make('div', 'attention-frame attention-heat');
  root.tabIndex = 0;
  root.setAttribute('role', 'application');
  root.setAttribute('aria-label', texts.heat_label);
  const canvas = make('canvas');
  const over = make('canvas', 'attention-over');
  const stage = make('div', 'attention-stage');
  stage.append(canvas, over);
  root.append(stage);
  let state = null;
  let zoom = 1;
  let side = 0;
  let edge = 20;
  let pointed = null;

  function measure() {
    const width = Math.max(240, root.clientWidth - 2);
    const pen = canvas.getContext('2d');
    pen.font = colours(root).font;
    const widest = (names) => Math.min(100, Math.max(14, ...names.map((name) => pen.measureText(short(name)).width)) + 8);
    edge = Math.ceil(Math.max(widest(state.queries), widest(state.keys)));
    const fit = Math.min(width - edge - 4, 620) / Math.max(state.columns, state.rows);
    side = Math.max(2, Math.min(34, fit) * zoom);
    side = Math.min(side, 4000 / Math.max(state.columns, state.rows));
    if (side > 4) side = Math.floor(side);
  }

  function image() {
    const [red, green, blue] = rgb(colours(root).accent);
    const small = document.createElement('canvas');
    small.width = state.columns;
    small.height = state.rows;
    const pixels = new ImageData(state.columns, state.rows);
    for (let i = 0; i < state.weights.length; i += 1) {
      pixels.data.set([red, green, blue, Math.round(255 * opacity(state.weights[i]))], 4 * i);
    }
    small.getContext('2d').putImageData(pixels, 0, 0);
    return small;
  }

  function draw(next) {
    state = next || state;
    if (!state || !root.clientWidth) return;
    measure();
    const paint = colours(root);
    const width = edge + side * state.columns + 2;
    const height = edge + side * state.rows + 2;
    stage.style.width = width + 'px';
    stage.style.height = height + 'px';
    const pen = size(canvas, width, height);
    pen.fillStyle = paint.surface;
    pen.fillRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(image(), edge, edge, side * state.columns, side * state.rows);
    if (state.causal) hatch(pen, paint);
    pen.strokeStyle = paint.line;
    pen.strokeRect(edge - 0.5, edge - 0.5, side * state.columns + 1, side * state.rows + 1);
    pen.font = paint.font;
    pen.fillStyle = paint.muted;
    const every = Math.max(1, Math.ceil(11 / side));
    for (let i = 0; i < state.rows; i += every) rowName(pen, i);
    for (let j = 0; j < state.columns; j += every) columnName(pen, j);
    point(pointed && pointed.row < state.rows && pointed.column < state.columns ? pointed : null);
  }

  // what a causal model cannot see
  function hatch(pen, paint) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const ink = tile.getContext('2d');
    ink.strokeStyle = paint.muted;
    ink.globalAlpha = 0.45;
    ink.beginPath();
    ink.moveTo(-1, 7);
    ink.lineTo(7, -1);
    ink.stroke();
    pen.fillStyle = pen.createPattern(tile, 'repeat');
    pen.beginPath();
    for (let i = 0; i < state.rows - 1; i += 1) pen.rect(edge + side * (i + 1), edge + side * i, side * (state.columns - i - 1), side);
    pen.fill();
  }

  function rowName(pen, i) {
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    pen.fillText(short(state.queries[i]), edge - 4, edge + side * (i + 0.5));
  }

  function columnName(pen, j) {
    pen.save();
    pen.translate(edge + side * (j + 0.5), edge - 4);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillText(short(state.keys[j]), 0, 0);
    pen.restore();
  }

  function point(at) {
    pointed = at;
    const paint = colours(root);
    const pen = size(over, edge + side * state.columns + 2, edge + side * state.rows + 2);
    if (at) {
      const [x, y] = [edge + side * at.column, edge + side * at.row];
      pen.fillStyle = paint.warn;
      pen.globalAlpha = 0.14;
      pen.fillRect(edge, y, side * state.columns, side);
      pen.fillRect(x, edge, side, side * state.rows);
      pen.globalAlpha = 1;
      pen.strokeStyle = paint.warn;
      pen.lineWidth = 1.5;
      pen.strokeRect(x, y, side, side);
      pen.font = '600 ' + paint.font;
      pen.fillStyle = paint.surface;
      pen.fillRect(0, y + side / 2 - 8, edge - 1, 16);
      pen.fillRect(x + side / 2 - 8, 0, 16, edge - 1);
      pen.fillStyle = paint.warn;
      rowName(pen, at.row);
      columnName(pen, at.column);
    }
    onPoint(at);
  }

  over.addEventListener('pointermove', (event) => {
    if (!state) return;
    const box = over.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - edge) / side);
    const row = Math.floor((event.clientY - box.top - edge) / side);
    const inside = row >= 0 && column >= 0 && row < state.rows && column < state.columns;
    if (inside && pointed && pointed.row === row && pointed.column === column) return;
    point(inside ? { row, column } : null);
  });
  over.addEventListener('pointerleave', () => { if (state) point(null); });
  root.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !state) return;
    event.preventDefault();
    const from = pointed || { row: state.rows - 1, column: 0 };
    point({
      row: Math.min(state.rows - 1, Math.max(0, from.row + step[0])),
      column: Math.min(state.columns - 1, Math.max(0, from.column + step[1])),
    });
  });

  function svg() {
    const paint = colours(root);
    const parts = [];
    const [width, height] = [edge + side * state.columns + 2, edge + side * state.rows + 2];
    parts.push(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`);
    parts.push(`<rect width="100%" height="100%" fill="${paint.surface}"/><g fill="${paint.accent}">`);
    for (let i = 0; i < state.rows; i += 1) {
      for (let j = 0; j < state.columns; j += 1) {
        const weight = state.weights[i * state.columns + j];
        if (weight < 0.001) continue;
        parts.push(`<rect x="${(edge + side * j).toFixed(2)}" y="${(edge + side * i).toFixed(2)}" width="${side.toFixed(2)}" height="${side.toFixed(2)}" fill-opacity="${opacity(weight).toFixed(3)}"/>`);
      }
    }
    parts.push(`</g><g fill="${paint.muted}">`);
    const every = Math.max(1, Math.ceil(11 / side));
    for (let i = 0; i < state.rows; i += every) parts.push(`<text x="${edge - 4}" y="${edge + side * (i + 0.5) + 4}" text-anchor="end">${xml(short(state.queries[i]))}</text>`);
    for (let j = 0; j < state.columns; j += every) parts.push(`<text transform="translate(${edge + side * (j + 0.5) + 4} ${edge - 4}) rotate(-90)">${xml(short(state.keys[j]))}</text>`);
    parts.push('</g></svg>');
    return parts.join('');
  }

  return { root, draw, svg, canvas, point, zoom: (factor) => { zoom = Math.min(12, Math.max(1, zoom * factor)); draw(); } };
}
