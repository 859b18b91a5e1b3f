import type { NativeCause, Release, ReleaseCause } from '@cordboard/cti-core';
import { header, type SwitchEvent, variable } from './event.js';
import type { Leg } from './leg.js';

/**
 * Hangup-Cause of FreeSWITCH -> Q.850 value and our release cause. Source: ITU-T Q.850 and `switch_channel.c`; values above 127 are
 * FreeSWITCH's own and have no Q.850 beside them. Met in the recorded dialogues of 1.11.2 (2026-11-21): those with a date in the tests.
 */
const BY_NAME: ReadonlyMap<string, readonly [number | undefined, ReleaseCause]> = new Map([
  ['NONE', [undefined, 'unknown']],
  ['UNALLOCATED_NUMBER', [1, 'unallocatedNumber']],
  ['NO_ROUTE_TRANSIT_NET', [2, 'unallocatedNumber']],
  ['NO_ROUTE_DESTINATION', [3, 'unallocatedNumber']],
  ['CHANNEL_UNACCEPTABLE', [6, 'failure']],
  ['CALL_AWARDED_DELIVERED', [7, 'failure']],
  ['NORMAL_CLEARING', [16, 'normalClearing']],
  ['USER_BUSY', [17, 'busy']],
  ['NO_USER_RESPONSE', [18, 'noAnswer']],
  ['NO_ANSWER', [19, 'noAnswer']],
  ['SUBSCRIBER_ABSENT', [20, 'deviceUnreachable']],
  ['CALL_REJECTED', [21, 'rejected']],
  ['NUMBER_CHANGED', [22, 'unallocatedNumber']],
  ['REDIRECTION_TO_NEW_DESTINATION', [23, 'failure']],
  ['EXCHANGE_ROUTING_ERROR', [25, 'failure']],
  ['LOSE_RACE', [26, 'answeredElsewhere']],
  ['DESTINATION_OUT_OF_ORDER', [27, 'deviceUnreachable']],
  ['INVALID_NUMBER_FORMAT', [28, 'unallocatedNumber']],
  ['FACILITY_REJECTED', [29, 'failure']],
  ['RESPONSE_TO_STATUS_ENQUIRY', [30, 'failure']],
  ['NORMAL_UNSPECIFIED', [31, 'normalClearing']],
  ['NORMAL_CIRCUIT_CONGESTION', [34, 'congestion']],
  ['NETWORK_OUT_OF_ORDER', [38, 'congestion']],
  ['NORMAL_TEMPORARY_FAILURE', [41, 'congestion']],
  ['SWITCH_CONGESTION', [42, 'congestion']],
  ['ACCESS_INFO_DISCARDED', [43, 'failure']],
  ['REQUESTED_CHAN_UNAVAIL', [44, 'congestion']],
  ['PRE_EMPTED', [45, 'failure']],
  ['FACILITY_NOT_SUBSCRIBED', [50, 'failure']],
  ['OUTGOING_CALL_BARRED', [52, 'blocked']],
  ['INCOMING_CALL_BARRED', [54, 'blocked']],
  ['BEARERCAPABILITY_NOTAUTH', [57, 'failure']],
  ['BEARERCAPABILITY_NOTAVAIL', [58, 'incompatible']],
  ['SERVICE_UNAVAILABLE', [63, 'failure']],
  ['BEARERCAPABILITY_NOTIMPL', [65, 'incompatible']],
  ['CHAN_NOT_IMPLEMENTED', [66, 'failure']],
  ['FACILITY_NOT_IMPLEMENTED', [69, 'failure']],
  ['SERVICE_NOT_IMPLEMENTED', [79, 'incompatible']],
  ['INVALID_CALL_REFERENCE', [81, 'failure']],
  ['INCOMPATIBLE_DESTINATION', [88, 'incompatible']],
  ['INVALID_MSG_UNSPECIFIED', [95, 'failure']],
  ['MANDATORY_IE_MISSING', [96, 'failure']],
  ['MESSAGE_TYPE_NONEXIST', [97, 'failure']],
  ['WRONG_MESSAGE', [98, 'failure']],
  ['IE_NONEXIST', [99, 'failure']],
  ['INVALID_IE_CONTENTS', [100, 'failure']],
  ['WRONG_CALL_STATE', [101, 'failure']],
  ['RECOVERY_ON_TIMER_EXPIRE', [102, 'failure']],
  ['MANDATORY_IE_LENGTH_ERROR', [103, 'failure']],
  ['PROTOCOL_ERROR', [111, 'failure']],
  ['INTERWORKING', [127, 'unknown']],
  ['ORIGINATOR_CANCEL', [undefined, 'cancelled']],
  ['CRASH', [undefined, 'failure']],
  ['SYSTEM_SHUTDOWN', [undefined, 'shutdown']],
  ['MANAGER_REQUEST', [undefined, 'forcedRelease']],
  ['BLIND_TRANSFER', [undefined, 'transferred']],
  ['ATTENDED_TRANSFER', [undefined, 'transferred']],
  ['ALLOTTED_TIMEOUT', [undefined, 'noAnswer']],
  ['USER_CHALLENGE', [undefined, 'failure']],
  ['MEDIA_TIMEOUT', [undefined, 'failure']],
  ['PICKED_OFF', [undefined, 'replaced']],
  ['USER_NOT_REGISTERED', [undefined, 'deviceUnreachable']],
  ['PROGRESS_TIMEOUT', [undefined, 'noAnswer']],
  ['INVALID_GATEWAY', [undefined, 'failure']],
  ['GATEWAY_DOWN', [undefined, 'deviceUnreachable']],
  ['INVALID_URL', [undefined, 'failure']],
  ['INVALID_PROFILE', [undefined, 'failure']],
  ['NO_PICKUP', [undefined, 'noAnswer']],
  ['SRTP_READ_ERROR', [undefined, 'failure']],
  ['BOWOUT', [undefined, 'normalClearing']],
  ['BUSY_EVERYWHERE', [17, 'busy']],
  ['DECLINE', [21, 'rejected']],
  ['DOES_NOT_EXIST_ANYWHERE', [1, 'unallocatedNumber']],
  ['NOT_ACCEPTABLE', [undefined, 'incompatible']],
  ['UNWANTED', [21, 'rejected']],
]);

