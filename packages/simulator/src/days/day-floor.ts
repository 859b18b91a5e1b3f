import {
  type AgentId,
  asId,
  type FlowId,
  type IvrGraph,
  type Lookup,
  type LookupResult,
  type QueueId,
  type TenantConfig,
} from '@cordboard/cti-core';
import type { LookupPlan } from '../floor/engine-host.js';
import type { FloorOptions } from '../floor/floor.js';
import { randomStream } from '../random.js';

/** Agents of the floor on which random days are played. */
export const DAY_AGENTS = ['ann', 'bob', 'cy', 'dee', 'eve', 'fay'] as const;
/** The supervisor and the seat. */
export const DAY_SUPERVISOR = { name: 'sue', seat: '8050' } as const;
/** Numbers that lead somewhere. */
export const DAY_NUMBERS = {
  menu: '4008001000',
  sales: '4008001001',
  support: '4008001002',
  narrow: '4008001003',
  desk: '4008001004',
  orders: '4008001005',
} as const;
/** Phones that nothing but groups of flows rings, and phones of a group at which agents sit. */
export const GROUP_PHONES = ['8052', '8053', '8054'] as const;
/** The box of the day's flow, and the shortest message in it. */
export const DAY_BOX = { name: 'orders', minMs: 1_500 } as const;
/** A phone that is never registered. */
export const ABSENT_SEAT = '8060';
/** Numbers that are never recorded: one that agents call, one that calls. */
export const NEVER_RECORDED = { called: '13800009999', caller: '+8613712340000' } as const;
/** Outside numbers that do not exist end so. */
export const UNKNOWN_TAIL = '0000';

const menu: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: 'front' as FlowId,
  version: '1',
  languages: ['en'],
  start: 'open',
  nodes: {
    open: { type: 'hours', rules: [{ from: '00:00', to: '24:00', goTo: 'hello' }], otherwise: 'hello' },
    hello: { type: 'play', say: [{ kind: 'prompt', prompt: 'hello' }], bargeIn: true, next: 'pick' },
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { 1: 'sales', 2: 'support', 3: 'account', 4: 'direct', 5: 'outside' },
      tries: 2,
      timeoutMs: 3_000,
      noInput: 'support',
      noMatch: 'sales',
    },
    account: {
      type: 'collect',
      say: [{ kind: 'prompt', prompt: 'account' }],
      variable: 'account',
      min: 2,
      max: 6,
      timeoutMs: 4_000,
      interDigitMs: 2_000,
      tries: 2,
      next: 'support',
      noInput: 'sales',
      noMatch: 'sales',
    },
    sales: {
      type: 'queue',
      queue: 'sales',
      say: [{ kind: 'prompt', prompt: 'wait' }],
      overflowAfterMs: 60_000,
      overflow: 'support',
    },
    support: { type: 'queue', queue: 'support', overflow: 'bye', full: 'bye', returned: 'bye' },
    direct: {
      type: 'transfer',
      to: { kind: 'extension', number: '8003' },
      ringTimeoutMs: 8_000,
      busy: 'support',
      noAnswer: 'support',
      failed: 'support',
    },
    outside: {
      type: 'transfer',
      to: { kind: 'outside', number: '02188886666' },
      ringTimeoutMs: 15_000,
      busy: 'bye',
      noAnswer: 'bye',
      failed: 'bye',
    },
    bye: { type: 'hangup', say: [{ kind: 'prompt', prompt: 'bye' }] },
  },
  prompts: Object.fromEntries(['hello', 'menu', 'account', 'wait', 'bye'].map((name) => [name, { en: name }])),
};

const survey: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: 'survey' as FlowId,
  version: '1',
  languages: ['en'],
  start: 'ask',
  nodes: {
    ask: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'ask' }],
      keys: { 1: 'END', 2: 'END' },
      tries: 1,
      timeoutMs: 2_000,
      noInput: 'END',
      noMatch: 'END',
    },
  },
  prompts: { ask: { en: 'ask' } },
};

/** Orders by telephone: a question, a message, a desk that rings until somebody comes, phones one after the other. */
const orders: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: 'orders' as FlowId,
  version: '1',
  languages: ['en'],
  start: 'pick',
  nodes: {
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'orders' }],
      keys: { 1: 'stock', 2: 'message', 3: 'ring', 4: 'one' },
      tries: 2,
      timeoutMs: 3_000,
      noInput: 'bye',
      noMatch: 'bye',
    },
    stock: {
      type: 'query',
      function: 'stock@1',
      pass: { number: '{call.number}' },
      say: [{ kind: 'prompt', prompt: 'wait' }],
      timeoutMs: 2_000,
      tries: 2,
      keep: { stock: 'answer' },
      ways: { some: 'ring', none: 'pick' },
      failed: 'pick',
    },
    message: {
      type: 'record',
      say: [{ kind: 'prompt', prompt: 'account' }],
      variable: 'message',
      box: DAY_BOX.name,
      minMs: DAY_BOX.minMs,
      maxMs: 12_000,
      next: 'review',
      empty: 'bye',
      failed: 'one',
    },
    review: {
      type: 'menu',
      say: [
        { kind: 'recording', variable: 'message' },
        { kind: 'prompt', prompt: 'ask' },
      ],
      keys: { 1: 'bye', 2: 'discard', 3: 'ring' },
      tries: 1,
      timeoutMs: 2_000,
      noInput: 'bye',
      noMatch: 'bye',
    },
    discard: { type: 'message', variable: 'message', does: 'discard', next: 'message' },
    ring: { type: 'orderDesk', group: 'desk', maxMs: 45_000, timeout: 'one', failed: 'bye' },
    one: {
      type: 'transfer',
      to: { kind: 'group', group: 'line' },
      ringTimeoutMs: 6_000,
      busy: 'sales',
      noAnswer: 'sales',
      failed: 'bye',
    },
    sales: { type: 'queue', queue: 'sales', overflowAfterMs: 30_000, overflow: 'bye' },
    bye: { type: 'hangup', say: [{ kind: 'prompt', prompt: 'bye' }] },
  },
  prompts: Object.fromEntries(['orders', 'wait', 'account', 'ask', 'bye'].map((name) => [name, { en: name }])),
};

