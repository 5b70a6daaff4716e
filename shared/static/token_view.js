// Draws tokens as coloured spans. The body of gr.HTML's js_on_load (element, props, trigger, watch are given); a lab that
// draws several views puts its own code after this file and calls createTokenView for each. Tokens are only ever textContent.

const WHITESPACE = { ' ': '·', '\u00a0': '⍽', '\u3000': '□', '\t': '→', '\n': '↵\n', '\r': '␍' };

function visibleText(text, whitespace) {
  if (!whitespace) return text;
  return text.replace(/[ \u00a0\u3000\t\n\r]/g, (character) => WHITESPACE[character]);
}

// tokens: array of {text, title, special, byte, shade, before, after}; `before` and `after` are marks drawn faintly.
// options: {page, label, more, placeholder, onSelect(index), onHover(index or -1)}
function createTokenView(root, options = {}) {
  const page = options.page || 2000;
  let tokens = [];
  let drawn = 0;
  let whitespace = false;
  let selected = -1;
  let focused = 0;

  root.classList.add('token-view');
  root.setAttribute('role', 'listbox');
  root.setAttribute('aria-orientation', 'horizontal');
  root.tabIndex = 0;
  if (options.label) root.setAttribute('aria-label', options.label);
  const list = root.ownerDocument.createElement('span');
  list.className = 'token-view-list';
  list.setAttribute('role', 'presentation');
  const more = root.ownerDocument.createElement('button');
  more.type = 'button';
  more.className = 'token-view-more';
  const id = 'token-view-' + Math.random().toString(36).slice(2, 9);

  function paint(span, token, index) {
    span.className = 'token ' + (index % 2 ? 'token-odd' : 'token-even');
    if (token.special) span.classList.add('token-special');
    if (token.byte) span.classList.add('token-byte');
    const shaded = typeof token.shade === 'number';
    span.classList.toggle('token-shaded', shaded);
    if (shaded) span.style.setProperty('--shade', Math.round(Math.max(0, Math.min(1, token.shade)) * 100) + '%');
    else span.style.removeProperty('--shade');
    if (token.title) span.title = token.title;
    else span.removeAttribute('title');
    span.replaceChildren();
    if (token.before) span.append(mark(token.before));
    span.append(visibleText(token.text, whitespace));
    if (token.after) span.append(mark(token.after));
    if (!span.textContent) span.classList.add('token-empty');
    span.setAttribute('aria-selected', index === selected ? 'true' : 'false');
    if (index === selected) span.classList.add('token-selected');
  }

  function mark(text) {
    const span = root.ownerDocument.createElement('span');
    span.className = 'token-mark';
    span.textContent = text;
    return span;
  }

  function draw(limit) {
    const end = Math.min(limit, tokens.length);
    const batch = root.ownerDocument.createDocumentFragment();
    for (let index = drawn; index < end; index += 1) {
      const span = root.ownerDocument.createElement('span');
      span.dataset.index = index;
      span.id = id + '-' + index;
      span.setAttribute('role', 'option');
      paint(span, tokens[index], index);
      batch.append(span);
    }
    list.append(batch);
    drawn = Math.max(drawn, end);
    const left = tokens.length - drawn;
    more.hidden = left <= 0;
    more.textContent = (options.more || '+{n}').replace('{n}', left.toLocaleString('en'));
  }

  function same(a, b) {
    return a.text === b.text && a.title === b.title && a.special === b.special && a.byte === b.byte
      && a.shade === b.shade && a.before === b.before && a.after === b.after;
  }

  function select(index) {
    const old = list.children[selected];
    if (old) {
      old.classList.remove('token-selected');
      old.setAttribute('aria-selected', 'false');
    }
    selected = index;
    const now = list.children[selected];
    if (now) {
      now.classList.add('token-selected');
      now.setAttribute('aria-selected', 'true');
    }
  }

  function focus(index) {
    list.children[focused]?.classList.remove('token-focus');
    focused = Math.max(0, Math.min(index, drawn - 1));
    const span = list.children[focused];
    if (!span) return;
    span.classList.add('token-focus');
    root.setAttribute('aria-activedescendant', span.id);
    span.scrollIntoView({ block: 'nearest' });
    options.onHover?.(focused);
  }

  function indexOf(event) {
    const span = event.target.closest?.('[data-index]');
    return span && root.contains(span) ? Number(span.dataset.index) : -1;
  }

  root.addEventListener('click', (event) => {
    const index = indexOf(event);
    if (index < 0) return;
    list.children[focused]?.classList.remove('token-focus');
    focused = index;
    select(index);
    options.onSelect?.(index);
  });
  root.addEventListener('keydown', (event) => {
    if (event.target === more || !drawn) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) focus(list.querySelector('.token-focus') ? focused + steps[event.key] : focused);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(drawn - 1);
    else if (event.key === 'Enter' || event.key === ' ') {
      select(focused);
      options.onSelect?.(focused);
    } else return;
    event.preventDefault();
  });
  root.addEventListener('mouseover', (event) => options.onHover?.(indexOf(event)));
  root.addEventListener('mouseleave', () => options.onHover?.(-1));
  root.addEventListener('blur', () => {
    list.children[focused]?.classList.remove('token-focus');
    options.onHover?.(-1);
  });
  more.addEventListener('click', (event) => {
    event.stopPropagation();
    draw(drawn + page);
  });

  return {
    root,
    update(value) {
      const next = value?.tokens || [];
      const fresh = Boolean(value?.whitespace) !== whitespace;
      whitespace = Boolean(value?.whitespace);
      // Most updates while streaming append: what is drawn and unchanged stays.
      let keep = 0;
      const comparable = fresh ? 0 : Math.min(drawn, next.length);
      while (keep < comparable && same(tokens[keep], next[keep])) keep += 1;
      while (list.children.length > keep) list.lastChild.remove();
      const limit = Math.max(page, Math.min(drawn, next.length));
      tokens = next;
      drawn = keep;
      root.classList.toggle('token-view-empty', !next.length);
      if (!next.length) {
        root.replaceChildren(options.placeholder || '');
        list.replaceChildren();
        drawn = 0;
        focused = 0;
      } else if (list.parentNode !== root) {
        root.replaceChildren(list, more);
      }
      draw(limit);
      if (focused >= drawn) focused = 0;
      select(typeof value?.selected === 'number' ? value.selected : -1);
    },
    highlight(index) {
      list.querySelector('.token-hover')?.classList.remove('token-hover');
      if (index >= 0) list.children[index]?.classList.add('token-hover');
    },
    // Draws as far as `index`, for a caller that points at a token not drawn yet.
    reveal(index) {
      if (index >= drawn) draw(index + 1);
      return list.children[index];
    },
    select,
  };
}

const soloRoot = element.querySelector('.token-view');
if (soloRoot) {
  const solo = createTokenView(soloRoot, {
    label: props.label || props.placeholder,
    more: props.more,
    placeholder: props.placeholder,
    onSelect: (index) => trigger('select', { index }),
  });
  solo.update(props.value);
  watch('value', () => solo.update(props.value));
}
