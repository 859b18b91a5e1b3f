import assert from 'node:assert/strict';
import type { ConnectionId, DeviceId, DriverEvent } from '@cordboard/cti-core';
import type { Probe } from '../probe.js';
import type { PbxWorld, WorldParty } from '../world.js';

type Created = Extract<DriverEvent, { readonly type: 'created' }>;

/** The PBX of the world; the cases that ask for it need the ability. */
export function pbxOf(probe: Probe): PbxWorld {
  const { pbx } = probe.world;
  assert.ok(pbx, 'the world has no PBX');
  return pbx;
}

/** Waits for a connection of a device. @returns what was told when it began */
export function begins(probe: Probe, device: DeviceId, since: number): Promise<Created> {
  return probe.sees('created', { since, where: (event) => event.device === device });
}

/** A caller from outside rings. @returns what was told of the line and of the first two phones */
export async function rings(
  probe: Probe,
  caller: WorldParty = probe.world.outsider,
): Promise<{ readonly line: Created; readonly first: Created; readonly second: Created }> {
  const since = probe.mark;
  const { lines } = pbxOf(probe);
  await caller.dial(probe.world.inboundNumber);
  const line = await probe.sees('created', { since, where: (event) => lines.includes(event.device) });
  const [one, two] = probe.world.phones;
  const first = await begins(probe, one.device, since);
  const second = await begins(probe, two.device, since);
  await probe.sees('alerting', { on: first.connectionId });
  await probe.sees('alerting', { on: second.connectionId });
  return { line, first, second };
}

/** The first phone talks with a caller from outside. */
export async function talks(
  probe: Probe,
  caller: WorldParty = probe.world.outsider,
): Promise<{ readonly line: Created; readonly phone: Created }> {
  const { line, first, second } = await rings(probe, caller);
  await probe.accepted({ type: 'answer', connectionId: first.connectionId });
  await probe.sees('connected', { on: first.connectionId });
  await probe.sees('connected', { on: line.connectionId });
  await probe.sees('cleared', { on: second.connectionId });
  return { line, phone: first };
}

/** A phone calls by command. @returns our id */
export async function calls(
  probe: Probe,
  phone: WorldParty,
  to: { readonly to: string; readonly trunk?: DeviceId },
): Promise<ConnectionId> {
  const connectionId = probe.connectionId();
  await probe.accepted({
    type: 'makeCall',
    connectionId,
    device: phone.device,
    mark: { callId: probe.callId() },
    ...to,
  });
  await probe.sees('created', { on: connectionId });
  return connectionId;
}

/** The first phone holds its caller and talks with the third. */
export async function consults(probe: Probe): Promise<{
  readonly line: Created;
  readonly held: ConnectionId;
  readonly active: ConnectionId;
  readonly other: Created;
}> {
  const [one, , three] = probe.world.phones;
  const { line, phone } = await talks(probe);
  const held = phone.connectionId;
  await probe.accepted({ type: 'hold', connectionId: held });
  await probe.sees('heldByDevice', { on: held });
  const since = probe.mark;
  const active = await calls(probe, one, { to: three.number });
  const other = await begins(probe, three.device, since);
  await three.answer();
  await probe.sees('connected', { on: active });
  await probe.sees('connected', { on: other.connectionId });
  return { line, held, active, other };
}

/** How a connection ended. */
export async function endOf(probe: Probe, on: ConnectionId): Promise<string> {
  return (await probe.sees('cleared', { on })).release.cause;
}

/** Nothing of these has ended. */
export function liveOn(probe: Probe, ...ids: readonly ConnectionId[]): void {
  for (const id of ids) assert.equal(probe.count('cleared', id), 0, 'it should have lived on');
}

/** To which call the driver counts a connection now. */
export function callOf(probe: Probe, id: ConnectionId): string | undefined {
  let ref: string | undefined;
  for (const event of probe.events) {
    if (event.type === 'snapshot')
      ref = event.snapshot.connections.find((each) => each.connectionId === id)?.nativeCallRef ?? ref;
    if (!('connectionId' in event) || event.connectionId !== id) continue;
    if (event.type === 'created' || event.type === 'movedCall') ref = event.nativeCallRef;
  }
  return ref;
}
