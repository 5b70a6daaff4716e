// What both drawings of the lab share: elements, numbers, colours of the theme, downloads. Tokens are only ever textContent
// or text on a canvas.

const texts = props.texts;

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function fill(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function button(label, onClick, className = 'attention-button') {
  const made = make('button', className, label);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

// A row of buttons of which one is pressed. choices: [[value, label], ...]
function choice(label, choices, onChoose) {
  const group = make('div', 'attention-choice');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', label);
  const buttons = new Map();
  for (const [value, name] of choices) {
    const made = button(name, () => { show(value); onChoose(value); }, 'attention-option');
    made.dataset.value = value;
    buttons.set(value, made);
    group.append(made);
  }
  function show(value) {
    buttons.forEach((made, own) => made.setAttribute('aria-pressed', String(own === value)));
  }
  return { root: group, show, get: (value) => buttons.get(value) };
}

// Three significant digits, as everywhere in the hub.
function significant(value) {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-6 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}

// What a token is called beside a drawing: blanks must not vanish.
function label(text) {
  const shown = text.trim();
  if (shown) return shown;
  return Array.from(text, (c) => ({ ' ': '␣', '\n': '⏎', '\t': '⇥' })[c] || '␣').join('');
}

function short(text, limit = 14) {
  const characters = Array.from(label(text));
  return characters.length > limit ? characters.slice(0, limit - 1).join('') + '…' : characters.join('');
}

function colours(root) {
  const style = getComputedStyle(root);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ink: read('--hub-ink', '#1a1a19'), muted: read('--hub-muted', '#63635d'), line: read('--hub-line', '#dcdcd6'),
    surface: read('--hub-surface', '#ffffff'), accent: read('--hub-accent', '#12665f'), warn: read('--hub-warn', '#8a4b08'),
    font: '12px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif',
  };
}

function rgb(colour) {
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = colour;
  const hex = probe.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

// A canvas of `width` x `height` CSS pixels, sharp on fine screens as long as the browser can hold it.
function size(canvas, width, height) {
  const fine = Math.min(window.devicePixelRatio || 1, 4096 / Math.max(width, height, 1));
  canvas.width = Math.max(1, Math.round(width * fine));
  canvas.height = Math.max(1, Math.round(height * fine));
  canvas.style.width = width + 'px';
  canvas.style.height = height + 'px';
  const pen = canvas.getContext('2d');
  pen.setTransform(fine, 0, 0, fine, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

function bytesOf(base64) {
  const raw = atob(base64);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes.buffer;
}

// float16, none of them negative or infinite: attention weights
function halves(base64) {
  const codes = new Uint16Array(bytesOf(base64));
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) {
    const power = codes[i] >> 10;
    const rest = codes[i] & 1023;
    values[i] = power ? 2 ** (power - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024);
  }
  return values;
}

const floats = (base64) => new Float32Array(bytesOf(base64));

function save(name, content, type) {
  const link = make('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// A cell that begins like a formula is one to a spreadsheet; the quote in front makes it text.
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /["\r\n,;]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

const xml = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