const NOBODY: LookupPlan = { afterMs: 20, result: { outcome: 'found', match: { decision: 'none', customers: [] } } };

/**
 * Who answers what is looked up. Nobody is known. What flows ask is answered mostly soon, sometimes in the second try, so late that nobody waits any more, or never:
 * drawn from the key and from how often it was asked under it, so that a shrunk day is answered alike.
 */
function answers(seed: number): (lookup: Lookup) => LookupPlan {
  const asked = new Map<string, number>();
  return (lookup) => {
    if (lookup.type === 'customer') return NOBODY;
    const { key, timeoutMs, tries } = lookup;
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    const random = randomStream(seed, `answer:${key}:${times}`);
    const way = random.chance(0.8) ? 'some' : 'none';
    const result: LookupResult = { outcome: 'answered', way, values: { stock: `${key}/${times}` } };
    const boundMs = timeoutMs * tries;
    const die = random.next();
    if (die < 0.5) return { afterMs: random.int(50, boundMs), result };
    if (die < 0.6) return 'never';
    if (die < 0.75) return { afterMs: boundMs, result: { outcome: 'failed' } };
    return { afterMs: boundMs + 5_000 + random.int(-200, 25_000), result };
  };
}

const PROMPT_MS: Readonly<Record<string, number>> = {
  hello: 2_500,
  menu: 4_000,
  account: 2_000,
  wait: 1_500,
  bye: 1_200,
  ask: 2_000,
  orders: 1_500,
};

/** The configuration of the floor without the queue `desk`: its number leads to `support`. */
export function withoutDesk(config: TenantConfig): TenantConfig {
  return {
    ...config,
    agents: config.agents.map((agent) => ({ ...agent, queues: agent.queues.filter((id) => id !== 'desk') })),
    queues: config.queues.filter(({ id }) => id !== 'desk'),
    routes: config.routes.map((route) =>
      route.number === DAY_NUMBERS.desk ? { ...route, to: { kind: 'queue', queue: asId<QueueId>('support') } } : route,
    ),
  };
}

/** The floor of random days: three queues that share agents, a narrow route, an auto-answering phone, recordings, a supervisor. */
export function dayFloor(seed: number): FloorOptions {
  const queue = (id: string) => asId<QueueId>(id);
  return {
    seed,
    ivr: [menu, survey, orders],
    queues: {
      sales: {
        agents: ['ann', 'bob', 'cy'],
        ringTimeoutMs: 12_000,
        waitTimeoutMs: 0,
        afterCallWorkMs: 8_000,
        record: 'always',
        popUrl: 'https://crm.example/c?n={caller.number}',
      },
      support: {
        agents: ['cy', 'dee', 'eve', 'fay'],
        ringTimeoutMs: 10_000,
        waitTimeoutMs: 90_000,
        maxWaiting: 6,
        overflow: { kind: 'queue', queue: queue('sales') },
        afterCallWorkMs: 5_000,
        ringNoAnswer: 'ready',
        popAt: 'connected',
      },
      desk: {
        agents: ['bob', 'eve'],
        ringTimeoutMs: 9_000,
        overflow: { kind: 'queue', queue: queue('support') },
        work: 'callBack',
        blockedBy: [],
        survey: asId<FlowId>('survey'),
      },
    },
    agents: {
      ann: {},
      bob: {},
      cy: {},
      dee: { record: 'always' },
      eve: { release: 'manual' },
      fay: { answer: 'auto' },
    },
    routes: [
      { number: DAY_NUMBERS.menu, to: { kind: 'ivr', flow: asId<FlowId>('front') } },
      { number: DAY_NUMBERS.sales, to: { kind: 'queue', queue: queue('sales') } },
      { number: DAY_NUMBERS.support, to: { kind: 'queue', queue: queue('support') } },
      { number: DAY_NUMBERS.narrow, to: { kind: 'agent', agent: asId<AgentId>('eve') }, maxConcurrent: 1 },
      { number: DAY_NUMBERS.desk, to: { kind: 'queue', queue: queue('desk') } },
      { number: DAY_NUMBERS.orders, to: { kind: 'ivr', flow: asId<FlowId>('orders') } },
    ],
    groups: {
      desk: { ring: 'all', members: [...GROUP_PHONES, '8002'] },
      line: { ring: 'inOrder', members: ['8052', ABSENT_SEAT, '8003', '8054'] },
    },
    lookup: answers(seed),
    spareSeats: [DAY_SUPERVISOR.seat, '8051', ABSENT_SEAT, ...GROUP_PHONES],
    promptMs: (prompt) => PROMPT_MS[prompt],
    outsideExists: (number) => !number.endsWith(UNKNOWN_TAIL),
    events: 'drop',
    change: (config) => ({
      ...config,
      recording: { ...config.recording, neverNumbers: Object.values(NEVER_RECORDED) },
    }),
  };
}
