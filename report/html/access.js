'use strict';
(() => {
  // Everything shown comes from nodes of the page itself and is put in as text or
  // as copies of nodes; no text is ever read as HTML.
  const $ = (s, at = document) => at.querySelector(s);
  const $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const number = n => n.toLocaleString('en-US');
  const many = (n, noun) => n === 1 ? '1 ' + noun : number(n) + ' ' + noun + 's';
  const ROW = 34, COL = 28, HEAD = 236, BEYOND = 4;
  const MEMBERS = 500; // shown of a group at once
  const NONE = -1;
  const NAMES = { always: 'always', conditional: 'with conditions', inconclusive: 'not decided', broken: 'broken: some checks of the call pass, others never' };
  const SIGNS = { always: '●', inconclusive: '?', broken: '✕' };
  const ORDER = ['always', 'conditional', 'inconclusive', 'broken'];

  function el(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [k, v] of Object.entries(props)) {
      if (v === undefined || v === null || v === false) continue;
      if (k.startsWith('on')) node.addEventListener(k.slice(2), v);
      else if (k === 'class') node.className = v;
      else node.setAttribute(k, v === true ? '' : v);
    }
    node.append(...children.filter(c => c !== null && c !== undefined));
    return node;
  }

  // ---- what the page says ----

  const noun = $('#matrix').dataset.noun;
  const terms = $$('#terms .terms > li').map((li, i) => ({ node: li, outcome: li.dataset.o, name: 'C' + (i + 1) }));
  const targets = $$('#targets .targets > li').map(li => {
    const name = $('b', li).textContent, kind = $('small', li).textContent, arn = $('code', li).textContent;
    return { name, kind, arn, text: (name + ' ' + kind + ' ' + arn).toLowerCase() };
  });
  const spread = text => text.split(',').filter(s => s.trim()).map(part => { const [a, b] = part.split('–').map(n => Number(n) - 1); return [a, b === undefined ? a : b]; });
  const short = arn => arn.split(':').slice(5).join(':') || arn;

  const rows = [...$('#plain').tBodies[0].rows].map((tr, at) => {
    const arns = [], accounts = new Set(), text = [];
    for (const li of tr.cells[0].firstChild.children) {
      arns.push(li.textContent);
      if (li.dataset.a) accounts.add(li.dataset.a);
    }
    for (const arn of arns) text.push(arn.toLowerCase());
    const grants = [tr.cells[1], tr.cells[2]].flatMap((td, i) => [...td.children].map(p => {
      const link = p.firstChild, n = +link.hash.slice(2) - 1;
      return { node: p, direct: i === 0, terms: n, ranges: spread(link.nextSibling.nodeValue), outcome: terms[n].outcome };
    }));
    return { at, tr, arns, accounts, text, grants, cells: null, members: arns.length };
  });
  const all = rows.reduce((n, r) => n + r.members, 0);

  // cellsOf gives, by target, the best terms of direct access and those through others.
  function cellsOf(r) {
    if (r.cells) return r.cells;
    const direct = new Int16Array(targets.length).fill(NONE), via = new Int16Array(targets.length).fill(NONE);
    for (const g of r.grants) {
      const into = g.direct ? direct : via;
      for (const [a, b] of g.ranges) {
        for (let i = a; i <= b; i++) if (into[i] === NONE || ORDER.indexOf(g.outcome) < ORDER.indexOf(terms[into[i]].outcome)) into[i] = g.terms;
      }
    }
    r.cells = { direct, via };
    return r.cells;
  }

  // ---- what is in sight ----

  const state = { who: '', what: '', access: '', account: '' };
  let shown = rows, columns = targets.map((_, i) => i), at = { row: 0, col: -1 }, counted = all;
  const words = s => s.trim().toLowerCase().split(/\s+/).filter(Boolean);

  const wanted = {
    '': () => true,
    direct: g => g.direct && g.outcome !== 'broken',
    via: g => !g.direct && g.outcome !== 'broken',
    always: g => g.outcome === 'always',
    conditional: g => g.outcome === 'conditional',
    inconclusive: g => g.outcome === 'inconclusive',
    broken: g => g.outcome === 'broken',
  };

  function apply() {
    const who = words(state.who), what = words(state.what), want = wanted[state.access];
    columns = [];
    targets.forEach((t, i) => { if (what.every(w => t.text.includes(w))) columns.push(i); });
    const inColumns = new Uint8Array(targets.length);
    for (const i of columns) inColumns[i] = 1;
    const reaches = g => { for (const [a, b] of g.ranges) for (let i = a; i <= b; i++) if (inColumns[i]) return true; return false; };
    counted = 0;
    shown = rows.filter(r => {
      if (state.account && !r.accounts.has(state.account)) return false;
      if ((state.access || what.length) && !r.grants.some(g => want(g) && reaches(g))) return false;
      const n = who.length || state.account ? r.text.filter(t => who.every(w => t.includes(w)) && (!state.account || t.includes(':' + state.account + ':'))).length : r.members;
      counted += n;
      return n > 0;
    });
    at = { row: Math.min(at.row, Math.max(0, shown.length - 1)), col: Math.min(at.col, columns.length - 1) };
    layout();
    const wide = columns.length < targets.length ? `${number(columns.length)} of ${many(targets.length, noun)}` : many(targets.length, noun);
    status.textContent = shown.length === 0 ? 'No principal matches.' :
      `${counted < all ? number(counted) + ' of ' : ''}${many(all, 'principal')} in ${shown.length < rows.length ? number(shown.length) + ' of ' : ''}${many(rows.length, 'group')}, ${wide}`;
  }

  // ---- the grid: only what is in sight is there ----

  const side = () => Math.round(Math.min(330, Math.max(150, innerWidth * .34)));
  const heads = el('div', { class: 'heads', role: 'row', 'aria-rowindex': 1 });
  const canvas = el('div', { class: 'canvas', role: 'presentation' }, heads);
  const grid = el('div', { class: 'grid', role: 'grid', 'aria-label': 'Groups of principals against ' + noun + 's', 'aria-describedby': 'gridhelp' }, canvas);
  const status = el('p', { class: 'status', role: 'status' });
  const tip = el('div', { class: 'tip', id: 'tip', role: 'tooltip', hidden: true });
  let lines = new Map(), width = 0, drawn = '';

  function layout() {
    width = side();
    for (const l of lines.values()) l.node.remove();
    lines = new Map();
    drawn = '';
    canvas.style.width = width + columns.length * COL + 8 + 'px';
    canvas.style.height = HEAD + shown.length * ROW + 'px';
    heads.style.height = HEAD + 'px';
    grid.style.height = `min(max(72vh, 420px), ${HEAD + Math.max(2, shown.length) * ROW + 20}px)`;
    grid.setAttribute('aria-rowcount', shown.length + 1);
    grid.setAttribute('aria-colcount', columns.length + 1);
    const none = $('.none', canvas);
    if (none) none.remove();
    if (!shown.length) canvas.append(el('p', { class: 'none' }, 'No principal matches.'));
    draw();
  }

  function cell(r, y, x) {
    const c = cellsOf(r), i = columns[x], direct = c.direct[i], via = c.via[i];
    const node = el('div', { class: 'cell', role: 'gridcell', 'aria-colindex': x + 2, tabindex: at.row === y && at.col === x ? 0 : -1, 'data-x': x });
    node.style.left = width + x * COL + 'px';
    node.style.width = COL + 'px';
    if (direct === NONE && via === NONE) {
      node.setAttribute('aria-label', targets[i].name + ': no access');
      node.append(el('i'));
      return node;
    }
    node.classList.add('has');
    const t = direct !== NONE ? terms[direct] : null;
    const sign = t ? SIGNS[t.outcome] || t.name.slice(1) : '↳';
    node.append(el('i', { class: t ? 'i-' + t.outcome + (via !== NONE ? ' via' : '') : 'i-via', 'aria-hidden': 'true' }, sign));
    const said = [];
    if (t) said.push(NAMES[t.outcome] + ' (' + t.name + ')');
    if (via !== NONE) said.push('through others ' + NAMES[terms[via].outcome]);
    node.setAttribute('aria-label', targets[i].name + ': ' + said.join('; '));
    return node;
  }

  function line(y) {
    const r = shown[y];
    const who = el('div', { class: 'who', role: 'rowheader', 'aria-colindex': 1, tabindex: at.row === y && at.col < 0 ? 0 : -1, 'data-x': -1 },
      el('b', {}, short(r.arns[0])), r.members > 1 ? el('small', {}, '+' + number(r.members - 1)) : null);
    who.setAttribute('aria-label', short(r.arns[0]) + (r.members > 1 ? ' and ' + number(r.members - 1) + ' more' : ''));
    who.style.width = width + 'px';
    const node = el('div', { class: 'line' + (at.row === y ? ' at' : ''), role: 'row', 'aria-rowindex': y + 2, 'data-y': y }, who);
    node.style.top = HEAD + y * ROW + 'px';
    node.style.width = canvas.style.width;
    return { node, cells: new Map() };
  }

  // draw makes what came into sight and drops what left it.
  function draw() {
    const x0 = Math.max(0, Math.floor(grid.scrollLeft / COL) - BEYOND);
    const x1 = Math.min(columns.length, Math.ceil((grid.scrollLeft + grid.clientWidth - width) / COL) + BEYOND);
    const y0 = Math.max(0, Math.floor(grid.scrollTop / ROW) - BEYOND);
    const y1 = Math.min(shown.length, Math.ceil((grid.scrollTop + grid.clientHeight - HEAD) / ROW) + BEYOND);
    const window = [x0, x1, y0, y1].join();
    if (window === drawn) return;
    drawn = window;
    drawHeads(x0, x1);
    const active = document.activeElement;
    for (const [y, l] of lines) if ((y < y0 || y >= y1) && !l.node.contains(active)) { l.node.remove(); lines.delete(y); }
    for (let y = y0; y < y1; y++) {
      let l = lines.get(y);
      if (!l) { l = line(y); lines.set(y, l); canvas.append(l.node); }
      for (const [x, c] of l.cells) if ((x < x0 || x >= x1) && c !== active) { c.remove(); l.cells.delete(x); }
      for (let x = x0; x < x1; x++) if (!l.cells.has(x)) { const c = cell(shown[y], y, x); l.cells.set(x, c); l.node.append(c); }
    }
  }

  function drawHeads(x0, x1) {
    const corner = el('div', { class: 'corner', role: 'columnheader', 'aria-colindex': 1 }, 'Principals');
    corner.style.width = width + 'px';
    heads.replaceChildren(corner);
    for (let x = x0; x < x1; x++) {
      const t = targets[columns[x]], cut = t.name.lastIndexOf(', '), name = cut < 0 ? t.name : t.name.slice(0, cut), region = cut < 0 ? '' : t.name.slice(cut + 2);
      const head = el('div', { class: 'head' + (x === at.col ? ' at' : ''), role: 'columnheader', 'aria-colindex': x + 2, title: t.name + ', ' + t.kind }, el('span', {}, el('b', {}, name), region ? el('small', {}, region) : null));
      head.style.left = width + x * COL + 'px';
      head.style.width = COL + 'px';
      heads.append(head);
    }
  }

  // ---- one access in words ----

  function accessOf(r, i) {
    const out = [];
    for (const g of r.grants) {
      if (i !== null && !g.ranges.some(([a, b]) => i >= a && i <= b)) continue;
      const t = terms[g.terms], hops = $$('span', g.node);
      const what = i === null ? ': ' + g.ranges.flatMap(([a, b]) => a === b ? [targets[a].name] : [targets[a].name, b > a + 1 ? '…' : null, targets[b].name].filter(Boolean)).slice(0, 12).join(', ') : '';
      out.push(el('div', { class: 'access' },
        el('b', {}, (g.direct ? 'Directly' : 'Through others') + what + ' '), el('span', { class: 'badge mark-' + t.outcome }, NAMES[t.outcome] + ' (' + t.name + ')'),
        hops.length ? el('ul', { class: 'hops' }, ...hops.map(h => el('li', {}, h.textContent))) : null,
        $('.body', t.node).cloneNode(true)));
    }
    return out;
  }

  function label(r) { return short(r.arns[0]) + (r.members > 1 ? ' and ' + number(r.members - 1) + ' more' : ''); }

  function showTip(node) {
    const y = +node.closest('.line').dataset.y, x = +node.dataset.x, r = shown[y];
    if (!r || x < 0 && node.dataset.x !== '-1') return hideTip();
    const what = x < 0 ? null : columns[x];
    if (x < 0) {
      tip.replaceChildren(el('h3', {}, label(r)), el('small', {}, [...r.accounts].slice(0, 6).join(', ') + (r.accounts.size > 6 ? ', …' : '')),
        el('ul', {}, ...r.arns.slice(0, 8).map(a => el('li', {}, a))), r.members > 8 ? el('p', {}, 'and ' + number(r.members - 8) + ' more') : '');
    } else {
      const said = accessOf(r, what);
      if (!said.length) return hideTip();
      tip.replaceChildren(el('h3', {}, targets[what].name), el('small', {}, targets[what].kind + ' · ' + label(r)), ...said);
    }
    tip.hidden = false;
    const box = node.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const below = box.bottom + 8 + own.height < innerHeight;
    tip.style.left = Math.max(12, Math.min(box.left, innerWidth - own.width - 12)) + 'px';
    tip.style.top = Math.max(12, below ? box.bottom + 8 : box.top - own.height - 8) + 'px';
    node.setAttribute('aria-describedby', 'tip');
  }
  function hideTip() { tip.hidden = true; for (const n of $$('[aria-describedby=tip]', grid)) n.removeAttribute('aria-describedby'); }

  // ---- all of a group ----

  const dialog = el('dialog', { 'aria-labelledby': 'dialog-title' });
  function openGroup(y, x) {
    const r = shown[y];
    if (!r) return;
    hideTip();
    const list = el('ul', { class: 'arns' }, ...r.arns.slice(0, MEMBERS).map(a => el('li', {}, a)));
    const more = r.members > MEMBERS ? el('button', { type: 'button', class: 'more', onclick: e => { list.append(...r.arns.slice(MEMBERS).map(a => el('li', {}, a))); e.target.remove(); } }, `Show all ${number(r.members)}`) : null;
    const inside = el('div', { class: 'inside' });
    if (x >= 0 && columns[x] !== undefined) inside.append(el('h3', {}, targets[columns[x]].name), el('p', {}, el('code', {}, targets[columns[x]].arn)), ...accessOf(r, columns[x]), el('h3', {}, 'All that they reach'));
    else inside.append(el('h3', {}, 'What they reach'));
    inside.append(...accessOf(r, null), el('h3', {}, many(r.members, 'principal')), list, more || '');
    dialog.replaceChildren(el('header', {}, el('h2', { id: 'dialog-title' }, label(r)), el('button', { type: 'button', class: 'shut', onclick: () => dialog.close() }, 'Close')), inside);
    dialog.showModal();
    dialog.scrollTop = 0;
  }
  dialog.addEventListener('click', e => { if (e.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => focusAt(at.row, at.col));

  // ---- keys and pointer ----

  const nodeAt = (y, x) => { const l = lines.get(y); return l && (x < 0 ? l.node.firstChild : l.cells.get(x)); };

  function focusAt(y, x) {
    if (!shown.length) return;
    y = Math.max(0, Math.min(y, shown.length - 1));
    x = Math.max(-1, Math.min(x, columns.length - 1));
    const old = nodeAt(at.row, at.col);
    if (old) old.tabIndex = -1;
    lines.get(at.row)?.node.classList.remove('at');
    at = { row: y, col: x };
    const top = y * ROW, left = x * COL;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + ROW > grid.scrollTop + grid.clientHeight - HEAD) grid.scrollTop = top + ROW - grid.clientHeight + HEAD;
    if (x >= 0 && left < grid.scrollLeft) grid.scrollLeft = left;
    else if (x >= 0 && left + COL > grid.scrollLeft + grid.clientWidth - width) grid.scrollLeft = left + COL - grid.clientWidth + width;
    drawn = '';
    draw();
    lines.get(y)?.node.classList.add('at');
    const node = nodeAt(y, x);
    if (node) { node.tabIndex = 0; node.focus({ preventScroll: true }); showTip(node); }
  }

  const page = () => Math.max(1, Math.floor((grid.clientHeight - HEAD) / ROW) - 1);
  const MOVES = {
    ArrowUp: () => [at.row - 1, at.col], ArrowDown: () => [at.row + 1, at.col], ArrowLeft: () => [at.row, at.col - 1], ArrowRight: () => [at.row, at.col + 1],
    PageUp: () => [at.row - page(), at.col], PageDown: () => [at.row + page(), at.col],
    Home: e => [e.ctrlKey ? 0 : at.row, -1], End: e => [e.ctrlKey ? shown.length - 1 : at.row, columns.length - 1],
  };
  grid.addEventListener('keydown', e => {
    if (e.key === 'Escape') return hideTip();
    if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); return openGroup(at.row, at.col); }
    const move = MOVES[e.key];
    if (!move || e.altKey || e.metaKey) return;
    e.preventDefault();
    focusAt(...move(e));
  });
  const hit = e => e.target.closest?.('.cell, .who');
  grid.addEventListener('pointerover', e => { const n = hit(e); if (n) showTip(n); else hideTip(); });
  grid.addEventListener('pointerleave', hideTip);
  grid.addEventListener('focusout', hideTip);
  grid.addEventListener('click', e => {
    const n = hit(e);
    if (!n) return;
    const y = +n.closest('.line').dataset.y, x = +n.dataset.x;
    focusAt(y, x);
    if (n.classList.contains('has') || x < 0) openGroup(y, x);
  });
  let frame = 0;
  grid.addEventListener('scroll', () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(() => { hideTip(); draw(); }); });
  addEventListener('resize', () => { if (side() !== width) layout(); else { drawn = ''; draw(); } });

  // ---- the page ----

  function field(key, name, hint) {
    const input = el('input', { type: 'search', placeholder: hint, 'aria-label': name, autocomplete: 'off', spellcheck: 'false' });
    let timer = 0;
    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => { state[key] = input.value; apply(); }, 100); });
    input.addEventListener('change', () => { clearTimeout(timer); state[key] = input.value; apply(); });
    return input;
  }
  function choice(key, name, options) {
    return el('select', { 'aria-label': name, onchange: e => { state[key] = e.target.value; apply(); } }, ...options.map(([v, t]) => el('option', { value: v }, t)));
  }
  const accounts = [...new Set(rows.flatMap(r => [...r.accounts]))].sort();
  const selects = el('div', { class: 'selects' }, choice('access', 'Access', [['', 'Access: any'], ['direct', 'directly'], ['via', 'through others'], ['always', 'always'],
    ['conditional', 'with conditions'], ['inconclusive', 'not decided'], ['broken', 'broken']]),
    accounts.length > 1 ? choice('account', 'Account', [['', 'Account: any'], ...accounts.map(a => [a, a])]) : null,
    el('button', { type: 'button', class: 'reset', onclick: () => {
      for (const k of Object.keys(state)) state[k] = '';
      for (const n of $$('input, select', filters)) n.value = '';
      apply();
    } }, 'Show all'));
  const filters = el('div', { class: 'filters', role: 'search', 'aria-label': 'Filter the matrix' },
    el('div', { class: 'choices' }, field('who', 'Filter principals', 'Principals: name, ARN, account'), field('what', 'Filter ' + noun + 's', noun[0].toUpperCase() + noun.slice(1) + 's: name, Region, kind, ARN')), selects);
  const sign = (c, s, text) => el('span', {}, el('i', { class: c, 'aria-hidden': 'true' }, s), text);
  const legend = el('div', { class: 'legend2' }, sign('i-always', '●', 'always'), sign('i-conditional', '3', 'under conditions C3'), sign('i-inconclusive', '?', 'not decided'),
    sign('i-broken', '✕', 'broken'), sign('i-always via', '●', 'also through others'), sign('i-via', '↳', 'only through others'));
  const help = el('p', { class: 'hint', id: 'gridhelp' }, 'Point at a cell, or move with the arrow keys, to see its conditions; Enter or a click shows all of a group.');

  $('#matrix').append(filters, legend, status, grid, help);
  document.body.append(tip, dialog);
  apply();
  addEventListener('beforeprint', () => { const keep = new Set(shown); for (const r of rows) r.tr.hidden = !keep.has(r); });
  addEventListener('afterprint', () => { for (const r of rows) r.tr.hidden = false; });
})();
