/**
 * The page's program: moves and zooms the drawing, searches, shows a node's part of the list beside it, switches language and colours. Constant, so that
 * the page can name its hash and allow no other program.
 */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = JSON.parse($('#words').textContent);
  const svg = $('#drawing'), canvas = $('.canvas'), mini = $('.mini'), aside = $('aside'), listing = $('.listing');
  const size = { width: Number(svg.dataset.width), height: Number(svg.dataset.height) };
  const view = { x: 0, y: 0, scale: 1 };
  const nodes = $$('.node');
  const listed = $$('article', listing);
  const show = () => {
    const { clientWidth, clientHeight } = canvas;
    svg.setAttribute('viewBox', [view.x, view.y, clientWidth / view.scale, clientHeight / view.scale].join(' '));
    const port = $('.port', mini);
    port.setAttribute('x', view.x); port.setAttribute('y', view.y);
    port.setAttribute('width', clientWidth / view.scale); port.setAttribute('height', clientHeight / view.scale);
    const all = view.x <= 40 && view.y <= 40 && view.x + clientWidth / view.scale >= size.width - 40 && view.y + clientHeight / view.scale >= size.height - 40;
    mini.style.display = all ? 'none' : '';
  };
  const zoom = (factor, at) => {
    const middle = at || { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
    const scale = Math.min(3, Math.max(0.02, view.scale * factor));
    view.x += middle.x / view.scale - middle.x / scale;
    view.y += middle.y / view.scale - middle.y / scale;
    view.scale = scale;
    show();
  };
  const fit = () => {
    const { clientWidth, clientHeight } = canvas;
    view.scale = Math.min(1, clientWidth / size.width, clientHeight / size.height);
    view.x = (size.width - clientWidth / view.scale) / 2;
    view.y = (size.height - clientHeight / view.scale) / 2;
    show();
  };
  const boxOf = (node) => {
    const [, x, y] = /translate\\((\\S+) (\\S+)\\)/.exec(node.getAttribute('transform'));
    const card = $('.card', node);
    return { x: Number(x), y: Number(y), width: Number(card.getAttribute('width')), height: Number(card.getAttribute('height')) };
  };
  const center = (node) => {
    const box = boxOf(node);
    if (view.scale < 0.7) view.scale = 1;
    view.x = box.x + box.width / 2 - canvas.clientWidth / view.scale / 2;
    view.y = box.y + Math.min(box.height, canvas.clientHeight / view.scale) / 2 - canvas.clientHeight / view.scale / 2;
    show();
  };
  const opening = () => {
    fit();
    if (view.scale >= 0.45) return;
    view.scale = 0.85;
    const start = $('.node.start');
    if (!start) return fit();
    const box = boxOf(start);
    view.x = Math.max(-20, box.x - 60);
    view.y = box.y + box.height / 2 - canvas.clientHeight / view.scale / 2;
    if (size.height * view.scale < canvas.clientHeight) view.y = (size.height - canvas.clientHeight / view.scale) / 2;
    else view.y = Math.max(-20, view.y);
    show();
  };
  let chosen;
  const choose = (index, then) => {
    const node = nodes[index];
    if (!node) return;
    close();
    chosen = index;
    node.classList.add('chosen');
    for (const line of $$('.line')) line.classList.toggle('lit', line.dataset.from === String(index) || line.dataset.to === String(index));
    const copy = listed[index].cloneNode(true);
    copy.removeAttribute('id');
    $('.about', aside).replaceChildren(copy);
    aside.hidden = false;
    if (then === 'center') { center(node); node.focus({ preventScroll: true }); }
    else show();
  };
  const close = () => {
    if (chosen !== undefined) nodes[chosen].classList.remove('chosen');
    for (const line of $$('.line.lit')) line.classList.remove('lit');
    chosen = undefined;
    aside.hidden = true;
    show();
  };
  const isListed = () => !listing.hidden;
  const goTo = (index) => {
    if (!isListed()) return choose(index, 'center');
    listed[index].scrollIntoView({ block: 'start' });
    $('h2', listed[index]).focus();
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-to]');
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.to));
  });
  let drag;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.target.closest('.zoom, .mini')) return;
    drag = { x: event.clientX, y: event.clientY, moved: 0, target: event.target };
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    drag.moved += Math.abs(dx) + Math.abs(dy);
    if (drag.moved < 4) return;
    if (!canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
    drag.x = event.clientX; drag.y = event.clientY;
    view.x -= dx / view.scale; view.y -= dy / view.scale;
    show();
  });
  canvas.addEventListener('pointerup', () => {
    const was = drag;
    drag = undefined;
    if (!was || was.moved >= 4) return;
    const jump = was.target.closest('.jump'), node = was.target.closest('.node');
    if (jump) choose(Number(jump.dataset.to), 'center');
    else if (node) choose(Number(node.dataset.n));
    else close();
  });
  canvas.addEventListener('pointercancel', () => { drag = undefined; });
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), { x: event.clientX - box.left, y: event.clientY - box.top });
  }, { passive: false });
  mini.addEventListener('click', (event) => {
    const box = mini.getBoundingClientRect();
    view.x = ((event.clientX - box.left) / box.width) * size.width - canvas.clientWidth / view.scale / 2;
    view.y = ((event.clientY - box.top) / box.height) * size.height - canvas.clientHeight / view.scale / 2;
    show();
  });
  $('.closer').addEventListener('click', () => zoom(1.3));
  $('.farther').addEventListener('click', () => zoom(1 / 1.3));
  $('.whole').addEventListener('click', fit);
  $('.close', aside).addEventListener('click', () => { const node = nodes[chosen]; close(); if (node) node.focus({ preventScroll: true }); });
  svg.addEventListener('focusin', (event) => {
    const node = event.target.closest('.node');
    if (!node || !node.matches(':focus-visible')) return;
    const box = boxOf(node), { clientWidth, clientHeight } = canvas;
    const inside = box.x >= view.x && box.y >= view.y && box.x + box.width <= view.x + clientWidth / view.scale && box.y + 60 <= view.y + clientHeight / view.scale;
    if (!inside) center(node);
    canvas.scrollTo(0, 0);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest('input, select, textarea');
    if (event.key === 'Escape') { results.replaceChildren(); if (field) field.blur(); return close(); }
    if (field) return;
    const node = event.target.closest('.node');
    if (node && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); return choose(Number(node.dataset.n)); }
    if (event.key === '/') { event.preventDefault(); return $('#search').focus(); }
    if (isListed()) return;
    const step = 80 / view.scale;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) { event.preventDefault(); view.x += moves[event.key][0]; view.y += moves[event.key][1]; return show(); }
    if (event.key === '+' || event.key === '=') zoom(1.3);
    else if (event.key === '-') zoom(1 / 1.3);
    else if (event.key === '0') fit();
  });
  const results = $('.found ul');
  const search = $('#search');
  const found = () => {
    const wanted = search.value.trim().toLowerCase();
    if (wanted === '') return [];
    const rank = (article) => {
      const name = article.dataset.name.toLowerCase();
      if (name === wanted) return 0;
      if (name.startsWith(wanted)) return 1;
      if (name.includes(wanted)) return 2;
      return article.textContent.toLowerCase().includes(wanted) ? 3 : 9;
    };
    return listed.map((article, index) => ({ index, rank: rank(article) })).filter((one) => one.rank < 9).sort((a, b) => a.rank - b.rank).slice(0, 30);
  };
  const pick = (index) => { results.replaceChildren(); goTo(index); };
  search.addEventListener('input', () => {
    const all = found();
    results.replaceChildren(...all.map(({ index }) => {
      const item = document.createElement('li'), button = document.createElement('button');
      button.type = 'button';
      button.textContent = listed[index].dataset.name;
      button.addEventListener('click', () => pick(index));
      item.append(button);
      return item;
    }));
    if (all.length > 0 || search.value.trim() === '') return;
    const item = document.createElement('li'), text = document.createElement('p');
    text.textContent = words.none[document.documentElement.lang === 'zh' ? 'zh' : 'en'];
    item.append(text);
    results.append(item);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') { const first = $('button', results); if (first) { event.preventDefault(); first.focus(); } return; }
    if (event.key !== 'Enter') return;
    const [first] = found();
    if (first) pick(first.index);
  });
  results.addEventListener('keydown', (event) => {
    const all = $$('button', results), at = all.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    (all[next] || search).focus();
  });
  const speak = (language) => {
    document.documentElement.lang = language;
    for (const element of $$('[data-t]')) element.textContent = words[element.dataset.t][language];
    for (const element of $$('[data-tl]')) { const text = words[element.dataset.tl][language]; element.setAttribute('aria-label', text); element.title = text; }
    for (const element of $$('[data-tp]')) element.placeholder = words[element.dataset.tp][language];
    for (const button of $$('[data-lang]')) button.setAttribute('aria-pressed', String(button.dataset.lang === language));
  };
  for (const button of $$('[data-lang]')) button.addEventListener('click', () => speak(button.dataset.lang));
  const paint = (theme) => { document.documentElement.dataset.theme = theme; };
  $('.theme').addEventListener('click', () => paint(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));
  const overlay = $('#overlay');
  const lay = () => { document.body.className = overlay ? 'show-' + overlay.value : ''; };
  if (overlay) overlay.addEventListener('change', lay);
  const turn = (wanted) => {
    listing.hidden = wanted !== 'list';
    canvas.hidden = wanted === 'list';
    for (const button of $$('[data-view]')) button.setAttribute('aria-pressed', String(button.dataset.view === wanted));
    if (wanted === 'list') aside.hidden = true;
    else show();
  };
  for (const button of $$('[data-view]')) button.addEventListener('click', () => turn(button.dataset.view));
  new ResizeObserver(show).observe(canvas);
  if (document.documentElement.dataset.language === 'auto') speak(/^zh/i.test(navigator.language) ? 'zh' : 'en');
  else speak(document.documentElement.lang);
  paint(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  lay();
  turn('graph');
  opening();
})();
`;

/** The SHA-256 of the program, base64: the only one that the page allows. A test holds it to the program. */
export const PAGE_SCRIPT_SHA256 = 'uK+3jWrVSake4xSCKi4SeuzTJaEs5Y94dent4n6vbQU=';
