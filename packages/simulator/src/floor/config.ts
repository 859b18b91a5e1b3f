import {
  type AgentConfig,
  type AgentId,
  asId,
  deviceId,
  type IvrGraph,
  type QueueConfig,
  type QueueId,
  type RouteConfig,
  type RouteTarget,
  type SwitchId,
  type TenantConfig,
} from '@cordboard/cti-core';

/** The one switch of a virtual floor. */
export const FLOOR_SWITCH = 'main' as SwitchId;
/** What callers dial unless a route says otherwise. */
export const FLOOR_NUMBER = '4008001000';
const FIRST_SEAT = 8001;

/** A queue of a floor: its agents, and anything of its configuration. */
export type FloorQueue = { readonly agents: readonly string[] } & Partial<Omit<QueueConfig, 'id' | 'strategy'>>;

/** The shape of a floor. */
export interface FloorShape {
  /** Flows; every number that is called from outside leads to the first one, unless `routes` says otherwise. */
  readonly flows?: readonly IvrGraph[];
  readonly queues: Readonly<Record<string, FloorQueue>>;
  /** What agents differ in; seats are 8001, 8002 and so on, in the order in which names first appear. */
  readonly agents?: Readonly<Record<string, Partial<Omit<AgentConfig, 'id' | 'queues'>>>>;
  readonly routes?: readonly { readonly number: string; readonly to: RouteTarget; readonly maxConcurrent?: number }[];
  readonly groups?: TenantConfig['groups'];
  readonly modes?: TenantConfig['modes'];
  readonly lists?: TenantConfig['lists'];
  /** Seats nobody sits at by configuration: supervisors' phones, spare ones. */
  readonly spareSeats?: readonly string[];
  /** Last word on anything. */
  readonly change?: (config: TenantConfig) => TenantConfig;
}

/** Names of all agents of a floor, in the order of their seats. */
export function agentNames(shape: FloorShape): string[] {
  const names = [...Object.keys(shape.agents ?? {}), ...Object.values(shape.queues).flatMap((queue) => queue.agents)];
  return [...new Set(names)];
}

/** The number of the phone of the agent at a place among {@link agentNames}. */
export function seatNumber(place: number): string {
  return String(FIRST_SEAT + place);
}

/** The configuration of a virtual floor, with everything that nobody named at its default. */
export function floorConfig(shape: FloorShape): TenantConfig {
  const names = agentNames(shape);
  const agents = names.map(
    (name, place): AgentConfig => ({
      id: asId<AgentId>(name),
      name,
      seat: deviceId(FLOOR_SWITCH, 'extension', seatNumber(place)),
      answer: 'manual',
      record: 'byQueue',
      numbers: 'clear',
      mayDial: 'any',
      ...shape.agents?.[name],
      queues: Object.entries(shape.queues).flatMap(([queue, { agents }]) =>
        agents.includes(name) ? [asId<QueueId>(queue)] : [],
      ),
    }),
  );
  const config: TenantConfig = {
    tenant: 'floor',
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8000', to: '8999' }],
      ownNumbers: [FLOOR_NUMBER],
      emergency: ['110', '119', '120'],
    },
    switches: [
      { id: FLOOR_SWITCH, defaultTrunk: deviceId(FLOOR_SWITCH, 'trunk', 'carrier'), callerNumber: FLOOR_NUMBER },
    ],
    devices: [],
    agents,
    queues: Object.entries(shape.queues).map(([id, queue]) => queueConfig(id, queue)),
    routes: routesOf(shape),
    flows: shape.flows ?? [],
    calendars: {},
    ...(shape.groups === undefined ? {} : { groups: shape.groups }),
    ...(shape.modes === undefined ? {} : { modes: shape.modes }),
    ...(shape.lists === undefined ? {} : { lists: shape.lists }),
    recording: { neverNumbers: [], format: 'wav', tracks: 'mixed', basis: 'consentAnnounced', retentionDays: 30 },
    notReadyReasons: ['break', 'lunch', 'training'],
    timers: {
      commandMs: 5_000,
      confirmMs: 10_000,
      clientLeaseMs: 30_000,
      popClaimMs: 2_000,
      ringMs: 60_000,
      maxCallMs: 14_400_000,
    },
  };
  return shape.change?.(config) ?? config;
}

function queueConfig(id: string, { agents: _, ...rest }: FloorQueue): QueueConfig {
  return {
    id: asId<QueueId>(id),
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
    ...rest,
  };
}

function routesOf(shape: FloorShape): RouteConfig[] {
  const [flow] = shape.flows ?? [];
  const [queue] = Object.keys(shape.queues);
  const fallback: RouteTarget =
    flow !== undefined
      ? { kind: 'ivr', flow: flow.id }
      : queue !== undefined
        ? { kind: 'queue', queue: asId<QueueId>(queue) }
        : { kind: 'hangup' };
  const routes = shape.routes ?? [
    { number: FLOOR_NUMBER, to: fallback },
    { number: '8100', to: fallback },
  ];
  return routes.map(({ number, to, maxConcurrent = 0 }, n) => ({
    id: `route${n + 1}`,
    number,
    to,
    enabled: 'enabled',
    maxConcurrent,
    priority: 0,
    note: '',
  }));
}
