// The map of songs on a canvas: drag to move, wheel or two fingers to zoom, hover for the title, click to choose.
// Colours tell groups apart, and so do shapes: eight colours alone would repeat.

const texts = props.texts;
const root = element.querySelector('.songs-map');
root.innerHTML = "<div class='songs-map-frame'><canvas tabindex='0' role='img'></canvas><div class='songs-tip' hidden></div>"
  + "<div class='songs-zoom'><button type='button' data-zoom='in'>+</button><button type='button' data-zoom='out'>−</button><button type='button' data-zoom='fit'></button></div></div>"
  + "<div class='songs-legend'></div>";
const frame = root.querySelector('.songs-map-frame');
const canvas = root.querySelector('canvas');
const tip = root.querySelector('.songs-tip');
const legend = root.querySelector('.songs-legend');
const pen = canvas.getContext('2d');
const fit = root.querySelector("[data-zoom='fit']");
fit.textContent = texts.zoom_fit;
fit.setAttribute('aria-label', texts.zoom_fit);
root.querySelector("[data-zoom='in']").setAttribute('aria-label', texts.zoom_in);
root.querySelector("[data-zoom='out']").setAttribute('aria-label', texts.zoom_out);
canvas.setAttribute('aria-label', texts.map_aria);

const SHAPES = ['circle', 'diamond', 'triangle'];
const PAD = 26;
const REACH = 14;
let data = null;
let view = { scale: 1, x: 0, y: 0 };
let hover = -1;
let only = null;
let planned = false;
let key = '';

const width = () => canvas.clientWidth;
const height = () => canvas.clientHeight;
const spanX = () => width() - 2 * PAD;
const spanY = () => height() - 2 * PAD;
const screenX = (i) => (PAD + data.x[i] * spanX()) * view.scale + view.x;
const screenY = (i) => (PAD + (1 - data.y[i]) * spanY()) * view.scale + view.y;
const css = (name, other) => getComputedStyle(root).getPropertyValue(name).trim() || other;

function shape(x, y, r, kind) {
  pen.beginPath();
  if (kind === 'circle') pen.arc(x, y, r, 0, 7);
  else if (kind === 'diamond') { pen.moveTo(x, y - r * 1.3); pen.lineTo(x + r * 1.3, y); pen.lineTo(x, y + r * 1.3); pen.lineTo(x - r * 1.3, y); }
  else { pen.moveTo(x, y - r * 1.25); pen.lineTo(x + r * 1.2, y + r); pen.lineTo(x - r * 1.2, y + r); }
  pen.closePath();
}

const colourOf = (group) => data.colours[group % data.colours.length];
const shapeOf = (group) => SHAPES[Math.floor(group / data.colours.length) % SHAPES.length];

let boxes = [];

function label(i, strong) {
  const x = screenX(i) + 9, y = screenY(i);
  pen.font = (strong ? '600 ' : '') + '12.5px system-ui, PingFang SC, Noto Sans CJK SC, sans-serif';
  pen.lineWidth = 4;
  pen.lineJoin = 'round';
  pen.strokeStyle = css('--hub-surface', '#fff');
  pen.fillStyle = css('--hub-ink', '#1a1a19');
  const text = data.titles[i].slice(0, 40);
  const left = x + pen.measureText(text).width > width() - 4;
  pen.textAlign = left ? 'right' : 'left';
  pen.textBaseline = 'middle';
  const wide = pen.measureText(text).width;
  const start = left ? x - 18 - wide : x;
  // a label that would lie on another one stays away: zoom in to read it
  if (!strong && boxes.some(([a, b, c]) => Math.abs(y - c) < 15 && start < b && start + wide > a)) return;
  boxes.push([start, start + wide, y]);
  pen.strokeText(text, left ? x - 18 : x, y);
  pen.fillText(text, left ? x - 18 : x, y);
}

