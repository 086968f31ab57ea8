'use strict';
(() => {
  // Everything shown comes from nodes of the page itself and is put in as text or
  // as copies of nodes; no text is ever read as HTML.
  const $ = (s, at = document) => at.querySelector(s);
  const $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const OUTCOMES = ['fail', 'inconclusive', 'manual', 'pass', 'not_applicable'];
  const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational'];
  const CHANGES = ['new', 'changed', 'fixed'];
  const IN_CONTROL = 10;
  const IN_PRINT = 1000;
  const words = o => o.replace(/_/g, ' ');
  const number = n => n.toLocaleString('en-US');

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

  // The checks chapter, by place.
  const checks = $$('#checks > details').map(d => ({
    node: d, service: d.dataset.service, type: d.dataset.type, id: $('summary code', d).textContent,
    title: $('summary b', d).textContent, severity: $('summary .sev', d).textContent,
  }));

  // The rows of the plain table become the data; the table leaves the page.
  function harvest() {
    const plain = $('#plain');
    plain.remove();
    return [...plain.tBodies[0].rows].map((tr, at) => {
      const c = tr.cells, check = checks[+tr.dataset.c] || {};
      return {
        at, cells: c, ref: +tr.dataset.c, outcome: tr.dataset.o, change: tr.dataset.n || '', severity: c[1].textContent,
        title: c[2].textContent, subject: c[3].firstChild.textContent, arn: c[3].querySelector('code')?.textContent || '',
        account: c[4].textContent, region: c[5].textContent, service: check.service || '', check, text: null,
      };
    });
  }

  const place = (list, v) => { const i = list.indexOf(v); return i < 0 ? list.length : i; };
  const compareText = new Intl.Collator('en', { numeric: true }).compare;
  const ORDER = {
    outcome: (a, b) => place(OUTCOMES, a.outcome) - place(OUTCOMES, b.outcome),
    severity: (a, b) => place(SEVERITIES, a.severity) - place(SEVERITIES, b.severity),
    title: (a, b) => compareText(a.title, b.title),
    subject: (a, b) => compareText(a.subject, b.subject),
    account: (a, b) => compareText(a.account, b.account),
    region: (a, b) => compareText(a.region, b.region),
  };
  const worst = (a, b) => ORDER.outcome(a, b) || ORDER.severity(a, b) || a.at - b.at;

  const rows = harvest();
  const state = { query: '', outcomes: new Set(), severity: '', account: '', region: '', service: '', change: '', checks: null, control: '', sort: '', down: false, page: 0, size: 50 };
  let found = [];

  function matches(r) {
    if (state.outcomes.size && !state.outcomes.has(r.outcome)) return false;
    if (state.severity && r.severity !== state.severity) return false;
    if (state.account && r.account !== state.account) return false;
    if (state.region && r.region !== state.region) return false;
    if (state.service && r.service !== state.service) return false;
    if (state.change && r.change !== state.change) return false;
    if (state.checks && !state.checks.has(r.ref)) return false;
    if (!state.query) return true;
    if (r.text === null) r.text = [r.title, r.check.id, r.subject, r.arn, r.account, r.region, r.cells[6].textContent].join(' ').toLowerCase();
    return state.query.split(/\s+/).every(w => r.text.includes(w));
  }

  // ---- one finding ----

  const badge = o => el('span', { class: 'badge ' + o }, words(o));

  function copyButton(text, what) {
    const b = el('button', { type: 'button', class: 'copy', 'aria-label': 'Copy ' + what }, 'Copy');
    b.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text());
      } catch {
        const area = el('textarea', { class: 'sr' });
        area.value = text();
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
      }
      b.textContent = 'Copied';
      setTimeout(() => { b.textContent = 'Copy'; }, 1500);
    });
    return b;
  }

  function addCopyButtons(at) {
    for (const fig of $$('figure.code', at)) {
      if (!$('.copy', fig)) fig.append(copyButton(() => $('code', fig).textContent, $('figcaption', fig).textContent));
    }
  }

  // panel is what an opened finding shows: what was found, beside what its check says.
  function panel(r) {
    const cell = r.cells[6], at = el('div', { class: 'found' });
    at.append(el('h3', {}, 'What was found'));
    for (const p of $$('p:not([class])', cell)) at.append(el('p', { class: 'reason' }, p.textContent));
    const cause = $('.u', cell);
    if (cause) at.append(el('p', { class: 'cause' }, el('b', {}, cause.textContent), el('span', {}, $('.a', cell)?.textContent || '')));
    const facts = $('dl:not(.v)', cell);
    if (facts) {
      const body = el('tbody');
      for (const dt of $$('dt', facts)) {
        body.append(el('tr', {}, el('th', { scope: 'row' }, ...breakable(dt.textContent)), el('td', {}, dt.nextElementSibling.textContent)));
      }
      at.append(el('h4', {}, 'Facts looked at'), el('table', { class: 'factlist' }, body));
    }
    const evidence = $('dl.v', cell);
    if (evidence) {
      at.append(el('h4', {}, 'Evidence'));
      for (const dt of $$('dt', evidence)) {
        const text = dt.nextElementSibling.textContent;
        at.append(text.startsWith('{') || text.startsWith('[')
          ? el('figure', { class: 'code' }, el('figcaption', {}, dt.textContent), el('pre', {}, el('code', {}, text)), copyButton(() => text, dt.textContent))
          : el('p', {}, el('b', {}, dt.textContent + ': '), text));
      }
    }
    const together = $('.r', cell);
    if (together) at.append(el('p', {}, together.textContent));
    const dl = el('dl', { class: 'pairs' });
    const pair = (k, v) => v && dl.append(el('dt', {}, k), el('dd', {}, v));
    pair('In scope because', $('.s', cell)?.textContent);
    if (r.arn) dl.append(el('dt', {}, 'ARN'), el('dd', {}, el('code', {}, r.arn), ' ', copyButton(() => r.arn, 'ARN')));
    pair('Stands in', $('.w', r.cells[3])?.textContent);
    pair('Type', r.check.type);
    pair('Account', r.account);
    pair('Region', r.region);
    pair('Against the baseline', r.change);
    at.append(el('h4', {}, 'Subject'), dl);
    const side = el('div', { class: 'check' });
    if (r.check.node) {
      const body = $('.body', r.check.node).cloneNode(true);
      $$('.copy', body).forEach(b => b.remove());
      // What a failure means is often word for word the reason given beside it.
      for (const h of $$('h4', body)) {
        const text = h.nextElementSibling;
        if (text && text.tagName === 'P' && $$('.reason', at).some(p => p.textContent === text.textContent)) { text.remove(); h.remove(); }
      }
      side.append(el('p', { class: 'checkid' }, el('code', {}, r.check.id)), ...body.childNodes);
      addCopyButtons(side);
    }
    return el('div', { class: 'panel' }, at, side);
  }

  // breakable lets the name of a type or of a fact break where its parts meet.
  const breakable = s => s.split(/(?<=::|\.)/).flatMap(part => [part, el('wbr')]);

  let serial = 0;
  function findingRow(r, columns) {
    const id = 'f' + (++serial);
    const button = el('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-controls': id, 'aria-label': 'Details of ' + r.title + ', ' + r.subject });
    const tr = el('tr', { class: 'row' },
      el('td', { class: 'c-outcome' }, button, badge(r.outcome)),
      el('td', { class: 'c-severity' }, el('span', { class: 'sev ' + r.severity }, r.severity)),
      el('td', { class: 'c-title' }, el('b', {}, r.title), r.change ? el('span', { class: 'change ' + r.change }, r.change) : null, el('small', {}, $('p:not([class])', r.cells[6])?.textContent || '')),
      el('td', { class: 'c-subject' }, el('b', {}, r.subject), el('small', {}, ...breakable(r.check.type || ''))),
      el('td', { class: 'c-account' }, r.account),
      el('td', { class: 'c-region' }, r.region));
    const detail = el('tr', { class: 'detail', id, hidden: true }, el('td', { colspan: columns }));
    const toggle = () => {
      const open = button.getAttribute('aria-expanded') !== 'true';
      button.setAttribute('aria-expanded', String(open));
      tr.classList.toggle('opened', open);
      if (open && !detail.firstChild.firstChild) detail.firstChild.append(panel(r));
      detail.hidden = !open;
    };
    tr.addEventListener('click', e => { if (e.target === button || !(e.target.closest('a,button') || String(getSelection()))) toggle(); });
    return [tr, detail];
  }

  // ---- the table of findings ----

  const table = el('table', { class: 'list findings' });
  const tbody = el('tbody');
  const status = el('p', { class: 'status', role: 'status' });
  const pager = el('nav', { class: 'pager', 'aria-label': 'Pages of findings' });
  const COLUMNS = [['outcome', 'Outcome'], ['severity', 'Severity'], ['title', 'Condition'], ['subject', 'Subject'], ['account', 'Account'], ['region', 'Region']];
  const heads = {};

  const columns = () => el('colgroup', {}, ...COLUMNS.map(([key]) => el('col', { class: 'c-' + key })));

  function buildTable() {
    const tr = el('tr');
    for (const [key, label] of COLUMNS) {
      heads[key] = el('th', { scope: 'col', class: 'c-' + key }, el('button', { type: 'button', class: 'sort', onclick: () => {
        if (state.sort !== key) { state.sort = key; state.down = false; } else if (!state.down) state.down = true; else state.sort = '';
        show();
      } }, label));
      tr.append(heads[key]);
    }
    table.append(el('caption', { class: 'sr' }, 'Findings'), columns(), el('thead', {}, tr), tbody);
  }

  function show(keepPage) {
    if (!keepPage) state.page = 0;
    found = rows.filter(matches).sort(worst);
    if (state.sort) {
      const by = ORDER[state.sort], sign = state.down ? -1 : 1;
      found.sort((a, b) => sign * by(a, b) || worst(a, b));
    }
    for (const [key, th] of Object.entries(heads)) {
      if (key === state.sort) th.setAttribute('aria-sort', state.down ? 'descending' : 'ascending'); else th.removeAttribute('aria-sort');
    }
    syncFilters();
    page();
  }

  function page() {
    const from = state.page * state.size, to = Math.min(from + state.size, found.length);
    tbody.replaceChildren(...found.slice(from, to).flatMap(r => findingRow(r, COLUMNS.length)));
    status.textContent = found.length === 0 ? 'No finding matches.' :
      `${number(from + 1)}–${number(to)} of ${number(found.length)}` + (found.length < rows.length ? ` (${number(rows.length)} in all)` : '');
    const last = Math.max(0, Math.ceil(found.length / state.size) - 1);
    const go = (label, to, name) => el('button', { type: 'button', 'aria-label': name, disabled: to < 0 || to > last || to === state.page, onclick: () => {
      state.page = to;
      page();
      table.scrollIntoView({ block: 'start' });
    } }, label);
    const size = el('select', { 'aria-label': 'Findings a page', onchange: e => { state.size = +e.target.value; state.page = 0; page(); } },
      ...[25, 50, 100, 250].map(n => el('option', { value: n, selected: n === state.size }, n + ' a page')));
    pager.replaceChildren(go('«', 0, 'First page'), go('‹', state.page - 1, 'Previous page'), el('span', {}, `${number(state.page + 1)} / ${number(last + 1)}`),
      go('›', state.page + 1, 'Next page'), go('»', last, 'Last page'), size);
    pager.hidden = found.length <= 25;
  }

  // ---- filters ----

  const search = el('input', { type: 'search', placeholder: 'Search name, ARN, reason, fact', 'aria-label': 'Search findings', autocomplete: 'off', spellcheck: 'false' });
  const chips = {}, selects = {};
  const scopeNote = el('p', { class: 'scopenote', hidden: true });

  function buildFilters() {
    const counts = {};
    for (const r of rows) counts[r.outcome] = (counts[r.outcome] || 0) + 1;
    const group = el('div', { class: 'chips', role: 'group', 'aria-label': 'Outcome' });
    for (const o of OUTCOMES) {
      chips[o] = el('button', { type: 'button', class: 'chip ' + o, 'aria-pressed': 'false', onclick: () => {
        if (!state.outcomes.delete(o)) state.outcomes.add(o);
        show();
      } }, words(o) + ' ', el('b', {}, number(counts[o] || 0)));
      group.append(chips[o]);
    }
    const line = el('div', { class: 'selects' });
    const choose = (key, label, order) => {
      const values = [...new Set(rows.map(r => r[key]))].filter(Boolean).sort(order ? (a, b) => place(order, a) - place(order, b) : compareText);
      if (values.length < (key === 'change' ? 1 : 2)) return;
      selects[key] = el('select', { 'aria-label': label, onchange: e => { state[key] = e.target.value; show(); } },
        el('option', { value: '' }, label + ': any'), ...values.map(v => el('option', { value: v }, v)));
      line.append(selects[key]);
    };
    choose('severity', 'Severity', SEVERITIES);
    choose('account', 'Account');
    choose('region', 'Region');
    choose('service', 'Service');
    choose('change', 'Change', CHANGES);
    line.append(el('button', { type: 'button', class: 'reset', onclick: () => {
      Object.assign(state, { query: '', severity: '', account: '', region: '', service: '', change: '', checks: null, sort: '' });
      state.outcomes.clear();
      search.value = '';
      show();
    } }, 'Show all'));
    let timer = 0;
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => { state.query = search.value.trim().toLowerCase(); show(); }, 120);
    });
    return el('div', { class: 'filters', role: 'search', 'aria-label': 'Filter findings' }, search, group, line, scopeNote);
  }

  function syncFilters() {
    for (const [o, chip] of Object.entries(chips)) chip.setAttribute('aria-pressed', String(state.outcomes.has(o)));
    for (const [key, select] of Object.entries(selects)) select.value = state[key];
    scopeNote.hidden = !state.checks;
    scopeNote.replaceChildren('Only of the control ', el('b', {}, state.control), ' ', el('button', { type: 'button', class: 'link', onclick: () => { state.checks = null; show(); } }, 'of all controls'));
  }

  // ---- controls ----

  function buildControls() {
    const byCheck = new Map();
    for (const r of rows) {
      if (!byCheck.has(r.ref)) byCheck.set(r.ref, []);
      byCheck.get(r.ref).push(r);
    }
    for (const tr of $$('tr.control')) {
      const refs = tr.dataset.checks.split(' ').filter(Boolean).map(Number);
      const list = refs.flatMap(i => byCheck.get(i) || []);
      const th = $('th', tr), name = th.firstChild.textContent;
      if (!list.length && !refs.length) continue;
      const id = 'k' + (++serial);
      const button = el('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-controls': id, 'aria-label': 'Findings of ' + name });
      tr.cells[0].prepend(button);
      const detail = el('tr', { class: 'detail', id, hidden: true }, el('td', { colspan: 8 }));
      tr.after(detail);
      tr.addEventListener('click', e => {
        if (e.target !== button && (e.target.closest('a,button') || String(getSelection()))) return;
        const open = button.getAttribute('aria-expanded') !== 'true';
        button.setAttribute('aria-expanded', String(open));
        tr.classList.toggle('opened', open);
        if (open && !detail.firstChild.firstChild) detail.firstChild.append(...controlPanel(name, refs, list));
        detail.hidden = !open;
      });
    }
  }

  function controlPanel(name, refs, list) {
    list.sort(worst);
    if (!list.length) return [el('p', { class: 'hint' }, 'No finding: there was nothing in scope to judge.')];
    const all = el('button', { type: 'button', class: 'more', onclick: () => {
      Object.assign(state, { query: '', severity: '', account: '', region: '', service: '', change: '', checks: new Set(refs), control: name });
      state.outcomes.clear();
      search.value = '';
      show();
      $('#findings').scrollIntoView();
      $('#findings-title').focus({ preventScroll: true });
    } }, list.length === 1 ? 'Show it among all findings' : `Show all ${number(list.length)} findings`);
    return [el('table', { class: 'list findings inner' },
      el('caption', { class: 'sr' }, 'Worst findings of ' + name), columns(),
      el('tbody', {}, ...list.slice(0, IN_CONTROL).flatMap(r => findingRow(r, COLUMNS.length)))), all];
  }

  // ---- the page ----

  function buildTiles() {
    for (const li of $$('.tile')) {
      const o = li.dataset.o;
      const b = el('button', { type: 'button', onclick: () => {
        Object.assign(state, { checks: null });
        state.outcomes = new Set([o]);
        show();
        $('#findings').scrollIntoView();
        $('#findings-title').focus({ preventScroll: true });
      } }, ...li.childNodes);
      li.replaceChildren(b);
    }
  }

  function openTarget() {
    const at = location.hash.startsWith('#c-') && document.getElementById(location.hash.slice(1));
    if (at) at.open = true;
  }

  function beforePrint() {
    tbody.replaceChildren(...found.slice(0, IN_PRINT).flatMap(r => [findingRow(r, COLUMNS.length)[0]]));
    if (found.length > IN_PRINT) status.textContent += `; the first ${number(IN_PRINT)} are printed`;
  }

  const main = $('#main'), findings = $('#findings');
  for (const id of ['gaps', 'controls', 'summary']) { const s = $('#' + id); if (s) main.prepend(s); }
  if ($('#gaps')) findings.after($('#gaps'));
  $('#findings-title').tabIndex = -1;
  buildTable();
  findings.append(buildFilters(), status, el('div', { class: 'scroll' }, table), pager);
  for (const o of OUTCOMES.slice(0, 3)) if (rows.some(r => r.outcome === o)) state.outcomes.add(o);
  buildControls();
  buildTiles();
  addCopyButtons($('#checks') || main);
  show();
  openTarget();
  addEventListener('hashchange', openTarget);
  addEventListener('beforeprint', beforePrint);
  addEventListener('afterprint', page);
})();
