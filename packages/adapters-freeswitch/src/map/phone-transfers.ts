import { parseDeviceId } from '@cordboard/cti-core';
import { type MapEffect, on, tell } from './effects.js';
import { header, type SwitchEvent, variable } from './event.js';
import { type Leg, rawNumber } from './leg.js';

/**
 * What a phone's REFER means. FreeSWITCH carries it out by itself and ends the phone's channel; the end says so
 * (`endpoint_disposition`; blind recorded on 1.11.2, attended after `sofia.c` and not recorded). The other party lands in the park of the
 * transfer context, so that nobody is rung before the engine says so.
 *
 * @returns what to tell instead of the end; `undefined` when it is an end like any other
 */
export function askedAtPhone(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  // A REFER from the far end of a trunk would have this site dial, and pay, for whoever calls it: its end is an end.
  if (parseDeviceId(leg.device)?.kind !== 'extension' || leg.state !== 'connected') return undefined;
  switch (variable(event, 'endpoint_disposition')) {
    case 'BLIND_TRANSFER':
      return blind(leg, event);
    case 'ATTENDED_TRANSFER':
      return attended(leg, event, legs);
    default:
      return undefined;
  }
}

function blind(leg: Leg, event: SwitchEvent): MapEffect[] | undefined {
  const to = /^blind:(.+)$/.exec(variable(event, 'transfer_destination') ?? '')?.[1];
  if (to === undefined) return undefined;
  return [tell({ type: 'transferRequested', ...on(leg, event), kind: 'blind', to: rawNumber(to) })];
}

/** Both channels of the phone end, one after the other; the first one to end tells, when the other is known. */
function attended(leg: Leg, event: SwitchEvent, legs: ReadonlyMap<string, Leg>): MapEffect[] | undefined {
  const same = [...legs.values()].filter(
    (each) => each !== leg && each.device === leg.device && each.state === 'connected',
  );
  // The second of the two: its transfer is told already.
  if (same.some((each) => each.gone !== undefined)) return [];
  const consult = same.find((each) => each.ending !== undefined) ?? (same.length === 1 ? same[0] : undefined);
  if (consult === undefined) return undefined;
  // The consultation is the call that the phone made later; FreeSWITCH does not say which, so the one on hold is the first.
  const [first, second] = consult.hold === 'byDevice' && leg.hold === 'none' ? [consult, leg] : [leg, consult];
  return [tell({ type: 'transferRequested', ...on(first, event), kind: 'attended', consultId: second.connectionId })];
}

/** Does the event show an answered channel? */
export function answered(event: SwitchEvent): boolean {
  return header(event, 'Answer-State') === 'answered';
}
