// Vectors as strips of coloured cells, and bars. Negative values in one colour, positive in the accent, zero in neither.

// Draws rows of numbers on one canvas: values[row * columns + column]. options: {cell, height, faint(row), onPoint}
function createStrips(onPoint) {
  const canvas = make('canvas', 'attention-strips');
  let state = null;

  function draw(values, rows, columns, { width = 4, height = 14, gap = 0, faint = () => false, most = 0 } = {}) {
    const largest = most || Math.max(...values.map(Math.abs), 1e-12);
    state = { values, rows, columns, width, pitch: height + gap };
    const theme = colours(element);
    const pen = size(canvas, columns * width, rows * (height + gap));
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        const value = values[i * columns + j];
        pen.globalAlpha = Math.min(1, Math.abs(value) / largest) ** 0.7 * (faint(i) ? 0.25 : 1);
        pen.fillStyle = value < 0 ? theme.warn : theme.accent;
        pen.fillRect(j * width, i * (height + gap) + gap / 2, width, height);
      }
      pen.globalAlpha = 1;
      pen.strokeStyle = theme.line;
      pen.strokeRect(0.5, i * (height + gap) + gap / 2 + 0.5, columns * width - 1, height - 1);
    }
  }

  canvas.addEventListener('pointermove', (event) => {
    if (!state) return;
    const box = canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / state.pitch);
    const column = Math.floor((event.clientX - box.left) / (box.width / state.columns));
    const inside = row >= 0 && column >= 0 && row < state.rows && column < state.columns;
    onPoint(inside ? { row, column, value: state.values[row * state.columns + column] } : null);
  });
  canvas.addEventListener('pointerleave', () => onPoint(null));
  return { canvas, draw };
}

// A bar of `value` out of 1, with its number.
function bar(value, className = '') {
  const made = make('span', 'attention-bar ' + className);
  const inner = make('i');
  inner.style.width = (100 * Math.min(1, Math.max(0, value))).toFixed(2) + '%';
  made.append(inner, make('b', '', significant(value)));
  return made;
}

function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

function bits(weights) {
  return -weights.reduce((all, weight) => all + (weight > 0 ? weight * Math.log2(weight) : 0), 0);
}
