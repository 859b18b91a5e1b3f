import type { Release } from '../contract/causes.js';
import { behindOf } from './behind.js';
import { send } from './commands.js';
import { feedFlow } from './flows.js';
import { connsOfLeg, customerConn, isOutside, legOf } from './lookups.js';
import { leave } from './parting.js';
import { offers } from './planner.js';
import { changed, type Run } from './run.js';
import type { Call, Leg, Transfer } from './state.js';

/** A transfer by the PBX behind a line: whose line, and what is keyed after the flash. */
export interface FlashTransfer {
  readonly leg: Leg;
  readonly digits: string;
}

/** The way to an extension behind the line on which the outside party of a call is, where that line can flash. */
export function flashTo(run: Run, call: Call, to: string): FlashTransfer | undefined {
  const behind = behindOf(run, to);
  const customer = behind === undefined ? undefined : customerConn(run, call);
  const leg = customer === undefined ? undefined : legOf(run, customer);
  if (behind === undefined || leg?.switchId !== behind.switchId || !isOutside(leg.device)) return undefined;
  if (leg.state !== 'connected' || leg.clearing !== undefined || leg.flash !== undefined) return undefined;
  return offers(run, leg.switchId, 'flashTransfer') ? { leg, digits: behind.number } : undefined;
}

/** Sends the outside party to an extension behind the line. Whoever talks with them stays until the line is gone. @returns whether it could be asked */
export function flashTransfer(
  run: Run,
  call: Call,
  how: FlashTransfer & { readonly by: Transfer['by']; readonly to: string },
): 'asked' | 'down' {
  const { leg, digits, by, to } = how;
  const commandId = send(
    run,
    { type: 'flash', connectionId: leg.id, digits, after: 'leave' },
    { switchId: leg.switchId, legId: leg.id, callId: call.id },
  );
  if (commandId === undefined) return 'down';
  leg.flash = { by, to, commandId };
  for (const conn of connsOfLeg(run, leg)) conn.pending = 'transfer';
  changed(run, call.id, 'pending');
  return 'asked';
}

/** A line has ended: by a flash transfer, that is what its call ends with. */
export function flashEnded(run: Run, leg: Leg, release: Release): void {
  const { flash } = leg;
  if (flash === undefined) return;
  leg.flash = undefined;
  const done = release.cause === 'transferred';
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    call.transfers.push({
      kind: 'blind',
      by: flash.by,
      to: flash.to,
      outcome: done ? 'done' : 'failed',
      atMs: run.at - call.startedMs,
    });
    if (done) leave(run, call, { by: flash.by === 'system' ? 'system' : 'agent', end: release });
  }
}

/** The line did not do it, or nobody knows whether it was asked: the talk goes on, a flow hears that it failed. */
export function flashFailed(run: Run, leg: Leg): void {
  const { flash } = leg;
  if (flash === undefined) return;
  leg.flash = undefined;
  for (const conn of connsOfLeg(run, leg)) {
    if (conn.pending === 'transfer') conn.pending = undefined;
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    changed(run, call.id, 'pending');
    if (call.flow?.machine === 'transferring')
      feedFlow(run, call, { back: { type: 'transferResult', result: 'failed' } });
  }
}
