import type { IvrNode, SayItem, TransferGoal } from '@cordboard/cti-core';
import type { Garden, Plant } from './garden.js';

const http = (url: string, next: string): IvrNode => ({
  type: 'http',
  method: 'GET',
  url,
  timeoutMs: 1000,
  ways: { '2xx': next },
  otherwise: next,
  failed: next,
});

/** A node that reads a variable in one of its fields. */
function reader(garden: Garden, variable: string, next: string): IvrNode {
  const text = `<{${variable}}>`;
  return garden.choices.pick<IvrNode>([
    { type: 'play', say: [{ kind: 'say', variable, as: 'digits' }], next },
    { type: 'play', say: [{ kind: 'recording', variable }], next },
    { type: 'set', assign: { other: text }, next },
    { ...http('https://api.example.com/x', next), headers: { 'x-of': text } } as IvrNode,
    { ...http(`https://api.example.com/${text}`, next) } as IvrNode,
    { type: 'compute', function: 'price@1', pass: { of: text }, ways: {}, failed: next },
    { type: 'transfer', to: { kind: 'variable', variable }, busy: next, noAnswer: next, failed: next },
    { type: 'score', survey: 'visit', variable, next },
    { type: 'callback', queue: 'help', variable, next, refused: next },
    { type: 'fax', document: 'map', variable, next, failed: next },
    { type: 'message', variable, does: 'discard', next },
    {
      type: 'menu',
      say: [],
      keys: { 1: next },
      noMatchSay: [[{ kind: 'say', variable, as: 'time' }]],
      noInput: 'END',
      noMatch: 'END',
    },
  ]);
}

/** A way on which the variable is set, one on which it is not, and both meet before it is read. */
function half(garden: Garden, variable: string, next: string): IvrNode {
  const { choices } = garden;
  const [graph, read] = [garden.main, next];
  const sets = (): string => garden.add(graph, { type: 'set', assign: { [variable]: 'x' }, next: read });
  return choices.pick<() => IvrNode>([
    () => ({ type: 'mode', mode: 'night', ways: { night: sets() }, otherwise: read }),
    () => ({ type: 'menu', say: [], keys: { 1: sets(), 2: read }, noInput: 'END', noMatch: 'END' }),
    () => ({ type: 'collect', say: [], variable, min: 1, max: 4, next: read, noInput: read, noMatch: 'END' }),
    () => ({ ...http('https://api.example.com/x', read), keep: { [variable]: '/a' } }) as IvrNode,
    () => ({ type: 'query', function: 'book@2', keep: { [variable]: 'a' }, ways: { good: read }, failed: read }),
    () => ({ type: 'hours', rules: [{ from: '08:00', to: '12:00', goTo: sets() }], otherwise: read }),
  ])();
}

/** Ways by which what is secret comes into a variable: from the caller's keys, or from a service too. What services answer may be said. */
function secret(
  garden: Garden,
  from: 'caller' | 'anybody',
  read: (variable: string) => string,
): { readonly first: string; readonly kind: 'masked' } {
  const { choices, main } = garden;
  const own = garden.name('pin').replace('-', '');
  const made = choices.below(3);
  const variable = made === 0 ? own : `${own}made`;
  const reader = read(variable);
  const then =
    made === 0
      ? reader
      : garden.add(main, {
          type: 'set',
          assign: { [variable]: `a{${own}}b`, [own]: made === 1 ? 'gone' : '{call.dialled}' },
          next: reader,
        });
  const first = garden.add(
    main,
    from === 'caller' || choices.often(70)
      ? {
          type: 'collect',
          say: [],
          variable: own,
          min: 4,
          max: 4,
          masked: true,
          next: then,
          noInput: 'END',
          noMatch: 'END',
        }
      : {
          ...(http('https://api.example.com/x', then) as Extract<IvrNode, { type: 'http' }>),
          otherwise: 'END',
          failed: 'END',
          keep: { [own]: '/a' },
          masked: [own],
        },
  );
  return { first, kind: 'masked' };
}

