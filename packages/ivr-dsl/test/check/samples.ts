import type { IvrGraph, IvrNode } from '@cordboard/cti-core';
import type { CheckOptions } from '../../src/index.js';

/** A flow with one fault. Nodes and options as they would stand in JSON. */
export interface Sample {
  readonly nodes: Readonly<Record<string, IvrNode>>;
  readonly prompts?: IvrGraph['prompts'];
  readonly bounds?: IvrGraph['bounds'];
  readonly start?: string;
  readonly languages?: readonly string[];
  /** What the checker knows beside the flow. */
  readonly options?: CheckOptions;
  readonly path: string;
}

type N = Readonly<Record<string, unknown>>;
const sample = (
  path: string,
  nodes: Readonly<Record<string, N>>,
  more: Omit<Sample, 'nodes' | 'path'> = {},
): Sample => ({
  nodes: nodes as unknown as Sample['nodes'],
  path,
  ...more,
});
const play = (next: string, say: readonly N[] = []): N => ({ type: 'play', say, next });
const menu = (keys: N, more: N = {}): N => ({ type: 'menu', say: [], keys, noInput: 'END', noMatch: 'END', ...more });
const text = (words: string): N => ({ kind: 'text', text: words });
const hours = (rules: readonly N[], more: N = {}): N => ({ type: 'hours', ...more, rules, otherwise: 'END' });
const http = (more: N = {}): N => ({
  type: 'http',
  method: 'GET',
  url: 'https://api.example.com/x',
  timeoutMs: 2000,
  ways: {},
  otherwise: 'END',
  failed: 'END',
  ...more,
});
const pin = (next: string): N => ({
  type: 'collect',
  say: [],
  variable: 'pin',
  min: 4,
  max: 4,
  masked: true,
  next,
  noInput: 'END',
  noMatch: 'END',
});
const bye = { type: 'hangup' };
const speech = { options: { speech: 'available' } } as const;
const site = (has: NonNullable<CheckOptions['site']>) => ({ options: { site: has } });
const plan = { countryCode: '86', internal: [{ from: '8000', to: '8099' }], ownNumbers: [], emergency: [] };