/** What the word of the switch for an end means. A word that is not in the table is a failure. */
export function causeOfName(name: string | undefined): ReleaseCause {
  if (name === undefined) return 'unknown';
  return BY_NAME.get(name)?.[1] ?? 'failure';
}

/** The word that we give when we end a connection: what the far end is told (`USER_BUSY` becomes SIP 486, ...). */
export const NAME_OF_CAUSE: { readonly [C in ReleaseCause]: string } = {
  normalClearing: 'NORMAL_CLEARING',
  busy: 'USER_BUSY',
  noAnswer: 'NO_ANSWER',
  rejected: 'CALL_REJECTED',
  unallocatedNumber: 'UNALLOCATED_NUMBER',
  deviceUnreachable: 'SUBSCRIBER_ABSENT',
  congestion: 'NORMAL_CIRCUIT_CONGESTION',
  cancelled: 'ORIGINATOR_CANCEL',
  answeredElsewhere: 'LOSE_RACE',
  transferred: 'NORMAL_CLEARING',
  replaced: 'NORMAL_CLEARING',
  blocked: 'CALL_REJECTED',
  forcedRelease: 'NORMAL_CLEARING',
  shutdown: 'NORMAL_CLEARING',
  lostInOutage: 'NORMAL_CLEARING',
  incompatible: 'INCOMPATIBLE_DESTINATION',
  failure: 'NORMAL_TEMPORARY_FAILURE',
  unknown: 'NORMAL_CLEARING',
};

/** What the switch says of an end: its word, Q.850 and SIP status where they are told. */
export function nativeOf(event: SwitchEvent): NativeCause {
  const text = header(event, 'Hangup-Cause') ?? variable(event, 'hangup_cause');
  return native(text, {
    q850: numberIn(variable(event, 'hangup_cause_q850'), 127),
    sip: numberIn(
      variable(event, 'sip_term_status') ?? variable(event, 'proto_specific_hangup_cause')?.replace(/^sip:/, ''),
      699,
    ),
  });
}

/** The native cause of a failure that made no channel: the word after `-ERR`. */
export function nativeOfName(name: string): NativeCause {
  return native(/^[A-Z0-9_]{1,64}$/.test(name) ? name : undefined, {});
}

function native(
  text: string | undefined,
  told: { readonly q850?: number | undefined; readonly sip?: number | undefined },
): NativeCause {
  const word = text === undefined ? undefined : text.slice(0, 128);
  const known = word === undefined ? undefined : BY_NAME.get(word)?.[0];
  // FreeSWITCH writes 0 or 16 beside words of its own; its word says more.
  const own = word !== undefined && BY_NAME.has(word) && known === undefined;
  const q850 = own ? undefined : (known ?? told.q850);
  return {
    ...(q850 === undefined ? {} : { q850 }),
    ...(told.sip === undefined ? {} : { sip: told.sip }),
    ...(word === undefined ? {} : { text: word }),
  };
}

function numberIn(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value > 0 && value <= max ? value : undefined;
}

/** What an end means, from who wanted it, how far the call was and what the switch said. */
export function releaseOf(
  leg: Pick<Leg, 'direction' | 'state' | 'clearing' | 'replacedBy'>,
  told: NativeCause,
): Release {
  const cause = ((): ReleaseCause => {
    if (told.text === 'SYSTEM_SHUTDOWN') return 'shutdown';
    if (leg.replacedBy !== undefined) return 'replaced';
    if (leg.clearing !== undefined) return leg.clearing;
    const named = causeOfName(told.text);
    // The caller gave up before the answer; FreeSWITCH says ORIGINATOR_CANCEL or NORMAL_CLEARING for it.
    const gaveUp = named === 'normalClearing' || named === 'unknown';
    if (gaveUp && leg.direction === 'incoming' && leg.state !== 'connected') return 'cancelled';
    // PICKED_OFF without a newcomer that we know: nobody took its place for us.
    if (named === 'replaced') return 'answeredElsewhere';
    return named === 'unknown' && leg.state === 'connected' ? 'normalClearing' : named;
  })();
  return Object.keys(told).length === 0 ? { cause } : { cause, native: told };
}
