// One matrix of attention weights as lines between two columns of tokens. {root, draw(state), svg(), canvas}; state is
// {weights, rows, columns, queries, keys, causal}.

function createLines(onPoint) {
  const root = make('div', 'attention-frame attention-lines');
  root.tabIndex = 0;
  root.setAttribute('role', 'application');
  root.setAttribute('aria-label', texts.lines_label);
  const canvas = make('canvas');
  root.append(canvas);
  const [MOST, FAINT, SHADES] = [6000, 0.005, 24];
  let state = null;
  let row = 20;
  let width = 420;
  let alone = null; // {side: 'queries' or 'keys', index}
  let strongest = [];

  function draw(next) {
    if (next) {
      state = next;
      alone = null;
      strongest = [];
      state.weights.forEach((weight, i) => { if (weight >= FAINT) strongest.push(i); });
      strongest.sort((a, b) => state.weights[a] - state.weights[b]);
      strongest = strongest.slice(-MOST);
    }
    if (!state || !root.clientWidth) return;
    width = Math.min(620, Math.max(260, root.clientWidth - 2));
    const paint = colours(root);
    const height = row * Math.max(state.rows, state.columns) + 8;
    const pen = size(canvas, width, height);
    pen.fillStyle = paint.surface;
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = paint.accent;
    // thousands of lines are drawn in a few strokes, one for each shade; faint ones first
    const shades = Array.from({ length: SHADES }, () => []);
    for (const line of lines()) shades[Math.min(SHADES - 1, Math.floor(line.weight ** 0.7 * SHADES))].push(line);
    shades.forEach((same, shade) => {
      if (!same.length) return;
      const strength = (shade + 0.5) / SHADES;
      pen.globalAlpha = strength;
      pen.lineWidth = 0.6 + 3 * strength ** (1 / 0.7);
      pen.beginPath();
      for (const { i, j } of same) {
        pen.moveTo(...from(i));
        pen.lineTo(...to(j));
      }
      pen.stroke();
    });
    pen.globalAlpha = 1;
    pen.textBaseline = 'middle';
    names(pen, paint);
  }

  const from = (i) => [width * 0.32, row * (i + 0.5) + 4];
  const to = (j) => [width * 0.68, row * (j + 0.5) + 4];

  function lines() {
    const all = strongest.map((at) => ({ i: Math.floor(at / state.columns), j: at % state.columns, weight: state.weights[at] }));
    if (!alone) return all;
    return all.filter((line) => (alone.side === 'queries' ? line.i : line.j) === alone.index);
  }

  function value(side, index) {
    if (!alone || alone.side === side) return '';
    const weight = side === 'keys' ? state.weights[alone.index * state.columns + index] : state.weights[index * state.columns + alone.index];
    return weight >= FAINT ? significant(weight) : '';
  }

  function names(pen, paint) {
    for (const [side, list, place, align] of [['queries', state.queries, from, 'right'], ['keys', state.keys, to, 'left']]) {
      pen.textAlign = align;
      const outwards = align === 'right' ? -1 : 1;
      list.forEach((name, index) => {
        const chosen = alone && alone.side === side && alone.index === index;
        const shown = value(side, index);
        pen.font = (chosen ? '600 ' : '') + paint.font;
        pen.fillStyle = chosen ? paint.warn : alone && !shown ? paint.muted : paint.ink;
        const [x, y] = place(index);
        pen.fillText(short(name) + (shown && outwards > 0 ? '  ' + shown : ''), x + 8 * outwards, y);
        if (shown && outwards < 0) pen.fillText(shown, x - 8 - pen.measureText(short(name)).width - 8, y);
      });
    }
  }

  function isolate(next) {
    if (JSON.stringify(next) === JSON.stringify(alone)) return;
    alone = next;
    draw();
    onPoint(alone && alone.side === 'queries' ? strongestOf(alone.index) : null);
  }

  function strongestOf(i) {
    let best = 0;
    for (let j = 1; j < state.columns; j += 1) if (state.weights[i * state.columns + j] > state.weights[i * state.columns + best]) best = j;
    return { row: i, column: best };
  }

  canvas.addEventListener('pointermove', (event) => {
    if (!state) return;
    const box = canvas.getBoundingClientRect();
    const index = Math.floor((event.clientY - box.top - 4) / row);
    const side = event.clientX - box.left < width / 2 ? 'queries' : 'keys';
    const there = index >= 0 && index < (side === 'queries' ? state.rows : state.columns);
    isolate(there ? { side, index } : null);
  });
  canvas.addEventListener('pointerleave', () => { if (state) isolate(null); });
  root.addEventListener('keydown', (event) => {
    if (!state || !['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    if (event.key === 'Escape') return isolate(null);
    let { side, index } = alone || { side: 'queries', index: 0 };
    if (event.key === 'ArrowLeft') side = 'queries';
    if (event.key === 'ArrowRight') side = 'keys';
    index += alone ? { ArrowUp: -1, ArrowDown: 1 }[event.key] || 0 : 0;
    isolate({ side, index: Math.max(0, Math.min((side === 'queries' ? state.rows : state.columns) - 1, index)) });
  });

  function svg() {
    const paint = colours(root);
    const height = row * Math.max(state.rows, state.columns) + 8;
    const parts = [`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
      `<rect width="100%" height="100%" fill="${paint.surface}"/><g stroke="${paint.accent}">`];
    for (const { i, j, weight } of lines()) {
      const [[x1, y1], [x2, y2]] = [from(i), to(j)];
      parts.push(`<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke-opacity="${Math.min(1, weight ** 0.7).toFixed(3)}" stroke-width="${(0.6 + 3 * weight).toFixed(2)}"/>`);
    }
    parts.push(`</g><g fill="${paint.ink}">`);
    state.queries.forEach((name, i) => parts.push(`<text x="${from(i)[0] - 8}" y="${from(i)[1] + 4}" text-anchor="end">${xml(short(name))}</text>`));
    state.keys.forEach((name, j) => parts.push(`<text x="${to(j)[0] + 8}" y="${to(j)[1] + 4}">${xml(short(name))}</text>`));
    parts.push('</g></svg>');
    return parts.join('');
  }

  return { root, draw, svg, canvas, zoom: (factor) => { row = Math.min(40, Math.max(12, row * factor)); draw(); } };
}
