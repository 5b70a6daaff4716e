// Tells which cell of the confusion matrix was pressed. One listener for all: the matrix is drawn anew each time.
element.addEventListener('click', (event) => {
  const cell = event.target.closest('button[data-row]');
  if (cell) trigger('select', { row: Number(cell.dataset.row), column: Number(cell.dataset.column) });
});
