// Says in words what the square under the pointer means: who looks at whom, and how much. Text goes in as textContent.

function fillGrid(sentence, square) {
  return sentence.replace('{q}', square.dataset.q).replace('{k}', square.dataset.k).replace('{w}', square.dataset.w || '');
}

function point(event) {
  const square = event.target.closest?.('[data-q]');
  const figure = event.target.closest?.('[data-open], [data-w]')?.closest('figure');
  element.querySelectorAll('.families-pointed').forEach((old) => old.classList.remove('families-pointed'));
  if (!square || !figure) return;
  square.classList.add('families-pointed');
  const readout = figure.querySelector('.families-readout');
  if (!readout) return;
  const kind = square.dataset.w ? 'weight' : square.dataset.open === '1' ? 'open' : 'shut';
  readout.textContent = fillGrid(readout.dataset[kind] || '', square);
}

element.addEventListener('mouseover', point);
element.addEventListener('click', (event) => {
  point(event);
  const cell = event.target.closest?.('[data-cell]');
  if (cell && element.contains(cell)) {
    element.querySelectorAll('[aria-pressed=true]').forEach((old) => old.setAttribute('aria-pressed', 'false'));
    cell.setAttribute('aria-pressed', 'true');
    trigger('select', { cell: cell.dataset.cell });
  }
});
