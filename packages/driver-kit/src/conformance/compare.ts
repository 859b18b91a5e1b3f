import { type ConnectionId, type DeviceId, type DriverEvent, nativeIdOf } from '@cordboard/cti-core';
import type { ConformanceCase } from './case.js';
import { LawChecker } from './laws.js';
import { Probe } from './probe.js';
import { CONFORMANCE_CASES } from './suite.js';
import type { World } from './world.js';

/** What one driver told in one scenario, and who is who in its world. */
export interface Run {
  readonly events: readonly DriverEvent[];
  /** A word for each device that means the same in every world: `phone1`, `trunk`. */
  readonly roles: ReadonlyMap<DeviceId, string>;
}

/**
 * The cases of the conformance suite in which nothing depends on who is quicker, so that every switch must tell the same. The simulator's drawn
 * orders, Asterisk (e2e) and FreeSWITCH (the simulator's event socket, and e2e) are each held to the simulator's plain run of these. A world that
 * lacks what a case asks for leaves it out: {@link comparedIn}.
 */
export const COMPARED_CASES: readonly string[] = [
  'DRV-CALL-02',
  'DRV-ORIG-01',
  'DRV-BRIDGE-03',
  'DRV-BRIDGE-04',
  'DRV-MEDIA-03',
  'DRV-DIGIT-01',
  'DRV-REC-01',
  'DRV-MON-01',
  'DRV-MON-02',
  'DRV-MON-03',
  'DRV-HOLD-01',
  'DRV-REFER-01',
  'DRV-REFER-02',
  'DRV-REPLACE-01',
  'DRV-LINK-03',
];

/** The {@link COMPARED_CASES} that this world can play. */
export function comparedIn(world: Pick<World, 'can'>): readonly ConformanceCase[] {
  return CONFORMANCE_CASES.filter(
    ({ id, world: asks = [] }) => COMPARED_CASES.includes(id) && asks.every((ability) => world.can.has(ability)),
  );
}

/** A point in which two runs differ, or in which one of them breaks a law of order. */
export interface Difference {
  /** `run`: in one run alone; `connection`: of one connection; `pair`: of a listed happens-before pair. */
  readonly kind: 'run' | 'connection' | 'pair';
  readonly where: string;
  readonly what: string;
}

/** Plays a scenario in a world and keeps what the driver told. The same `nonce` gives the same ids in every world. */
export async function recordRun(
  world: World,
  options: { readonly nonce: string },
  scenario: (probe: Probe) => Promise<void>,
): Promise<Run> {
  const probe = new Probe(world, options.nonce);
  const roles = new Map<DeviceId, string>([[world.trunk, 'trunk']]);
  for (const [n, phone] of world.phones.entries()) roles.set(phone.device, `phone${n + 1}`);
  try {
    await scenario(probe);
  } finally {
    await probe.finish();
    await world.reset();
  }
  return { events: [...probe.events], roles };
}

/**
 * Compares two runs of one scenario: the events of each connection must be equal, in order; and the listed happens-before pairs must hold in both,
 * as often in one as in the other. Nothing else about order is compared, no time, no presence of devices.
 * @returns what differs; empty when the runs agree
 */
export function compareRuns(a: Run, b: Run): readonly Difference[] {
  const differences: Difference[] = [];
  const [first, second] = [digest(a), digest(b)];
  for (const [side, { breaks }] of [['first', first] as const, ['second', second] as const]) {
    for (const { law, what } of breaks) differences.push({ kind: 'pair', where: law, what: `${side} run: ${what}` });
  }
  for (const name of new Set([...first.connections.keys(), ...second.connections.keys()])) {
    const [left, right] = [first.connections.get(name), second.connections.get(name)];
    if (left === undefined || right === undefined) {
      differences.push({
        kind: 'run',
        where: name,
        what: `told in the ${left === undefined ? 'second' : 'first'} run alone`,
      });
    } else if (left.join('\n') !== right.join('\n')) {
      differences.push({ kind: 'connection', where: name, what: `${left.join(', ')} / ${right.join(', ')}` });
    }
  }
  for (const law of new Set([...first.pairs.keys(), ...second.pairs.keys()])) {
    const [left, right] = [first.pairs.get(law) ?? 0, second.pairs.get(law) ?? 0];
    if (left !== right) differences.push({ kind: 'pair', where: law, what: `${left} times / ${right} times` });
  }
  return differences;
}

interface Digest {
  readonly connections: Map<string, string[]>;
  readonly pairs: Map<string, number>;
  readonly breaks: readonly { readonly law: string; readonly what: string }[];
}

function digest(run: Run): Digest {
  const names = nameConnections(run);
  const connections = new Map<string, string[]>();
  const laws = new LawChecker();
  for (const event of run.events) {
    laws.take(event);
    if (!('connectionId' in event)) continue;
    const name = names.get(event.connectionId) ?? 'unknown';
    const list = connections.get(name) ?? [];
    list.push(wordOf(event, names));
    connections.set(name, list);
  }
  for (const list of connections.values()) dropLastUnbridged(list);
  const pairs = new Map([...laws.reached].filter(([law]) => law.startsWith('HB-')));
  return { connections, pairs, breaks: laws.breaks };
}

/** What we dialled is named by the id that we chose, what came in by its device and how many came before it. */
function nameConnections({ events, roles }: Run): Map<ConnectionId, string> {
  const names = new Map<ConnectionId, string>();
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'created' || names.has(event.connectionId)) continue;
    const role = roles.get(event.device) ?? 'other';
    const count = (counts.get(role) ?? 0) + 1;
    if (event.direction === 'incoming') counts.set(role, count);
    names.set(event.connectionId, event.direction === 'incoming' ? `${role}#${count}` : nativeIdOf(event.connectionId));
  }
  return names;
}

function wordOf(
  event: Extract<DriverEvent, { connectionId: ConnectionId }>,
  names: ReadonlyMap<ConnectionId, string>,
): string {
  switch (event.type) {
    case 'created':
      return `created ${event.direction} ${event.control}`;
    case 'digit':
      return `digit ${event.digit}`;
    case 'bridged':
    case 'unbridged':
      return `${event.type} ${event.bridgeId}`;
    case 'playbackStarted':
      return `playbackStarted ${event.playbackId}`;
    case 'playbackFinished':
      return `playbackFinished ${event.playbackId} ${event.outcome}`;
    case 'recordingStarted':
      return `recordingStarted ${event.recordingId}`;
    case 'recordingFinished':
      return `recordingFinished ${event.recordingId} ${event.outcome} ${event.files.length}`;
    case 'monitoring':
      return `monitoring ${names.get(event.targetId)} ${event.mode}`;
    case 'transferRequested':
      return event.kind === 'blind'
        ? 'transferRequested blind'
        : `transferRequested attended ${names.get(event.consultId)}`;
    case 'replaced':
      return `replaced by ${names.get(event.by)}`;
    case 'lifted':
      return `lifted ${names.get(event.targetId)}`;
    case 'parked':
      return `parked ${event.slot ?? 'no more'}`;
    case 'identified':
    case 'movedCall':
      return event.type;
    case 'cleared':
      return `cleared ${event.release.cause}`;
    case 'alerting':
    case 'connected':
    case 'heldByDevice':
    case 'retrievedByDevice':
      return event.type;
  }
}

/** Whether a connection is told to have left its bridge before it ends is left to the driver. */
function dropLastUnbridged(list: string[]): void {
  if (list.at(-1)?.startsWith('cleared') && list.at(-2)?.startsWith('unbridged')) list.splice(-2, 1);
}
