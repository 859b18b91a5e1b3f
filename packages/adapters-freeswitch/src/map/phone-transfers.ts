import { parseDeviceId } from '@cordboard/cti-core';
import { type MapEffect, on, tell } from './effects.js';
import { header, type SwitchEvent, variable } from './event.js';
import { type Leg, rawNumber } from './leg.js';

/**
 * What a phone's REFER means. FreeSWITCH carries it out by itself and ends the phone's channel; the end says so (1.11.2, recorded blind and seen attended).
 * After a blind one the other party lands in the park of the transfer context, so that nobody is rung before the engine says so. After an attended one the
 * far ends are joined already, or the consulted party is parked where the call on hold was in no bridge. The consultation says `endpoint_disposition`, or
 * ends by the transfer as what was `replaced`; the call that the phone had on hold names it by `refer_uuid`.
 *
 * @returns what to tell instead of the end; `undefined` when it is an end like any other
 */
export function askedAtPhone(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  // A REFER from the far end of a trunk would have this site dial, and pay, for whoever calls it: its end is an end.
  if (parseDeviceId(leg.device)?.kind !== 'extension' || leg.state !== 'connected') return undefined;
  if (variable(event, 'endpoint_disposition') === 'BLIND_TRANSFER') return blind(leg, event);
  return isConsultation(event) ? ofConsultation(leg, event, legs) : ofHeld(leg, event, legs);
}

function isConsultation(event: SwitchEvent): boolean {
  if (variable(event, 'endpoint_disposition') === 'ATTENDED_TRANSFER') return true;
  return endedByTransfer(event) && variable(event, 'transfer_disposition') === 'replaced';
}

function endedByTransfer(event: SwitchEvent): boolean {
  return header(event, 'Hangup-Cause') === 'ATTENDED_TRANSFER';
}

/**
 * A park that is none of ours, and told as the channel's end is: FreeSWITCH keeps a consultation for two seconds when its phone has joined the far ends, and
 * `park_after_bridge` keeps the call that was on hold until the phone hangs up.
 */
export function keptForTransfer(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  const asked = askedAtPhone(leg, event, legs);
  return asked !== undefined && leg.place.kind === 'pair' ? asked : undefined;
}

function blind(leg: Leg, event: SwitchEvent): MapEffect[] | undefined {
  const to = /^blind:(.+)$/.exec(variable(event, 'transfer_destination') ?? '')?.[1];
  if (to === undefined) return undefined;
  return [tell({ type: 'transferRequested', ...on(leg, event), kind: 'blind', to: rawNumber(to) })];
}

function ofConsultation(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  const same = [...legs.values()].filter(
    (each) => each !== leg && each.device === leg.device && each.state === 'connected',
  );
  if (same.some((each) => each.gone !== undefined)) return [];
  const held = same.find((each) => each.hold === 'byDevice') ?? (same.length === 1 ? same[0] : undefined);
  return held === undefined ? undefined : attended(held, leg, { event, legs });
}

function ofHeld(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  const consult = legs.get(variable(event, 'refer_uuid') ?? '');
  if (consult === undefined || consult === leg || consult.device !== leg.device) return undefined;
  if (consult.gone !== undefined) return [];
  // A wish that was refused leaves `refer_uuid` behind too; only one that was carried out says what it was joined to, or ends the call itself.
  const isDone = endedByTransfer(event) || variable(event, 'transfer_to')?.startsWith('att:') === true;
  return isDone ? attended(leg, consult, { event, legs }) : undefined;
}

/** Both channels of the phone end, one after the other; the first of them that says so tells. */
function attended(
  held: Leg,
  consult: Leg,
  how: { readonly event: SwitchEvent; readonly legs: ReadonlyMap<string, Leg> },
): MapEffect[] {
  const [one, other] = [held, consult].map(({ place }) =>
    place.kind === 'pair' ? how.legs.get(place.withId) : undefined,
  );
  if (one !== undefined && other !== undefined) {
    one.meeting = other.id;
    other.meeting = one.id;
  }
  const asked = { kind: 'attended', consultId: consult.connectionId } as const;
  return [tell({ type: 'transferRequested', ...on(held, how.event), ...asked })];
}

/** Does the event show an answered channel? */
export function answered(event: SwitchEvent): boolean {
  return header(event, 'Answer-State') === 'answered';
}
