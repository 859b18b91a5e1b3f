import {
  type AgentConfig,
  type AgentId,
  asId,
  deviceId,
  type IvrGraph,
  type QueueConfig,
  type QueueId,
  type SwitchId,
  type TenantConfig,
} from '@cordboard/cti-core';

export const switchId = asId<SwitchId>('main');
export const trunk = deviceId(switchId, 'trunk', 'carrier');
/** The number that leads into the flow. */
export const FLOW_NUMBER = '8100';

const HOUR_MS = 3_600_000;

const flow: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('front'),
  version: '1',
  languages: ['zh'],
  start: 'pick',
  nodes: {
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { 1: 'served', 2: 'talking', 3: 'waiting' },
      timeoutMs: HOUR_MS,
      noInput: 'END',
      noMatch: 'END',
    },
    served: { type: 'queue', queue: 'served', overflow: 'END' },
    talking: { type: 'queue', queue: 'talking', overflow: 'END' },
    waiting: { type: 'queue', queue: 'waiting', overflow: 'END' },
  },
  prompts: { menu: { zh: 'menu' } },
};

/** How many agents serve each queue; the rest are logged on and not ready. */
export interface Staff {
  readonly agents: number;
  readonly talking: number;
  readonly served: number;
}

/** The queue of the agent with that index. */
export function queueOf(staff: Staff, index: number): 'talking' | 'served' | 'waiting' {
  if (index < staff.talking) return 'talking';
  return index < staff.talking + staff.served ? 'served' : 'waiting';
}

/** The id of the agent with that index. */
export const agentId = (index: number): AgentId => asId(`a${index}`);

/** A site with so many agents, three queues and one flow; leases and waits that outlast the run. */
export function configOf(staff: Staff): TenantConfig {
  const agents = Array.from(
    { length: staff.agents },
    (_, index): AgentConfig => ({
      id: agentId(index),
      name: `Agent ${index}`,
      seat: deviceId(switchId, 'extension', String(10_000 + index)),
      queues: [asId<QueueId>(queueOf(staff, index))],
      answer: 'manual',
      record: 'never',
      numbers: 'clear',
      mayDial: 'any',
    }),
  );
  const queue = (id: string): QueueConfig => ({
    id: asId(id),
    name: id,
    strategy: 'longestIdle',
    ringTimeoutMs: 20_000,
    waitTimeoutMs: 0,
    maxWaiting: 0,
    overflow: { kind: 'hangup' },
    afterCallWorkMs: 1000,
    record: 'never',
    priority: 0,
    ringNoAnswer: 'notReady',
    routesToReasons: [],
    popAt: 'alerting',
  });
  return {
    tenant: 'bench',
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '10000', to: '19999' }],
      ownNumbers: [],
      emergency: [],
    },
    switches: [{ id: switchId, defaultTrunk: trunk }],
    devices: [],
    agents,
    queues: ['talking', 'served', 'waiting'].map(queue),
    routes: [
      {
        id: 'in',
        number: FLOW_NUMBER,
        to: { kind: 'ivr', flow: flow.id },
        enabled: 'enabled',
        maxConcurrent: 0,
        priority: 0,
        note: '',
      },
    ],
    flows: [flow],
    calendars: {},
    recording: { neverNumbers: [], format: 'wav', tracks: 'mixed', basis: 'none', retentionDays: 1 },
    notReadyReasons: ['break'],
    timers: {
      commandMs: 5000,
      confirmMs: 10_000,
      clientLeaseMs: 24 * HOUR_MS,
      popClaimMs: 2000,
      ringMs: 60_000,
      maxCallMs: 0,
    },
  };
}