/** Puts a chain in front of the first flow. */
function begin(garden: Garden, first: string): void {
  (garden.main as { start: string }).start = first;
}

const named = (code: string, make: (garden: Garden, next: string) => IvrNode): Plant => {
  return (garden) => ({ code, ...garden.splice((next) => make(garden, next)) });
};
const goal = (garden: Garden, to: TransferGoal, next: string): IvrNode => ({
  type: 'transfer',
  to,
  busy: next,
  noAnswer: garden.choices.pick([next, 'END']),
  failed: 'END',
});

/** Faults of variables, privacy, consent and what is outside of a flow. */
export const OUTSIDE: Readonly<Record<string, Plant>> = {
  'variable.unknown': named('variable.unknown', (garden, next) =>
    reader(garden, garden.choices.pick(['nobody.sets', 'call.numbr']), next),
  ),
  'variable.unset': (garden) => {
    const { main } = garden;
    const read = garden.add(main, reader(garden, 'half', main.start));
    begin(garden, garden.add(main, half(garden, 'half', read)));
    return { code: 'variable.unset', flow: 'main', node: read };
  },
  'variable.reserved': named('variable.reserved', ({ choices }, next) =>
    choices.pick<IvrNode>([
      { type: 'set', assign: { 'call.number': '1' }, next },
      { type: 'set', assign: { '9lives': '1' }, next },
      { type: 'collect', say: [], variable: 'call.language', min: 1, max: 2, next, noInput: 'END', noMatch: 'END' },
      {
        ...(http('https://api.example.com/x', next) as Extract<IvrNode, { type: 'http' }>),
        keep: { 'call.vip': '/a' },
      },
    ]),
  ),
  'transfer.unknown': named('transfer.unknown', (garden, next) =>
    goal(
      garden,
      garden.choices.pick<TransferGoal>([
        { kind: 'extension', number: '9001' },
        { kind: 'agent', agent: 'zoe' },
        { kind: 'outside', number: 'nobody' },
      ]),
      next,
    ),
  ),
  'queue.unknown': named('queue.unknown', ({ choices }, next) =>
    choices.pick<IvrNode>([
      { type: 'queue', queue: 'salse', overflow: next, full: next },
      { type: 'callback', queue: 'toString', next, refused: next },
    ]),
  ),
  'group.unknown': named('group.unknown', (garden, next) =>
    garden.choices.pick<IvrNode>([
      { type: 'orderDesk', group: 'kitchn', timeout: next, failed: 'END' },
      goal(garden, { kind: 'group', group: 'constructor' }, next),
    ]),
  ),
  'mode.unknown': named('mode.unknown', ({ choices }, next) => ({
    type: 'mode',
    ...choices.pick([
      { mode: 'nights', ways: { night: 'END' } },
      { mode: 'night', ways: { nacht: 'END' } },
    ]),
    otherwise: next,
  })),
  'list.unknown': named('list.unknown', (_, next) => ({
    type: 'list',
    rules: [
      { list: 'vip', goTo: 'END' },
      { list: 'vips', goTo: next },
    ],
    otherwise: next,
  })),
  'function.unknown': named('function.unknown', ({ choices }, next) => ({
    type: choices.pick(['compute', 'query'] as const),
    function: choices.pick(['price', 'price@2', 'nobody@1']),
    ways: { good: next },
    failed: 'END',
  })),
  'box.unknown': (garden) => {
    if (garden.main.bounds?.recordingNeeds !== undefined) return undefined;
    return {
      code: 'box.unknown',
      ...garden.splice((next) => ({
        type: 'record',
        variable: 'msg',
        box: 'ofice',
        next,
        empty: 'END',
        failed: 'END',
      })),
    };
  },
  'http.timeout': named('http.timeout', (_, next) => {
    const { timeoutMs: _none, ...node } = http('https://api.example.com/x', next) as Extract<IvrNode, { type: 'http' }>;
    return node;
  }),
  'http.host': named('http.host', ({ choices }, next) =>
    http(
      choices.pick([
        'https://evil.example.com/x',
        'https://api.example.com.evil.net/x',
        'https://{call.dialled}.example.com/x',
        'https://api.example.com@evil.net/x',
        'https://api.example.com:8443/x',
        'ftp://api.example.com/x',
        '//api.example.com/x',
      ]),
      next,
    ),
  ),
  'http.insecure': named('http.insecure', ({ choices }, next) =>
    http(choices.pick(['http://api.example.com/x', 'HTTP://API.example.com/{call.dialled}']), next),
  ),
  'privacy.url': (garden) => {
    const { choices, main } = garden;
    const url = (variable: string, next: string): string =>
      garden.add(main, http(`https://api.example.com/x?of={${variable}}`, next));
    const { start } = main;
    if (choices.often(60)) {
      let node = '';
      const { first } = secret(garden, 'anybody', (variable) => {
        node = url(variable, start);
        return node;
      });
      begin(garden, first);
      return { code: 'privacy.url', flow: 'main', node };
    }
    if (choices.often(50))
      return { code: 'privacy.url', ...garden.splice((next) => http('https://api.example.com/x/{call.number}', next)) };
    // Round a loop: it is read before it is made of the number, the first time.
    const menu = garden.name();
    const node = url('who', menu);
    const sets = garden.add(main, {
      type: 'set',
      assign: { who: '0{call.number}' },
      next: choices.pick(['BACK', menu]),
    });
    garden.add(
      main,
      { type: 'menu', say: [], keys: { 1: node, 2: sets, 3: start }, noInput: 'END', noMatch: 'END' },
      menu,
    );
    begin(garden, garden.add(main, { type: 'set', assign: { who: 'nobody' }, next: menu }));
    return { code: 'privacy.url', flow: 'main', node };
  },
  'privacy.shown': (garden) => {
    const { choices, main } = garden;
    let node = '';
    const { start } = main;
    const { first } = secret(garden, 'caller', (variable) => {
      const items: SayItem[] = [{ kind: 'say', variable, as: 'digits' }];
      if (garden.speech === 'available') items.push({ kind: 'text', text: `You said {${variable}}` });
      node = garden.add(
        main,
        choices.pick<IvrNode>([
          { type: 'play', say: [choices.pick(items)], next: start },
          { type: 'score', survey: 'visit', variable, next: start },
          { type: 'queue', queue: 'help', say: [choices.pick(items)], overflow: start, full: 'END' },
        ]),
      );
      return node;
    });
    begin(garden, first);
    return { code: 'privacy.shown', flow: 'main', node };
  },
  'consent.missing': (garden) => {
    const { choices, main } = garden;
    if (main.bounds?.recordingNeeds === undefined) return undefined;
    const { start } = main;
    const taped = garden.add(
      main,
      choices.pick<IvrNode>([
        { type: 'record', variable: 'msg', next: start, empty: 'END', failed: 'END' },
        { type: 'listen', say: [], variable: 'said', next: start, noInput: 'END', noMatch: 'END', failed: 'END' },
        { type: 'queue', queue: 'taped', overflow: 'END', returned: start },
      ]),
    );
    const says = (value: string, next: string): string =>
      garden.add(main, { type: 'set', assign: { 'recording.consent': value }, next });
    const menu = garden.name();
    const asks = (keys: Record<string, string>): string =>
      garden.add(main, { type: 'menu', say: [], keys, noInput: 'END', noMatch: 'END' }, menu);
    begin(
      garden,
      choices.pick([
        () => taped,
        () => asks({ 1: says('yes', taped), 2: taped }),
        () => asks({ 1: says('yes', taped), 2: says('no', taped) }),
        () => says('yes', asks({ 1: taped, 2: says('no', 'BACK') })),
        () => says('{call.dialled}', taped),
      ])(),
    );
    return { code: 'consent.missing', flow: 'main', node: taped, along: ['consent.missing'] };
  },
};
