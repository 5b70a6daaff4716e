// Lists of songs: a button says what it does and to which song.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-act]');
  if (button && element.contains(button)) trigger('select', { act: button.dataset.act, song: button.dataset.song });
});