function draw() {
  planned = false;
  const ratio = window.devicePixelRatio || 1;
  if (!width()) return;
  if (canvas.width !== Math.round(width() * ratio) || canvas.height !== Math.round(height() * ratio)) {
    canvas.width = Math.round(width() * ratio);
    canvas.height = Math.round(height() * ratio);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width(), height());
  if (!data) return;
  const many = data.x.length;
  const r = Math.min(7, (many > 3000 ? 1.8 : many > 1000 ? 2.6 : 3.8) * Math.sqrt(Math.sqrt(view.scale)));
  const inside = [];
  for (let i = 0; i < many; i += 1) {
    const x = screenX(i), y = screenY(i);
    if (x < -10 || y < -10 || x > width() + 10 || y > height() + 10) continue;
    inside.push(i);
    const dim = only !== null && data.groups[i] !== only;
    pen.globalAlpha = dim ? 0.1 : 0.78;
    pen.fillStyle = colourOf(data.groups[i]);
    if (many > 3000 && view.scale < 4) { pen.fillRect(x - r, y - r, 2 * r, 2 * r); continue; }
    shape(x, y, r, shapeOf(data.groups[i]));
    pen.fill();
  }
  pen.globalAlpha = 1;
  boxes = [];
  const ink = css('--hub-ink', '#1a1a19');
  if (data.playlist.length) {
    pen.strokeStyle = ink;
    pen.lineWidth = 1.6;
    pen.beginPath();
    data.playlist.forEach((i, n) => (n ? pen.lineTo(screenX(i), screenY(i)) : pen.moveTo(screenX(i), screenY(i))));
    pen.stroke();
    data.playlist.forEach((i, n) => {
      pen.fillStyle = ink;
      pen.beginPath(); pen.arc(screenX(i), screenY(i), 7.5, 0, 7); pen.fill();
      pen.fillStyle = css('--hub-surface', '#fff');
      pen.font = '600 10px system-ui'; pen.textAlign = 'center'; pen.textBaseline = 'middle';
      pen.fillText(String(n + 1), screenX(i), screenY(i) + 0.5);
    });
  }
  pen.lineWidth = 1.2;
  pen.strokeStyle = css('--hub-accent', '#12665f');
  for (const i of data.near) {
    pen.beginPath(); pen.moveTo(screenX(data.selected), screenY(data.selected)); pen.lineTo(screenX(i), screenY(i)); pen.stroke();
  }
  const ring = (i, colour) => { pen.strokeStyle = colour; pen.lineWidth = 2.2; pen.beginPath(); pen.arc(screenX(i), screenY(i), r + 4.5, 0, 7); pen.stroke(); };
  data.liked.forEach((i) => ring(i, css('--hub-accent', '#12665f')));
  data.disliked.forEach((i) => ring(i, css('--hub-warn', '#8a4b08')));
  const said = new Set();
  if (data.selected >= 0) { ring(data.selected, ink); label(data.selected, true); said.add(data.selected); }
  data.playlist.slice(0, 12).forEach((i) => { if (!said.has(i)) label(i, false); said.add(i); });
  if (inside.length <= 45) inside.forEach((i) => { if (!said.has(i) && (only === null || data.groups[i] === only)) label(i, false); });
  if (hover >= 0) ring(hover, ink);
}

function plan() { if (!planned) { planned = true; requestAnimationFrame(draw); } }

function nearest(x, y, reach = REACH) {
  let best = -1, least = reach * reach;
  for (let i = 0; i < data.x.length; i += 1) {
    if (only !== null && data.groups[i] !== only) continue;
    const dx = screenX(i) - x, dy = screenY(i) - y;
    if (dx * dx + dy * dy < least) { least = dx * dx + dy * dy; best = i; }
  }
  return best;
}

function zoom(factor, x = width() / 2, y = height() / 2) {
  const scale = Math.min(60, Math.max(0.8, view.scale * factor));
  const real = scale / view.scale;
  view = { scale, x: x - (x - view.x) * real, y: y - (y - view.y) * real };
  plan();
}

