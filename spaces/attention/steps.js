// The step-by-step tab: one head, one query. The numbers come from the server; leaving the scaling out is arithmetic here.

const root = element.querySelector('.attention-drawing');
let data = null;
let now = { layer: 0, head: 0, query: 0, scaled: true };
let numbers = null;
let asked = 0;
let widths = null;
let stale = true; // the choice is newer than what is drawn
const fetched = new Map();

const said = make('p', 'attention-said');
said.setAttribute('role', 'status');
const layers = make('select', 'attention-select');
const heads = make('select', 'attention-select');
const scaling = make('input');
scaling.type = 'checkbox';
scaling.checked = true;
const strip = make('div', 'attention-chips');
const body = make('div', 'attention-steps');
const experiment = make('section', 'attention-step');
const line = make('p', 'answered-by');
const ROW = 22;

function build() {
  const tools = make('div', 'attention-tools');
  for (const [select, name, key] of [[layers, 'layer', 'layer'], [heads, 'head', 'head']]) {
    const named = make('label', 'attention-label', texts[name] + ' ');
    named.append(select);
    tools.append(named);
    select.addEventListener('change', () => { now[key] = Number(select.value); load(); });
  }
  const toggle = make('label', 'attention-label');
  toggle.append(scaling, ' ' + texts.with_scaling);
  scaling.addEventListener('change', () => { now.scaled = scaling.checked; drawSteps(); });
  tools.append(toggle);
  const slot = make('div', 'attention-slot');
  strip.setAttribute('role', 'group');
  strip.setAttribute('aria-label', texts.query_token);
  slot.append(make('span', 'attention-slot-name', texts.query_token), strip);
  root.replaceChildren(said, slot, tools, body, experiment, line);
}

async function ask(name, request) {
  let answer;
  try {
    answer = await server[name](request);
  } catch {
    answer = { error: texts.no_answer };
  }
  said.textContent = answer.error || '';
  return answer.error ? null : answer;
}

async function load() {
  stale = false;
  layers.value = now.layer;
  heads.value = now.head;
  for (const [i, chip] of [...strip.children].entries()) chip.setAttribute('aria-pressed', String(i === now.query));
  const name = [data.key, now.layer, now.head, now.query].join(' ');
  const turn = (asked += 1);
  if (!fetched.has(name)) {
    const answer = await ask('steps', { key: data.key, layer: now.layer, head: now.head, query: now.query });
    if (!answer) { if (turn === asked) body.replaceChildren(); return; }
    for (const key of ['q', 'k', 'v', 'raw', 'bias', 'visible', 'weights', 'head_output', 'concatenated', 'output']) answer[key] = floats(answer[key]);
    if (fetched.size > 40) fetched.delete(fetched.keys().next().value);
    fetched.set(name, answer);
  }
  if (turn !== asked) return;
  numbers = fetched.get(name);
  drawSteps();
}

// One step: its name, its formula with the shapes, what it says, and the numbers.
function step(key, formula, values, ...content) {
  const made = make('section', 'attention-step');
  const title = make('h4', 'lab-heading', texts['step_' + key]);
  const line_ = make('code', 'attention-formula', formula);
  made.append(title, line_, make('p', 'lab-note', fill('step_' + key + '_why', values)), ...content);
  return made;
}

function vector(values, name) {
  const frame = make('div', 'attention-vector');
  const note = make('span', 'attention-cell-note');
  const rest = `${Array.from(values.slice(0, 4), significant).join(', ')}${values.length > 4 ? ', …' : ''}`;
  note.textContent = rest;
  const strips = createStrips((at) => { note.textContent = at ? `${name}[${at.column}] = ${significant(at.value)}` : rest; });
  frame.append(strips.canvas, note);
  strips.draw(Array.from(values), 1, values.length, { width: Math.max(0.6, Math.min(9, 560 / values.length)), height: 18 });
  return frame;
}

function scores() {
  const { raw, bias, visible, scaling: factor } = numbers;
  return Array.from(raw, (score, j) => (visible[j] ? (now.scaled ? score * factor : score) + bias[j] : -Infinity));
}

