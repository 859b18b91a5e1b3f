import type { BlockingWork, DriverFactory } from '@cordboard/cti-core';
import type { ConfigInput } from '@cordboard/cti-protocol';
import { defineIvr, hangup, menu, play, queue, record, recording, transfer } from '@cordboard/ivr-dsl';
import { type IvrSite, withExample } from './ivr-site.js';
import { labDriver, type SwitchLink, trunkOf } from './switch-link.js';

/** Numbers that callers of the outside dial: the front menu, and straight into the two queues. */
export const FRONT_NUMBER = '4001';
export const SUPPORT_NUMBER = '4002';
export const SALES_NUMBER = '4003';

/** What phones dial in front of a code: the code 2 is Bob's phone. */
export const SPEED_PREFIX = '*5';

/** Who sits where. Sue supervises and is in no queue. */
export const SEATS = { ann: '8001', bob: '8002', sue: '8003', cat: '8004' } as const;
/** An agent of the floor. */
export type AgentName = keyof typeof SEATS;

/** The menu of the real call: two levels, keys 1 and 2 lead to support. */
export const frontFlow = defineIvr(
  {
    id: 'front',
    languages: ['en'],
    prompts: {
      welcome: 'welcome',
      front: 'front-menu',
      sub: 'sub-menu',
      again: 'no-match',
      bye: 'goodbye',
    },
  },
  {
    start: play({ say: 'welcome', bargeIn: true, next: 'front' }),
    front: menu({ say: 'front', keys: { 1: 'products' }, noMatchSay: 'again', noInput: 'bye', noMatch: 'bye' }),
    products: menu({
      say: 'sub',
      keys: { 1: 'sales', 2: 'support' },
      noMatchSay: 'again',
      noInput: 'sales',
      noMatch: 'bye',
    }),
    support: queue('support', { overflow: 'bye' }),
    sales: queue('sales', { overflow: 'bye' }),
    bye: hangup({ say: 'bye' }),
  },
);

/** After a talk: a message, heard again by who left it, and phones that ring all at once. */
export const afterFlow = defineIvr(
  {
    id: 'after',
    languages: ['en'],
    prompts: { notice: 'recording-notice', closed: 'closed', bye: 'goodbye' },
    groups: ['desk'],
  },
  {
    start: record('message', {
      say: 'notice',
      box: 'after',
      max: '20s',
      next: 'heard',
      empty: 'bye',
      failed: 'bye',
    }),
    heard: play({ say: [recording('message'), 'closed'], next: 'desk' }),
    desk: transfer({ to: { group: 'desk' }, ringTimeout: '60s', busy: 'bye', noAnswer: 'bye', failed: 'bye' }),
    bye: hangup({ say: 'bye' }),
  },
);

/** How the floor differs from its usual form. */
export interface FloorOptions {
  readonly link: SwitchLink;
  /** Ring bound of the queues; default `60s`: nobody gives up in a scenario that is not about that. */
  readonly ringTimeout?: string;
  /** Ring bound of transfers and calls; default `60s`. */
  readonly ring?: string;
  readonly afterCallWork?: string;
  readonly record?: 'always' | 'never';
  readonly popUrl?: string;
  readonly dataDir?: string;
  readonly answer?: 'manual' | 'auto';
  readonly release?: 'manual' | 'auto';
  /** Work of a ready agent that keeps the queues' callers away; default: all. */
  readonly blockedBy?: readonly BlockingWork[];
  readonly port?: number;
  /** Queues of ann; default support alone. */
  readonly annIn?: readonly ('support' | 'sales')[];
  /** Callers of support are put into {@link afterFlow} when their agent has hung up. */
  readonly after?: 'talk';
  /** Stands in the place of the laboratory's driver. */
  readonly driver?: DriverFactory;
  /** An example's flow on the floor; its queues are ann's then. */
  readonly site?: IvrSite;
}

/** The configuration of the floor as a customer would write it. */
export function floorConfig(options: FloorOptions): ConfigInput {
  const plain = plainConfig(options);
  return options.site === undefined ? plain : withExample(plain, options.site);
}

function plainConfig(options: FloorOptions): ConfigInput {
  const agent = (name: AgentName, queues: readonly string[]): NonNullable<ConfigInput['agents']>[string] => ({
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    seat: SEATS[name],
    queues: [...queues],
    answer: options.answer ?? 'manual',
    ...(options.release === undefined ? {} : { release: options.release }),
  });
  const queueOf = (name: string): NonNullable<ConfigInput['queues']>[string] => ({
    name,
    ringTimeout: (options.ringTimeout ?? '60s') as '60s',
    afterCallWork: (options.afterCallWork ?? '1s') as '1s',
    record: options.record ?? 'always',
    popAt: 'alerting',
    ...(options.blockedBy === undefined ? {} : { blockedBy: [...options.blockedBy] }),
    popUrl: options.popUrl ?? '/customer?number={caller.number}&path={ivr.path}&note={data.note}',
  });
  return {
    tenant: 'lab',
    timeZone: 'Asia/Shanghai',
    server: {
      host: '127.0.0.1',
      port: options.port ?? 0,
      tokenSecret: 'laboratory-secret-of-32-characters-or-more',
      ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    },
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8001', to: '8099' }],
      ownNumbers: [FRONT_NUMBER, SUPPORT_NUMBER, SALES_NUMBER],
      speedDialPrefix: SPEED_PREFIX,
    },
    speedDial: { 2: { number: SEATS.bob, name: 'Bob' } },
    switches: {
      main: {
        driver: options.driver ?? labDriver(options.link),
        defaultTrunk: trunkOf(options.link),
        callerNumber: FRONT_NUMBER,
      },
    },
    agents: {
      ann: agent('ann', options.annIn ?? ['support']),
      bob: agent('bob', ['support', 'sales']),
      cat: agent('cat', ['sales']),
      sue: agent('sue', []),
    },
    queues: {
      support: { ...queueOf('support'), ...(options.after === undefined ? {} : { survey: 'after' }) },
      sales: queueOf('sales'),
    },
    ...(options.after === undefined ? {} : { groups: { desk: { ring: 'all' as const, members: ['8002', '8005'] } } }),
    routes: [
      { number: FRONT_NUMBER, to: { ivr: 'front' } },
      { number: SUPPORT_NUMBER, to: { queue: 'support' } },
      { number: SALES_NUMBER, to: { queue: 'sales' } },
    ],
    flows: options.after === undefined ? [frontFlow] : [frontFlow, afterFlow],
    recording: { basis: 'consentAnnounced' },
    notReadyReasons: ['lunch'],
    directory: [{ number: '13900000001', id: 'c-1', name: 'Li Na', url: '/customer?id=c-1' }],
    timers: { ring: (options.ring ?? '60s') as '60s' },
  };
}