function point(x, y) {
  hover = data ? nearest(x, y) : -1;
  tip.hidden = hover < 0;
  canvas.style.cursor = hover < 0 ? 'grab' : 'pointer';
  if (hover >= 0) {
    tip.replaceChildren(document.createElement('b'), document.createElement('span'));
    tip.firstChild.textContent = data.titles[hover];
    tip.lastChild.textContent = [data.artists[hover], data.details[hover]].filter(Boolean).join(' · ');
    const left = Math.min(Math.max(4, screenX(hover) + 12), Math.max(4, width() - tip.offsetWidth - 6));
    const above = screenY(hover) - tip.offsetHeight - 12;
    tip.style.left = left + 'px';
    tip.style.top = (above < 4 ? screenY(hover) + 14 : above) + 'px';
  }
  plan();
}

function choose(i) { if (i >= 0) trigger('select', { act: 'choose', song: data.ids[i] }); }

const fingers = new Map();
let moved = 0;
canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
  moved = 0;
});
canvas.addEventListener('pointermove', (event) => {
  const before = fingers.get(event.pointerId);
  const now = [event.offsetX, event.offsetY];
  if (!before) { point(...now); return; }
  if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const span = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]);
    zoom(span(now) / Math.max(1, span(before)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    moved += 10;
  } else {
    view.x += now[0] - before[0];
    view.y += now[1] - before[1];
    moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    plan();
  }
  fingers.set(event.pointerId, now);
});
canvas.addEventListener('pointerup', (event) => {
  fingers.delete(event.pointerId);
  if (data && moved < 6) choose(nearest(event.offsetX, event.offsetY, event.pointerType === 'touch' ? 24 : REACH));
});
canvas.addEventListener('pointercancel', (event) => fingers.delete(event.pointerId));
canvas.addEventListener('pointerleave', () => { hover = -1; tip.hidden = true; plan(); });
canvas.addEventListener('wheel', (event) => { event.preventDefault(); zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY); }, { passive: false });
canvas.addEventListener('keydown', (event) => {
  const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
  if (step) { view.x += step[0]; view.y += step[1]; plan(); event.preventDefault(); }
  if (event.key === '+' || event.key === '=') zoom(1.4);
  if (event.key === '-') zoom(1 / 1.4);
  if (event.key === '0') { view = { scale: 1, x: 0, y: 0 }; plan(); }
});
root.querySelector('.songs-zoom').addEventListener('click', (event) => {
  const what = event.target.dataset.zoom;
  if (what === 'fit') { view = { scale: 1, x: 0, y: 0 }; plan(); }
  if (what === 'in') zoom(1.5);
  if (what === 'out') zoom(1 / 1.5);
});

function drawLegend() {
  legend.replaceChildren(...data.names.map((name, group) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.setAttribute('aria-pressed', String(only === group));
    const mark = document.createElement('i');
    mark.className = shapeOf(group);
    mark.style.background = colourOf(group);
    const said = document.createElement('span');
    said.textContent = name;
    item.append(mark, said);
    item.addEventListener('click', () => { only = only === group ? null : group; drawLegend(); plan(); });
    return item;
  }));
}

// For tests and for people who script the page: where a song is drawn, in pixels from the canvas' corner.
canvas.songsPlace = (id) => { const i = data.ids.indexOf(id); return [screenX(i), screenY(i)]; };
canvas.songsSave = () => canvas.toDataURL('image/png');

function take() {
  const given = props.value?.json ? JSON.parse(props.value.json) : null;
  frame.classList.toggle('waiting', !given);
  if (given) {
    if (given.key !== key) { view = { scale: 1, x: 0, y: 0 }; key = given.key; }
    if (!data || data.by !== given.by || data.key !== given.key) only = null;
    data = given;
    hover = -1;
    drawLegend();
    const lost = data.selected >= 0 && (screenX(data.selected) < 0 || screenX(data.selected) > width() || screenY(data.selected) < 0 || screenY(data.selected) > height());
    if (lost) { view.x += width() / 2 - screenX(data.selected); view.y += height() / 2 - screenY(data.selected); }
  }
  plan();
}

new ResizeObserver(plan).observe(frame);
new MutationObserver(plan).observe(document.body, { attributes: true, attributeFilter: ['class'] });
take();
watch('value', take);
