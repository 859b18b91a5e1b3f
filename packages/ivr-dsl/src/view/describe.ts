import type { AreaRule, HoursRule, IvrNode } from '@cordboard/cti-core';

/** What an edge is taken for, in few words: the key, the way, the rule. Words of the switch or the flow itself, in no language. */
export function edgeLabel(node: IvrNode, field: string): string {
  const [kind = '', ...rest] = field.split('.');
  if (kind === 'keys' || kind === 'ways' || kind === 'results') return rest.join('.');
  if (kind !== 'rules') return field;
  const index = Number(rest[0]);
  if (node.type === 'hours') return hoursWords(node.rules[index]);
  if (node.type === 'area') return areaWords(node.rules[index]);
  return node.type === 'list' ? (node.rules[index]?.list ?? field) : field;
}

const DAYS = ['', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

function hoursWords(rule: HoursRule | undefined): string {
  if (rule === undefined) return '';
  const { from, to, weekdays, dates, dayKind } = rule;
  const time = from === undefined && to === undefined ? [] : [`${from ?? '00:00'}-${to ?? '24:00'}`];
  const words = [
    ...(dayKind === undefined ? [] : [dayKind]),
    ...(weekdays === undefined ? [] : [daysWords(weekdays)]),
    ...(dates === undefined ? [] : [dates.slice(0, 2).join(' ') + (dates.length > 2 ? ` +${dates.length - 2}` : '')]),
    ...time,
  ];
  return words.length === 0 ? '*' : words.join(' ');
}

function daysWords(weekdays: readonly number[]): string {
  const sorted = [...weekdays].sort((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? 0;
  const isRow = sorted.length > 2 && last - first === sorted.length - 1;
  return isRow ? `${DAYS[first] ?? ''}-${DAYS[last] ?? ''}` : sorted.map((day) => DAYS[day] ?? '').join(' ');
}

function areaWords(rule: AreaRule | undefined): string {
  if (rule === undefined) return '';
  const { prefixes = [], province, city, carrier } = rule;
  const shown = prefixes.length > 3 ? [...prefixes.slice(0, 3), `+${prefixes.length - 3}`] : prefixes;
  return [...shown, province, city, carrier].filter((word) => word !== undefined).join(' ');
}

/** What a node works on, in few words: the queue's name, the goal, the variable. Empty where there is nothing to add to its type. */
export function subjectOf(node: IvrNode): string {
  switch (node.type) {
    case 'play':
    case 'menu':
    case 'hangup':
    case 'area':
    case 'list':
      return '';
    case 'collect':
      return `${node.variable} (${node.min === node.max ? node.min : `${node.min}-${node.max}`})`;
    case 'hours':
      return [node.calendar, node.zone].filter((word) => word !== undefined).join(' ');
    case 'mode':
      return node.mode;
    case 'compute':
    case 'query':
      return node.function;
    case 'http':
      return `${node.method} ${node.url}`;
    case 'record':
      return node.box === undefined ? node.variable : `${node.variable} -> ${node.box}`;
    case 'message':
      return `${node.does} ${node.variable}`;
    case 'score':
      return `${node.survey} = ${node.variable}`;
    case 'callback':
      return [node.queue, node.variable].filter((word) => word !== undefined).join(' ');
    case 'listen':
      return node.variable;
    case 'fax':
      return node.document;
    case 'orderDesk':
      return node.group;
    case 'queue':
      return node.queue;
    case 'transfer':
      return goalWords(node.to);
    case 'set':
      return Object.entries(node.assign)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ');
    case 'subflow':
      return node.flow;
    case 'return':
      return node.result;
    case 'language':
      return node.language;
  }
}

function goalWords(to: Extract<IvrNode, { type: 'transfer' }>['to']): string {
  switch (to.kind) {
    case 'extension':
    case 'outside':
      return to.number;
    case 'group':
      return to.group;
    case 'agent':
      return to.agent;
    case 'variable':
      return `{${to.variable}}`;
  }
}