function drawSteps() {
  if (!numbers) return;
  const n = numbers.raw.length;
  const d = numbers.d_k;
  const tokens = data.source.texts;
  const weights = softmax(scores());
  const mixed = new Float32Array(d);
  for (let j = 0; j < n; j += 1) for (let c = 0; c < d; c += 1) mixed[c] += weights[j] * numbers.v[j * d + c];
  const token = label(tokens[now.query]);
  const names = { token, n, d, layer: now.layer, head: now.head, kv: numbers.kv_head, heads: numbers.heads, kv_heads: numbers.kv_heads, width: numbers.width };
  const root_d = significant(Math.sqrt(d));

  const parts = [step('q', `q = x W_Q   (${numbers.width}) · (${numbers.width} × ${d}) → (${d})`, names, vector(numbers.q, 'q'))];
  const extra = [];
  if (numbers.rotary) extra.push(texts.note_rotary);
  if (numbers.kv_heads < numbers.heads) extra.push(fill('note_groups', names));
  extra.push(numbers.normed ? texts.note_prenorm : texts.note_postnorm);
  parts[0].append(make('p', 'lab-note', extra.join(' ')));
  const unscaled = numbers.scaling === 1;
  const formula = `softmax( q·K^T ${unscaled ? '' : now.scaled ? `/ √${d} ` : ''}${numbers.relative ? '+ b ' : ''}${numbers.causal ? '+ mask ' : ''}) → (${n})`;
  parts.push(step('scores', formula, names, scoreTable(weights)));
  const largest = Math.max(...weights);
  parts[1].append(facts([[texts.fact_largest, significant(largest)], [texts.fact_entropy, significant(bits(weights)) + ' ' + texts.bits], [unscaled ? texts.fact_no_scaling : texts.fact_divisor, unscaled ? '1' : now.scaled ? `√${d} = ${root_d}` : texts.fact_off]]));
  parts.push(step('sum', `o = Σ_j a_j v_j   (${n}) · (${n} × ${d}) → (${d})`, names, vector(now.scaled ? numbers.head_output : mixed, 'o')));
  if (now.scaled) {
    const concat = step('concat', `[o_0 … o_${numbers.heads - 1}] W_O   (${numbers.heads * d}) · (${numbers.heads * d} × ${numbers.width}) → (${numbers.width})`, names, vector(numbers.concatenated, 'o'), vector(numbers.output, 'y'));
    parts.push(concat);
    const check = make('p', 'attention-check', fill('check', { weights: exact(numbers.weight_difference), output: exact(numbers.output_difference) }));
    parts.push(check);
  } else parts.push(make('p', 'lab-note warn', texts.without_scaling));
  body.replaceChildren(...parts);
  root.dataset.shown = [data.key, now.layer, now.head, now.query, now.scaled].join(' ');
}

const exact = (value) => (value === 0 ? texts.check_same : value.toExponential(0).replace('e', ' × 10^'));

function facts(pairs) {
  const list = make('dl', 'lab-figures');
  for (const [name, value] of pairs) {
    const item = make('div');
    item.append(make('dt', '', name), make('dd', '', value));
    list.append(item);
  }
  return list;
}

// One row a key: k, q·k, scaled, masked, weight, v. The strips of all rows are one canvas each.
function scoreTable(weights) {
  const n = numbers.raw.length;
  const d = numbers.d_k;
  const frame = make('div', 'attention-frame attention-scores');
  const table = make('div', 'attention-score-table');
  const note = make('p', 'attention-readout', texts.strip_hint);
  const hidden = (j) => !numbers.visible[j];
  const columns = ['key', 'k', 'raw', 'scaled', 'weight', 'v'];
  const head = make('div', 'attention-score-head');
  for (const name of columns) head.append(make('span', '', name === 'scaled' && (numbers.scaling === 1 || !now.scaled) ? texts.score_score : texts['score_' + name]));
  table.append(head);
  const grid = make('div', 'attention-score-rows');
  const made = {};
  for (const name of columns) made[name] = make('div', 'attention-score-' + name);
  const shownScores = scores();
  data.source.texts.forEach((text, j) => {
    const cellOf = (name, value) => {
      const cell_ = make('span', hidden(j) ? 'hidden' : j === now.query ? 'current' : '', value);
      made[name].append(cell_);
      return cell_;
    };
    cellOf('key', short(text, 12)).title = text;
    cellOf('raw', significant(numbers.raw[j]));
    cellOf('scaled', significant(shownScores[j]));
    const slot = make('span', hidden(j) ? 'hidden' : '');
    slot.append(bar(weights[j]));
    made.weight.append(slot);
  });
  const width = Math.max(1, Math.min(3, 160 / d));
  for (const name of ['k', 'v']) {
    const strips = createStrips((at) => { note.textContent = at ? `${name}[${label(data.source.texts[at.row])}][${at.column}] = ${significant(at.value)}` : texts.strip_hint; });
    made[name].append(strips.canvas);
    strips.draw(Array.from(numbers[name]), n, d, { width, height: 14, gap: ROW - 14, faint: hidden });
  }
  for (const name of columns) grid.append(made[name]);
  table.append(grid);
  frame.append(table);
  const all = make('div');
  all.append(frame, note);
  return all;
}

