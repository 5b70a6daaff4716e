// The Tokens tab: the text, and one block per tokenizer. Hovering a token lights up its id, its characters, and every
// token of the others that covers the same characters. Everything a visitor or a vocabulary wrote goes in as textContent.

const texts = props.texts;
const root = element.querySelector('.tokenizer-drawing');
const utf8 = new TextEncoder();
const shown = { whitespace: true, ids: true };
const TEXT_SHOWN = 4000;
let data = null;
let characters = [];
let blocks = [];
let textParts = [];

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const number = (value) => value.toLocaleString('en');
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

// Format and combining characters alone draw nothing or drift onto their neighbour: their code point is shown instead.
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{M}\p{Zl}\p{Zp}]+$/u;

function viewToken(block, index) {
  const [text, name, flags, , before, after] = block.entries[block.ids[index]];
  const added = block.starts[index] === block.ends[index];
  const invisible = INVISIBLE.test(text) && !/^[\t\n\r]+$/.test(text);
  return {
    text: invisible ? Array.from(text, (c) => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')).join(' ') : text,
    special: Boolean(flags & 1) || (added && block.templated),
    byte: Boolean(flags & 2) || invisible,
    before: shown.whitespace ? before : '',
    after: shown.whitespace ? after : '',
    name,
  };
}

function bytesOf(block, index) {
  const [text, , , bytes] = block.entries[block.ids[index]];
  return bytes || Array.from(utf8.encode(text));
}

function describe(block, index) {
  const [, name] = block.entries[block.ids[index]];
  const bytes = bytesOf(block, index);
  const added = block.starts[index] === block.ends[index];
  return [
    fill('detail_token', { n: index + 1 }),
    fill('detail_id', { id: block.ids[index] }),
    bytes.length ? fill('detail_bytes', { bytes: hex(bytes).join(' ') }) : texts.detail_no_bytes,
    added ? texts.detail_added : fill('detail_span', { start: block.starts[index], end: block.ends[index] }),
    fill('detail_entry', { name }),
  ].join(' · ');
}

function markText(start, end) {
  const drawn = characters.slice(0, TEXT_SHOWN);
  const cut = end > start ? [drawn.slice(0, start), drawn.slice(start, end), drawn.slice(end)] : [drawn, [], []];
  cut.forEach((part, i) => { textParts[i].textContent = part.join(''); });
}

function point(from, index) {
  const start = index < 0 ? 0 : from.starts[index];
  const end = index < 0 ? 0 : from.ends[index];
  markText(start, end);
  for (const block of blocks) {
    block.root.querySelectorAll('.token-hover').forEach((span) => span.classList.remove('token-hover'));
    const chosen = index >= 0 && block === from ? index : block.pinned;
    block.detail.textContent = chosen >= 0 ? describe(block, chosen) : '';
    if (index < 0) continue;
    const spans = block.view.root.querySelectorAll('.token');
    const ids = block.idView.root.querySelectorAll('.token');
    for (let i = 0; i < spans.length; i += 1) {
      const same = block === from ? i === index : end > start && block.starts[i] < end && block.ends[i] > start;
      if (!same) continue;
      spans[i].classList.add('token-hover');
      ids[i]?.classList.add('token-hover');
    }
  }
}

function pin(block, index) {
  for (const other of blocks) {
    other.pinned = other === block ? index : -1;
    other.view.select(other.pinned);
    other.idView.select(other.pinned);
  }
  point(block, index);
}

function drawBlock(block) {
  block.pinned = -1;
  block.root = make('section', 'tokenizer-block');
  const title = make('header', 'tokenizer-block-head');
  title.append(make('strong', '', block.name), make('span', 'tokenizer-kind', texts[block.kind] || ''));
  title.append(make('span', 'tokenizer-kind', texts.vocabulary + ' ' + number(block.vocabulary)));
  if (block.templated) title.append(make('span', 'tokenizer-kind', texts.templated));
  const counts = make('span', 'tokenizer-counts');
  const ratio = block.count ? characters.length / block.count : 0;
  counts.append(make('b', '', number(block.count)), ' ' + texts.tokens + ' · ', make('b', '', ratio ? Number(ratio.toPrecision(3)).toString() : '0'), ' ' + texts.per_token);
  title.append(counts);
  const hook = { onHover: (index) => point(block, index), onSelect: (index) => pin(block, index), more: texts.more };
  block.view = createTokenView(make('div', 'tokenizer-tokens'), { ...hook, label: block.name + ': ' + texts.tab_tokens });
  block.idView = createTokenView(make('div', 'tokenizer-ids'), { ...hook, label: block.name + ': ' + texts.ids });
  block.detail = make('p', 'tokenizer-detail');
  const foot = make('footer', 'tokenizer-block-foot');
  const verdict = make('p', block.round.same ? 'tokenizer-same' : 'tokenizer-differs');
  verdict.textContent = block.round.same ? texts.round_same
    : fill('round_differs', { at: block.round.at + 1, expected: visibleText(block.round.expected, true).replaceAll('\n', ''), got: visibleText(block.round.got, true).replaceAll('\n', '') });
  if (block.unknown) verdict.textContent += ' ' + fill('unknown_tokens', { n: number(block.unknown) });
  const copy = button(texts.copy_ids, () => copyText('[' + block.ids.join(', ') + ']', copy));
  foot.append(verdict, copy);
  block.root.append(title, block.view.root, block.idView.root, block.detail, foot);
  updateBlock(block);
  return block.root;
}

function updateBlock(block) {
  block.tokens = block.ids.map((id, index) => viewToken(block, index));
  block.view.update({ tokens: block.tokens, whitespace: shown.whitespace, selected: block.pinned });
  block.idView.update({ tokens: block.ids.map((id) => ({ text: String(id) })), selected: block.pinned });
  block.idView.root.hidden = !shown.ids;
  block.view.root.hidden = !block.ids.length;
}

function button(label, onClick) {
  const made = make('button', 'tokenizer-button', label);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

async function copyText(text, from) {
  const label = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Clipboards need https or localhost; in a class the hub is often plain http.
    const area = make('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  from.textContent = texts.copied;
  setTimeout(() => { from.textContent = label; }, 1200);
}

function* rows() {
  for (const block of blocks) {
    for (let index = 0; index < block.ids.length; index += 1) {
      const [text, name, flags] = block.entries[block.ids[index]];
      yield { tokenizer: block.name, index, id: block.ids[index], text, entry: name, bytes: bytesOf(block, index),
        start: block.starts[index], end: block.ends[index], special: Boolean(flags & 1) };
    }
  }
}

function table(separator) {
  // A cell that begins like a formula is one to a spreadsheet; the quote in front makes it text.
  const cell = (value) => {
    const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
    return /["\t\r\n,;]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const lines = [['tokenizer', 'index', 'id', 'text', 'entry', 'bytes', 'start', 'end', 'special'].join(separator)];
  for (const row of rows()) lines.push(Object.values({ ...row, bytes: hex(row.bytes).join(' ') }).map(cell).join(separator));
  return lines.join('\r\n') + '\r\n';
}

function download(name, type, content) {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function toggle(key, label) {
  const box = make('input');
  box.type = 'checkbox';
  box.checked = shown[key];
  box.addEventListener('change', () => {
    shown[key] = box.checked;
    blocks.forEach(updateBlock);
  });
  const made = make('label', 'tokenizer-toggle');
  made.append(box, ' ' + label);
  return made;
}

function drawTools() {
  const tools = make('div', 'tokenizer-tools');
  const copy = button(texts.copy, () => copyText(table('\t'), copy));
  tools.append(
    toggle('whitespace', texts.show_whitespace), toggle('ids', texts.show_ids), make('span', 'tokenizer-spring'), copy,
    // The mark at the front tells spreadsheets that this is UTF-8.
    button('CSV', () => download('tokens.csv', 'text/csv', '\ufeff' + table(','))),
    button('JSON', () => download('tokens.json', 'application/json', JSON.stringify([...rows()], null, 1))),
  );
  return tools;
}

function draw() {
  data = props.value?.json ? JSON.parse(props.value.json) : null;
  blocks = data?.blocks || [];
  if (!data?.text || !blocks.length) {
    root.replaceChildren(make('p', 'lab-empty', data?.text ? texts.no_tokenizer : texts.empty));
    return;
  }
  characters = Array.from(data.text);
  const original = make('section', 'tokenizer-block tokenizer-original');
  const head = make('header', 'tokenizer-block-head');
  head.append(make('strong', '', texts.your_text), make('span', 'tokenizer-kind', fill('characters', { n: number(characters.length) })));
  head.append(make('span', 'tokenizer-counts', texts.hint));
  textParts = [make('span'), make('mark', 'tokenizer-span'), make('span')];
  const body = make('div', 'tokenizer-text');
  body.append(...textParts, characters.length > TEXT_SHOWN ? ' …' : '');
  original.append(head, body);
  const line = make('p', 'answered-by', fill(blocks.length === 1 ? 'tokenized_by_one' : 'tokenized_by', { n: blocks.length, ms: Number(data.milliseconds.toPrecision(3)) }));
  root.replaceChildren(drawTools(), original, ...blocks.map(drawBlock), line);
  markText(0, 0);
}

draw();
watch('value', draw);
const linked = new URLSearchParams(location.search);
if (linked.get('tab') === 'tokenizer' && linked.get('text')) trigger('opened', { text: linked.get('text') });