/** A flow for each code: the checker raises this code for it, and no other. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  'start.unknown': sample('start', {}, { start: 'begin' }),
  'target.unknown': sample('nodes.start.next', { start: play('nowhere') }),
  'edge.missing': sample('nodes.start.noMatch', {
    start: { type: 'menu', say: [], keys: { 1: 'END' }, noInput: 'END' },
  }),
  'node.unreachable': sample('nodes.island', { start: play('END'), island: bye }),
  'end.none': sample('nodes.start', { start: menu({ 1: 'start' }, { noInput: 'start', noMatch: 'start' }) }),
  'loop.noInput': sample('nodes.start', {
    start: { type: 'mode', mode: 'night', ways: { night: 'start' }, otherwise: 'END' },
  }),
  'loop.silent': sample('nodes.start', { start: menu({ 1: 'END' }, { noInput: 'again' }), again: play('start') }),
  'key.ambiguous': sample('nodes.start.keys.1', { start: menu({ 1: 'END', 12: 'END' }) }),
  'key.duplicate': sample(
    'nodes.start.keys.1',
    { start: menu({ 1: 'END' }) },
    { options: { duplicates: ['nodes.start.keys.1'] } },
  ),
  'key.notHandled': sample(
    'nodes.start.say',
    { start: menu({ 1: 'END' }, { say: [text('Press 1 for sales, 2 for support.')] }) },
    speech,
  ),
  'key.notAnnounced': sample(
    'nodes.start.keys.2',
    { start: menu({ 1: 'END', 2: 'END' }, { say: [text('For sales, press 1.')] }) },
    speech,
  ),
  'prompt.unknown': sample('nodes.start.say.0', { start: play('END', [{ kind: 'prompt', prompt: 'hello' }]) }),
  'prompt.language': sample(
    'nodes.start.say.0',
    { start: play('END', [{ kind: 'prompt', prompt: 'hello' }]) },
    { languages: ['en', 'zh'], prompts: { hello: { en: 'hello' } } },
  ),
  'language.unknown': sample('nodes.start.language', { start: { type: 'language', language: 'fr', next: 'END' } }),
  'speech.missing': sample('nodes.start.say.0', { start: play('END', [text('Hello')]) }),
  'variable.unknown': sample('nodes.start.say.0', { start: play('END', [text('Hello {name}')]) }, speech),
  'variable.unset': sample('nodes.tell.say.0', {
    start: {
      type: 'collect',
      say: [],
      variable: 'order',
      min: 1,
      max: 8,
      next: 'tell',
      noInput: 'tell',
      noMatch: 'END',
    },
    tell: play('END', [{ kind: 'say', variable: 'order', as: 'digits' }]),
  }),
  'variable.reserved': sample('nodes.start', { start: { type: 'set', assign: { 'call.number': '1' }, next: 'END' } }),
  'pattern.unsafe': sample('nodes.start.pattern', { start: { ...pin('END'), pattern: '(\\d+)+' } }),
  'collect.lengths': sample('nodes.start.pattern', { start: { ...pin('END'), pattern: '\\d{6}' } }),
  'hours.invalid': sample('nodes.start.rules.0', { start: hours([{ dates: ['2026-02-29'], goTo: 'bye' }]), bye }, {}),
  'hours.covered': sample('nodes.start.rules.1', {
    start: hours([
      { weekdays: [1, 2, 3, 4, 5], goTo: 'END' },
      { dates: ['2026-12-24'], goTo: 'bye' },
    ]),
    bye,
  }),
  'hours.overlap': sample('nodes.start.rules.1', {
    start: hours([
      { from: '08:00', to: '13:00', goTo: 'bye' },
      { from: '12:00', to: '18:00', goTo: 'END' },
    ]),
    bye,
  }),
  'hours.gap': sample('nodes.start.rules.1', {
    start: hours([
      { from: '08:00', to: '12:00', goTo: 'bye' },
      { from: '12:01', to: '18:00', goTo: 'bye' },
    ]),
    bye,
  }),
  'hours.otherwise': sample('nodes.start.otherwise', {
    start: hours([
      { from: '08:00', to: '18:00', goTo: 'bye' },
      { from: '18:00', to: '08:00', goTo: 'END' },
    ]),
    bye,
  }),
  'hours.skipped': sample('nodes.start.rules.0', {
    start: hours([{ dates: ['2027-03-28'], from: '02:15', to: '02:45', goTo: 'bye' }], { zone: 'Europe/Berlin' }),
    bye,
  }),
  'hours.twice': sample('nodes.start.rules.0', {
    start: hours([{ from: '02:30', to: '06:00', goTo: 'bye' }], { zone: 'Europe/Berlin' }),
    bye,
  }),
  'zone.unknown': sample('nodes.start.zone', {
    start: hours([{ from: '08:00', to: '12:00', goTo: 'bye' }], { zone: 'Europe/Berln' }),
    bye,
  }),
  'area.covered': sample('nodes.start.rules.1', {
    start: {
      type: 'area',
      rules: [
        { prefixes: ['+86'], goTo: 'bye' },
        { prefixes: ['+8610'], goTo: 'END' },
      ],
      otherwise: 'END',
    },
    bye,
  }),
  'list.covered': sample('nodes.start.rules.1', {
    start: {
      type: 'list',
      rules: [
        { list: 'vip', goTo: 'bye' },
        { list: 'vip', goTo: 'END' },
      ],
      otherwise: 'END',
    },
    bye,
  }),
  'transfer.unknown': sample(
    'nodes.start.to.number',
    {
      start: {
        type: 'transfer',
        to: { kind: 'extension', number: '9001' },
        busy: 'END',
        noAnswer: 'END',
        failed: 'END',
      },
    },
    site({ dialPlan: plan }),
  ),
  'queue.unknown': sample(
    'nodes.start.queue',
    { start: { type: 'queue', queue: 'salse', overflow: 'END' } },
    site({ queues: [{ id: 'sales' }] }),
  ),
  'group.unknown': sample(
    'nodes.start.group',
    { start: { type: 'orderDesk', group: 'kitchn', timeout: 'END', failed: 'END' } },
    site({ groups: {} }),
  ),
  'mode.unknown': sample(
    'nodes.start.ways.noon',
    { start: { type: 'mode', mode: 'house', ways: { noon: 'END' }, otherwise: 'END' } },
    site({ modes: { house: { values: ['day', 'night'], initial: 'day' } } }),
  ),
  'list.unknown': sample(
    'nodes.start.rules.0.list',
    { start: { type: 'list', rules: [{ list: 'gold', goTo: 'END' }], otherwise: 'END' } },
    site({ lists: { vip: [] } }),
  ),
  'calendar.unknown': sample(
    'nodes.start.calendar',
    { start: hours([{ dayKind: 'holiday', goTo: 'bye' }], { calendar: 'de' }), bye },
    site({ calendars: {} }),
  ),
  'function.unknown': sample(
    'nodes.start.function',
    { start: { type: 'query', function: 'find@2', ways: {}, failed: 'END' } },
    site({ functions: ['find@1'] }),
  ),
  'box.unknown': sample(
    'nodes.start.box',
    { start: { type: 'record', variable: 'msg', box: 'ofice', next: 'END', empty: 'END', failed: 'END' } },
    site({ boxes: ['office'] }),
  ),
  'http.timeout': sample('nodes.start.timeoutMs', {
    start: Object.fromEntries(Object.entries(http()).filter(([field]) => field !== 'timeoutMs')),
  }),
  'http.failure': sample('nodes.start.failed', {
    start: Object.fromEntries(Object.entries(http()).filter(([field]) => field !== 'failed')),
  }),
  'http.host': sample(
    'nodes.start.url',
    { start: http({ url: 'https://elsewhere.example/x' }) },
    site({ services: ['https://api.example.com'] }),
  ),
  'http.insecure': sample(
    'nodes.start.url',
    { start: http({ url: 'http://api.example.com/x' }) },
    site({ services: ['https://api.example.com'] }),
  ),
  'privacy.url': sample('nodes.ask.url', {
    start: pin('ask'),
    ask: http({ url: 'https://api.example.com/x?pin={pin}' }),
  }),
  'privacy.shown': sample('nodes.tell.say.0', {
    start: pin('note'),
    note: { type: 'set', assign: { copy: '{pin}' }, next: 'tell' },
    tell: play('END', [{ kind: 'say', variable: 'copy', as: 'digits' }]),
  }),
  'consent.missing': sample(
    'nodes.rec',
    {
      start: menu({ 1: 'yes', 2: 'rec' }),
      yes: { type: 'set', assign: { 'recording.consent': 'yes' }, next: 'rec' },
      rec: { type: 'record', variable: 'msg', next: 'END', empty: 'END', failed: 'END' },
    },
    { bounds: { recordingNeeds: 'consent' } },
  ),
  'bounds.depth': sample(
    'nodes.three',
    { start: menu({ 1: 'two' }), two: menu({ 1: 'three' }), three: menu({ 1: 'END' }) },
    { bounds: { depth: 2 } },
  ),
  'bounds.duration': sample(
    'nodes.start',
    { start: menu({ 1: 'END' }, { timeoutMs: 10_000 }) },
    { bounds: { maxMs: 20_000 } },
  ),
  'flow.unknown': sample(
    'nodes.start.flow',
    { start: { type: 'subflow', flow: 'pni', results: {}, otherwise: 'END' } },
    { options: { flows: [] } },
  ),
  'result.unknown': sample(
    'nodes.start.results.never',
    { start: { type: 'subflow', flow: 'sample', results: { never: 'END' }, otherwise: 'END' } },
    { options: { flows: [] } },
  ),
};
