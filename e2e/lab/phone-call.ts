import { tagOf } from './sip-message.js';
import type { TappedMessage } from './sip-tap.js';

/** One call at a phone, by its SIP Call-ID. */
export interface PhoneCall {
  readonly callId: string;
  /** Other side's address of record as the phone saw it. */
  readonly peer: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** A call by its Call-ID, with what the signalling told about its dialogue. */
export function callOf(all: readonly TappedMessage[], callId: string): PhoneCall | undefined {
  const messages = all.filter((m) => m.sip.callId === callId && m.sip.method === 'INVITE');
  const invite = messages.find((m) => m.sip.status === undefined);
  // Later INVITEs of the dialogue may come from the other side, with the tags the other way round.
  const answers = messages.filter((m) => m.by !== invite?.by && (m.sip.status ?? 0) > 100);
  // While it rings, the dialogue is the early one of a provisional answer (RFC 3261, 12.1).
  const answer =
    answers.find((m) => m.sip.status === 200) ?? answers.find((m) => tagOf(m.sip.header('to')) !== undefined);
  if (invite === undefined) return undefined;
  const from = tagOf(invite.sip.header('from')) ?? '';
  const to = tagOf(answer?.sip.header('to')) ?? '';
  const outgoing = invite.by === 'party';
  const peer = /sip:([^@>]+)@/.exec((outgoing ? invite.sip.header('to') : invite.sip.header('from')) ?? '')?.[1] ?? '';
  return { callId, peer, localTag: outgoing ? from : to, remoteTag: outgoing ? to : from };
}
