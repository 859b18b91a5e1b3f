import type { IvrGraph } from '@cordboard/cti-core';
import { percent, seconds } from './caption.js';
import { type Layout, layOut } from './layout.js';
import { escaped, spoken, word } from './markup.js';
import { dropOf, type FlowView, type Overlay, type ViewEdge, type ViewNode, type ViewSay, viewOf } from './model.js';
import { PAGE_SCRIPT, PAGE_SCRIPT_SHA256 } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import { miniatureOf, svgOf } from './svg.js';
import { type PageLanguage, WORDS } from './words.js';

/** What a page of a flow shows. */
export interface PageOptions extends Overlay {
  /** The language of the page's own words; readers can switch. Default: the browser's, of `zh` and `en`. */
  readonly language?: PageLanguage;
}

const MINI = { width: 200, height: 130 };

/**
 * A flow as one page of HTML that needs nothing else, at any time: no network, no other file. It may be mailed or put anywhere; its own policy allows its one
 * program and no connection. Names and words of the flow are text in it, whatever they hold.
 */
export function toHtml(graph: IvrGraph, options: PageOptions = {}): string {
  const view = viewOf(graph, options);
  const layout = layOut(view);
  const language = options.language ?? 'en';
  const auto = options.language === undefined ? ' data-language="auto"' : '';
  return `<!doctype html>
<html lang="${language}"${auto}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${PAGE_SCRIPT_SHA256}'; base-uri 'none'; form-action 'none'">
<title>${escaped(view.id)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${header(view, language)}
<main>
<div class="canvas">
<svg id="drawing" data-width="${layout.width}" data-height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}" role="group" aria-label="${escaped(view.id)}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>
${svgOf(view, layout, language)}
</svg>
${hints(view, language)}
${miniature(view, layout)}
<div class="zoom">${tool('farther', '−', language)}${tool('closer', '+', language)}<button type="button" class="whole"${word('whole', language).attribute}>${word('whole', language).text}</button></div>
</div>
<section class="listing" hidden>
${listOf(view, language)}
</section>
<aside hidden><button type="button" class="close"${word('close', language).attribute}>${word('close', language).text}</button><div class="about"></div></aside>
</main>
<script type="application/json" id="words">${JSON.stringify(WORDS).replaceAll('<', '\\u003c')}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function header(view: FlowView, language: PageLanguage): string {
  const button = (attributes: string, key: string): string =>
    `<button type="button" ${attributes}${word(key, language).attribute}>${word(key, language).text}</button>`;
  const overlays = [
    ...(view.covered === undefined ? [] : ['coverage']),
    ...(view.calls === undefined ? [] : ['traffic']),
  ].map((key) => `<option value="${key}"${word(key, language).attribute}>${word(key, language).text}</option>`);
  const overlay =
    overlays.length === 0
      ? ''
      : `<label>${spoken('span', 'overlay', language)} <select id="overlay">${overlays.join('')}<option value="plain"${word('plain', language).attribute}>${word('plain', language).text}</option></select></label>`;
  const search = word('search', language).text;
  return `<header>
<h1>${escaped(view.id)}<small>${spoken('span', 'version', language)} ${escaped(view.version)} · ${view.nodes.length} ${spoken('span', 'nodes', language)}${summaryOf(view, language)}</small></h1>
${view.stale === undefined ? '' : spoken('p class="note"', 'stale', language)}
<div class="tools">
<div class="found"><input id="search" type="search" autocomplete="off" data-tl="search" data-tp="search" aria-label="${search}" placeholder="${search}"><ul></ul></div>
${overlay}
${button('data-view="graph" aria-pressed="true"', 'graph')}${button('data-view="list" aria-pressed="false"', 'list')}
<button type="button" data-lang="zh" lang="zh" aria-pressed="${language === 'zh'}">中文</button><button type="button" data-lang="en" lang="en" aria-pressed="${language === 'en'}">English</button>
${button('class="theme"', 'theme')}
</div>
</header>`;
}

function hints(view: FlowView, language: PageLanguage): string {
  const coverage = `<p class="coverage"><i class="hit"></i> ${spoken('span', 'taken', language)} <i class="miss"></i> ${spoken('span', 'untaken', language)}</p>`;
  return [
    `<div class="hint">${spoken('p', 'keys', language)}`,
    view.covered === undefined ? '' : coverage,
    view.calls === undefined ? '' : spoken('p class="traffic"', 'counted', language),
    '</div>',
  ].join('');
}

function summaryOf(view: FlowView, language: PageLanguage): string {
  const edges = view.nodes.flatMap((node) => node.edges);
  const taken = edges.filter((edge) => (edge.taken ?? 0) > 0).length;
  const covered =
    view.covered === undefined
      ? ''
      : ` · ${spoken('span', 'coverage', language)} ${edges.length === 0 ? '100 %' : percent(taken / edges.length)}`;
  return view.calls === undefined ? covered : `${covered} · ${view.calls} ${spoken('span', 'traffic', language)}`;
}

function tool(key: 'closer' | 'farther', sign: string, language: PageLanguage): string {
  const { text } = word(key, language);
  return `<button type="button" class="${key}" data-tl="${key}" aria-label="${text}" title="${text}">${sign}</button>`;
}

function miniature(view: FlowView, layout: Layout): string {
  const scale = Math.min(MINI.width / layout.width, MINI.height / layout.height);
  const width = Math.max(24, Math.round(layout.width * scale));
  const height = Math.max(16, Math.round(layout.height * scale));
  return `<svg class="mini" aria-hidden="true" width="${width}" height="${height}" viewBox="0 0 ${layout.width} ${layout.height}" preserveAspectRatio="none">${miniatureOf(view, layout)}<rect class="port"/></svg>`;
}

function listOf(view: FlowView, language: PageLanguage): string {
  const at = new Map(view.nodes.map(({ name }, index) => [name, index]));
  const before = new Map<string, Set<string>>();
  for (const node of view.nodes) {
    for (const edge of node.edges) {
      const known = before.get(edge.to) ?? new Set();
      before.set(edge.to, known.add(node.name));
    }
  }
  return view.nodes
    .map((node, index) => articleOf(node, { index, at, language, view, before: before.get(node.name) }))
    .join('\n');
}

interface Article {
  readonly index: number;
  readonly at: ReadonlyMap<string, number>;
  readonly language: PageLanguage;
  readonly view: FlowView;
  readonly before: ReadonlySet<string> | undefined;
}

function articleOf(node: ViewNode, { index, at, language, view, before }: Article): string {
  const link = (name: string): string =>
    at.has(name) ? `<a href="#n${at.get(name)}" data-to="${at.get(name)}">${escaped(name)}</a>` : escaped(name);
  const start = node.name === view.start ? `${spoken('strong', 'start', language)} · ` : '';
  const title = (key: string): string => spoken('h3', key, language);
  return [
    `<article id="n${index}" data-name="${escaped(node.name)}">`,
    `<h2 tabindex="-1">${escaped(node.name)}</h2>`,
    `<p class="kind">${start}${spoken('span', `type.${node.type}`, language)} ${escaped(node.subject)}</p>`,
    numbersOf(node, language),
    node.says.length === 0 ? '' : title('says') + node.says.map((say) => sayOf(say, language)).join(''),
    node.edges.length === 0
      ? ''
      : `${title('leads')}<ul>${node.edges.map((edge) => edgeOf(edge, language, link)).join('')}</ul>`,
    before === undefined ? '' : `${title('comes')}<p>${[...before].map(link).join(', ')}</p>`,
    '</article>',
  ].join('');
}

function numbersOf({ taken, traffic }: ViewNode, language: PageLanguage): string {
  const line = (key: string, value: string): string =>
    `<dt${word(key, language).attribute}>${word(key, language).text}</dt><dd>${value}</dd>`;
  const rows = [
    ...(taken === undefined ? [] : [line('coverage', String(taken))]),
    ...(traffic === undefined
      ? []
      : [
          line('entered', String(traffic.entered)),
          line('left', `${traffic.hungUp} (${percent(dropOf(traffic))})`),
          ...(traffic.dwell === undefined
            ? []
            : [line('dwell', `${seconds(traffic.dwell.p50Ms)} / ${seconds(traffic.dwell.p95Ms)}`)]),
        ]),
  ];
  return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
}

function sayOf({ field, words }: ViewSay, language: PageLanguage): string {
  const [key = '', nth] = field.split(' ');
  const when =
    spoken('span', { key: `say.${key}`, otherwise: key }, language) + (nth === undefined ? '' : ` ${escaped(nth)}`);
  const lines = Object.entries(words).map(
    ([tag, text]) => `<dt>${escaped(tag)}</dt><dd lang="${escaped(tag)}">${escaped(text)}</dd>`,
  );
  return `<p class="kind">${when}</p><dl>${lines.join('')}</dl>`;
}

function edgeOf(edge: ViewEdge, language: PageLanguage, link: (name: string) => string): string {
  const label = spoken('span', { key: `edge.${edge.field}`, otherwise: edge.label }, language);
  const goal = edge.goal === 'node' ? link(edge.to) : `${escaped(edge.to)} (${spoken('span', edge.goal, language)})`;
  const taken =
    edge.taken === undefined ? '' : ` · ${edge.taken > 0 ? `${edge.taken}×` : spoken('span', 'untaken', language)}`;
  const calls =
    edge.calls === undefined
      ? ''
      : ` · ${edge.calls} ${spoken('span', 'traffic', language)}${edge.shared === undefined ? '' : ` (${spoken('span', 'together', language)})`}`;
  return `<li${edge.taken === 0 ? ' class="miss"' : ''}>${label} → ${goal}${taken}${calls}</li>`;
}