async function drawExperiment() {
  const title = make('h4', 'lab-heading', texts.random_title);
  const slider = make('input', 'attention-slider');
  slider.type = 'range';
  const shown = make('output', 'attention-formula');
  const bars = make('div', 'attention-random');
  const why = make('p', 'lab-note', texts.random_why);
  const named = make('label', 'attention-label', 'd_k ');
  named.append(slider, shown);
  experiment.replaceChildren(title, why, named, bars);
  widths = widths || (await ask('saturation', {}))?.widths;
  if (!widths) return;
  [slider.min, slider.max, slider.step, slider.value] = [0, widths.length - 1, 1, 6];
  const draw_ = () => {
    const chosen = widths[slider.value];
    shown.textContent = String(chosen.d_k);
    slider.setAttribute('aria-valuetext', 'd_k = ' + chosen.d_k);
    const columns = [['raw', 'q·k', chosen.raw_largest], ['scaled', 'q·k / √d_k', chosen.scaled_largest]].map(([key, formula, mean]) => {
      const column = make('div');
      const values = Array.from(floats(chosen[key]));
      const plot = make('div', 'attention-columns');
      for (const value of values) {
        const one = make('i');
        one.style.height = Math.max(1, 100 * value) + '%';
        one.title = significant(value);
        plot.append(one);
      }
      column.append(make('p', 'lab-heading', 'softmax( ' + formula + ' )'), plot, facts([[texts.fact_largest, significant(Math.max(...values))], [texts.fact_mean_largest, significant(mean)], [texts.fact_entropy, significant(bits(values)) + ' ' + texts.bits]]));
      return column;
    });
    bars.replaceChildren(...columns);
    why.textContent = texts.random_why + ' ' + fill('random_spread', { spread: significant(chosen.spread), root: significant(Math.sqrt(chosen.d_k)) });
  };
  slider.addEventListener('input', draw_);
  draw_();
}

function options(select, count) {
  select.replaceChildren(...Array.from({ length: count }, (_, i) => {
    const made = make('option', '', String(i));
    made.value = i;
    return made;
  }));
}

function draw() {
  data = props.value?.json ? JSON.parse(props.value.json) : null;
  if (!data) { root.replaceChildren(make('p', 'lab-empty', texts.steps_empty)); return; }
  if (body.parentNode !== root) { build(); drawExperiment(); }
  fetched.clear();
  options(layers, data.maps.self.layers);
  options(heads, data.maps.self.heads);
  const last = data.source.texts.length - 1;
  const asked_ = data.suggest?.queries.at(-1);
  now = {
    layer: Math.min(now.layer, data.maps.self.layers - 1), head: Math.min(now.head, data.maps.self.heads - 1),
    query: asked_ ?? last, scaled: now.scaled,
  };
  strip.replaceChildren(...data.source.texts.map((text, i) => button(label(text), () => { now.query = i; load(); }, 'attention-chip')));
  line.textContent = data.line;
  stale = true;
  if (root.clientWidth) load();
}

draw();
watch('value', draw);
// a hidden tab asks for nothing; it catches up when it is opened
let width = 0;
new ResizeObserver(() => {
  if (!data || !root.clientWidth) return;
  if (stale) load();
  else if (root.clientWidth !== width) drawSteps();
  width = root.clientWidth;
}).observe(root);
document.addEventListener('attention-head', ({ detail }) => {
  if (!root.isConnected) return;
  now = { ...now, ...detail };
  stale = true;
});
new MutationObserver(() => { if (data) drawSteps(); }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
