// The Merges tab: the pieces of each word after step n. All steps are here, so going back and forth asks no server.

const texts = props.texts;
const root = element.querySelector('.tokenizer-drawing');
let data = null;
let step = 0;
let timer = null;
let parts = {};

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const quoted = (piece) => '“' + visibleText(piece, true).replaceAll('\n', '') + '”';

// The words after `upTo` steps: BPE joins neighbours, WordPiece cuts pieces off what is left of a word.
function stateAfter(upTo) {
  const found = data.words.map((word) => (data.algorithm === 'bpe' ? [...word] : []));
  const rest = data.words.map((word) => word.join(''));
  data.steps.slice(0, upTo).forEach((made) => {
    const pieces = found[made.word];
    if (made.kind === 'merge') pieces.splice(made.index, 2, made.pieces[0]);
    else if (made.kind === 'bytes') pieces.splice(made.index, 1, ...made.pieces);
    else if (made.kind === 'whole') pieces.splice(0, pieces.length, made.pieces[0]);
    else if (made.kind === 'unknown') {
      pieces.splice(0, pieces.length, made.pieces[0]);
      rest[made.word] = '';
    } else {
      pieces.push(made.pieces[0]);
      const bare = made.index && made.pieces[0].startsWith('##') ? made.pieces[0].slice(2) : made.pieces[0];
      rest[made.word] = rest[made.word].slice(bare.length);
    }
  });
  return { found, rest: data.algorithm === 'bpe' ? [] : rest };
}

function explain(made, before) {
  const result = made.pieces.map(quoted).join(' ');
  if (made.kind === 'merge') {
    const pieces = before.found[made.word];
    return fill('step_merge', { left: quoted(pieces[made.index]), right: quoted(pieces[made.index + 1]), made: result, rank: (made.rank + 1).toLocaleString('en') });
  }
  if (made.kind === 'bytes') return fill('step_bytes', { left: quoted(before.found[made.word][made.index]), made: made.pieces.join(' ') });
  if (made.kind === 'match') {
    const tried = made.tried.map(quoted).join(' ') + (made.misses > made.tried.length ? ' …' : '');
    return fill('step_match', { made: result }) + (made.misses ? fill('step_misses', { n: made.misses, tried }) : '');
  }
  return fill('step_' + made.kind, { made: result });
}

function show() {
  const { found, rest } = stateAfter(step);
  const now = step ? data.steps[step - 1] : null;
  parts.words.replaceChildren(...found.map((pieces, w) => {
    const word = make('span', 'tokenizer-word');
    pieces.forEach((piece, i) => {
      const chip = make('span', 'token ' + (i % 2 ? 'token-odd' : 'token-even'), visibleText(piece, true).replaceAll('\n', '') || '∅');
      const fresh = now && now.word === w && (now.kind === 'bytes' ? i >= now.index && i < now.index + now.pieces.length : i === now.index);
      if (fresh) chip.classList.add('token-selected');
      word.append(chip);
    });
    if (rest[w]) word.append(make('span', 'token tokenizer-rest', rest[w]));
    return word;
  }));
  const last = data.steps.length;
  const count = found.reduce((sum, pieces) => sum + pieces.length, 0);
  parts.said.textContent = now ? explain(now, stateAfter(step - 1)) : texts['start_' + data.algorithm];
  parts.end.textContent = !last && data.matches ? texts.no_steps
    : step === last ? fill(data.matches ? 'final_tokens' : 'final_differs', { n: count }) : '';
  parts.counter.textContent = fill('step_of', { n: step, all: last });
  parts.slider.value = step;
  parts.back.disabled = step === 0;
  parts.on.disabled = step === last;
  parts.play.disabled = !last;
  parts.play.textContent = timer ? texts.pause : texts.play;
  parts.list.querySelector('[aria-current]')?.removeAttribute('aria-current');
  const item = parts.list.children[step - 1];
  item?.setAttribute('aria-current', 'step');
  if (item) parts.list.scrollTop = item.offsetTop - parts.list.clientHeight / 2;
}

function go(to) {
  step = Math.max(0, Math.min(to, data.steps.length));
  show();
}

function stop() {
  clearInterval(timer);
  timer = null;
}

function play() {
  if (timer) {
    stop();
    show();
    return;
  }
  if (step === data.steps.length) step = 0;
  timer = setInterval(() => {
    if (!root.isConnected) return stop();
    if (step + 1 >= data.steps.length) stop();
    go(step + 1);
  }, 700);
  show();
}

function button(label, onClick) {
  const made = make('button', 'tokenizer-button', label);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

function draw() {
  stop();
  data = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!data) {
    root.replaceChildren(make('p', 'lab-empty', texts.merges_empty));
    return;
  }
  parts = {
    back: button(texts.previous, () => { stop(); go(step - 1); }),
    on: button(texts.next, () => { stop(); go(step + 1); }),
    play: button(texts.play, play),
    slider: make('input', 'tokenizer-slider'),
    counter: make('span', 'tokenizer-kind'),
    words: make('div', 'token-view tokenizer-words'),
    said: make('p', 'tokenizer-said'),
    end: make('p', 'tokenizer-same'),
    list: make('ol', 'tokenizer-steps'),
  };
  Object.assign(parts.slider, { type: 'range', min: 0, max: data.steps.length, step: 1 });
  parts.slider.setAttribute('aria-label', texts.tab_merges);
  parts.slider.addEventListener('input', () => { stop(); go(Number(parts.slider.value)); });
  parts.said.setAttribute('aria-live', 'polite');
  data.steps.forEach((made, i) => {
    const item = make('li', '', made.pieces.map((piece) => visibleText(piece, true).replaceAll('\n', '')).join(' '));
    if (made.rank !== null) item.append(make('span', 'tokenizer-kind', '#' + (made.rank + 1).toLocaleString('en')));
    item.addEventListener('click', () => { stop(); go(i + 1); });
    parts.list.append(item);
  });
  const controls = make('div', 'tokenizer-tools');
  controls.append(parts.back, parts.play, parts.on, parts.slider, parts.counter);
  root.replaceChildren(controls, parts.words, parts.said, parts.end, parts.list);
  step = 0;
  show();
}

draw();
watch('value', draw);
