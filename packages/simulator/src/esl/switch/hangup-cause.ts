import type { NativeCause, ReleaseCause } from '@cordboard/cti-core';

/** Hang-up causes of the switch and their numbers: Q.850 up to 127, its own above. From switch_types.h. */
export const HANGUP_CAUSES = {
  NONE: 0,
  UNALLOCATED_NUMBER: 1,
  NO_ROUTE_TRANSIT_NET: 2,
  NO_ROUTE_DESTINATION: 3,
  CHANNEL_UNACCEPTABLE: 6,
  CALL_AWARDED_DELIVERED: 7,
  NORMAL_CLEARING: 16,
  USER_BUSY: 17,
  NO_USER_RESPONSE: 18,
  NO_ANSWER: 19,
  SUBSCRIBER_ABSENT: 20,
  CALL_REJECTED: 21,
  NUMBER_CHANGED: 22,
  REDIRECTION_TO_NEW_DESTINATION: 23,
  EXCHANGE_ROUTING_ERROR: 25,
  DESTINATION_OUT_OF_ORDER: 27,
  INVALID_NUMBER_FORMAT: 28,
  FACILITY_REJECTED: 29,
  RESPONSE_TO_STATUS_ENQUIRY: 30,
  NORMAL_UNSPECIFIED: 31,
  NORMAL_CIRCUIT_CONGESTION: 34,
  NETWORK_OUT_OF_ORDER: 38,
  NORMAL_TEMPORARY_FAILURE: 41,
  SWITCH_CONGESTION: 42,
  ACCESS_INFO_DISCARDED: 43,
  REQUESTED_CHAN_UNAVAIL: 44,
  PRE_EMPTED: 45,
  FACILITY_NOT_SUBSCRIBED: 50,
  OUTGOING_CALL_BARRED: 52,
  INCOMING_CALL_BARRED: 54,
  BEARERCAPABILITY_NOTAUTH: 57,
  BEARERCAPABILITY_NOTAVAIL: 58,
  SERVICE_UNAVAILABLE: 63,
  BEARERCAPABILITY_NOTIMPL: 65,
  CHAN_NOT_IMPLEMENTED: 66,
  FACILITY_NOT_IMPLEMENTED: 69,
  SERVICE_NOT_IMPLEMENTED: 79,
  INVALID_CALL_REFERENCE: 81,
  INCOMPATIBLE_DESTINATION: 88,
  INVALID_MSG_UNSPECIFIED: 95,
  MANDATORY_IE_MISSING: 96,
  MESSAGE_TYPE_NONEXIST: 97,
  WRONG_MESSAGE: 98,
  IE_NONEXIST: 99,
  INVALID_IE_CONTENTS: 100,
  WRONG_CALL_STATE: 101,
  RECOVERY_ON_TIMER_EXPIRE: 102,
  MANDATORY_IE_LENGTH_ERROR: 103,
  PROTOCOL_ERROR: 111,
  INTERWORKING: 127,
  SUCCESS: 142,
  ORIGINATOR_CANCEL: 487,
  CRASH: 500,
  SYSTEM_SHUTDOWN: 501,
  LOSE_RACE: 502,
  MANAGER_REQUEST: 503,
  BLIND_TRANSFER: 600,
  ATTENDED_TRANSFER: 601,
  ALLOTTED_TIMEOUT: 602,
  USER_CHALLENGE: 603,
  MEDIA_TIMEOUT: 604,
  PICKED_OFF: 605,
  USER_NOT_REGISTERED: 606,
  PROGRESS_TIMEOUT: 607,
  INVALID_GATEWAY: 608,
  GATEWAY_DOWN: 609,
  INVALID_URL: 610,
  INVALID_PROFILE: 611,
} as const;

/** A cause by name. */
export type HangupCause = keyof typeof HANGUP_CAUSES;

const BY_NUMBER = new Map<number, HangupCause>(
  Object.entries(HANGUP_CAUSES).map(([name, number]) => [number, name as HangupCause]),
);

/** A cause as a client names it, by word or number; what is neither is NORMAL_CLEARING. */
export function hangupCause(text: string | undefined, otherwise: HangupCause = 'NORMAL_CLEARING'): HangupCause {
  const word = (text ?? '').trim().toUpperCase();
  if (word in HANGUP_CAUSES) return word as HangupCause;
  return (/^\d+$/u.test(word) ? BY_NUMBER.get(Number(word)) : undefined) ?? otherwise;
}

/** Q.850 number as `hangup_cause_q850` tells it: the switch's own causes all count as 16 (all HANGUP_COMPLETE recorded). */
export function q850Of(cause: HangupCause): number {
  const number = HANGUP_CAUSES[cause];
  return number <= 127 ? number : HANGUP_CAUSES.NORMAL_CLEARING;
}

const OF_RELEASE: Partial<Record<ReleaseCause, HangupCause>> = {
  normalClearing: 'NORMAL_CLEARING',
  busy: 'USER_BUSY',
  noAnswer: 'NO_ANSWER',
  rejected: 'CALL_REJECTED',
  cancelled: 'ORIGINATOR_CANCEL',
  unallocatedNumber: 'UNALLOCATED_NUMBER',
  deviceUnreachable: 'NORMAL_TEMPORARY_FAILURE',
  transferred: 'BLIND_TRANSFER',
  replaced: 'PICKED_OFF',
  shutdown: 'SYSTEM_SHUTDOWN',
};

/** What a party's end of a call is to this switch. */
export function causeOfRelease(
  release: { readonly cause: ReleaseCause; readonly native?: NativeCause } | undefined,
): HangupCause {
  return (release === undefined ? undefined : OF_RELEASE[release.cause]) ?? 'NORMAL_CLEARING';
}
