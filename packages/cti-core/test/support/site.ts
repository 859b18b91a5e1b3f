import { type AgentConfig, asId, type IvrGraph, type QueueConfig, type TenantConfig } from '../../src/index.js';

export function agent(id: string, seat: string, more: Partial<AgentConfig> = {}): AgentConfig {
  return {
    id: asId(id),
    name: id,
    seat: asId(`main:extension:${seat}`),
    queues: [asId('support')],
    answer: 'manual',
    record: 'byQueue',
    numbers: 'clear',
    mayDial: 'any',
    ...more,
  };
}

export function queue(id: string, more: Partial<QueueConfig> = {}): QueueConfig {
  return {
    id: asId(id),
    name: id,
    strategy: 'longestIdle',
    ringTimeoutMs: 20_000,
    waitTimeoutMs: 0,
    maxWaiting: 0,
    overflow: { kind: 'hangup' },
    afterCallWorkMs: 10_000,
    record: 'never',
    priority: 0,
    ringNoAnswer: 'notReady',
    routesToReasons: [],
    popAt: 'alerting',
    ...more,
  };
}

export const FRONT: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('front'),
  version: 'v1',
  languages: ['en'],
  start: 'pick',
  nodes: {
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { '1': 'sales', '2': 'more' },
      noInput: 'END',
      noMatch: 'END',
    },
    more: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { '1': 'support' },
      noInput: 'END',
      noMatch: 'END',
    },
    sales: { type: 'queue', queue: 'sales', overflow: 'END' },
    support: { type: 'queue', queue: 'support', overflow: 'pick', overflowAfterMs: 60_000 },
  },
  prompts: { menu: { en: 'menu.wav' } },
};

export function site(more: Partial<TenantConfig> = {}): TenantConfig {
  return {
    tenant: 'acme',
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8000', to: '8999' }],
      ownNumbers: ['4008001000'],
      emergency: ['110'],
    },
    switches: [{ id: asId('main'), defaultTrunk: asId('main:trunk:carrier'), callerNumber: '4008001000' }],
    devices: [],
    agents: [agent('ann', '8001'), agent('bob', '8002'), agent('sue', '8009', { queues: [] })],
    queues: [queue('support'), queue('sales')],
    routes: [
      {
        id: 'r1',
        number: '4008001000',
        to: { kind: 'ivr', flow: asId('front') },
        enabled: 'enabled',
        maxConcurrent: 0,
        priority: 0,
        note: '',
      },
      {
        id: 'r2',
        number: '4008001001',
        to: { kind: 'queue', queue: asId('support') },
        enabled: 'enabled',
        maxConcurrent: 0,
        priority: 0,
        note: '',
      },
      {
        id: 'r3',
        number: '4008001002',
        to: { kind: 'extension', number: '8005' },
        enabled: 'enabled',
        maxConcurrent: 1,
        priority: 0,
        note: '',
      },
    ],
    flows: [FRONT],
    calendars: {},
    recording: {
      neverNumbers: ['+8613900000009'],
      format: 'wav',
      tracks: 'separate',
      basis: 'consent',
      retentionDays: 30,
    },
    notReadyReasons: ['break', 'lunch'],
    timers: {
      commandMs: 5000,
      confirmMs: 10_000,
      clientLeaseMs: 30_000,
      popClaimMs: 2000,
      ringMs: 60_000,
      maxCallMs: 14_400_000,
    },
    ...more,
  };
}
