/**
 * The order variations that real switches showed, each with where it was seen: `asterisk.md` and `freeswitch.md` are the measured
 * notes, names in brackets recorded dialogues. A group is drawn whenever its situation comes up; shares are weights, not what was measured.
 */
export const ORDER_VARIANTS = {
  reply: [
    { id: 'reply.first', share: 4, seen: 'answer, then its events [ari-stasis-call: play]' },
    { id: 'reply.last', share: 4, seen: 'events before the answer that belongs to them (asterisk.md, ARI 3)' },
    { id: 'reply.between', share: 2, seen: 'answer amid the events (asterisk.md, AMI order; burst-50)' },
  ],
  alerting: [
    { id: 'alerting.told', share: 8, seen: 'ringing before the answer' },
    {
      id: 'alerting.missing',
      share: 1,
      seen: 'answered without ringing: analog trunks, loopback legs (freeswitch 08)',
    },
  ],
  answer: [
    { id: 'connected.prompt', share: 6, seen: 'told at once' },
    {
      id: 'connected.late',
      share: 2,
      seen: 'told after events of the other legs (asterisk.md: OriginateResponse 24 before, 26 after Up)',
    },
  ],
  bridge: [
    { id: 'bridge.asListed', share: 4, seen: 'first member first' },
    { id: 'bridge.reversed', share: 4, seen: 'the callee enters first (asterisk.md, AMI order)' },
    { id: 'bridge.spread', share: 2, seen: 'members apart in time (freeswitch.md 36: 50 calls at once)' },
  ],
  bridgeSound: [
    {
      id: 'sound.stopped',
      share: 5,
      seen: 'a channel that plays enters a bridge when it has stopped (ARI addChannel waits for it)',
    },
    { id: 'sound.goesOn', share: 5, seen: 'a playback goes on in the bridge (freeswitch.md 46)' },
  ],
  bridgeEnd: [
    { id: 'unbridged.beforeCleared', share: 5, seen: 'leaves the bridge, then is gone [ari-originate-bridge]' },
    {
      id: 'unbridged.missing',
      share: 5,
      seen: 'unbridge told after the hang-up, so not at all here (freeswitch.md 29)',
    },
  ],
  clearedOrder: [
    { id: 'cleared.prompt', share: 6, seen: 'told at once' },
    {
      id: 'cleared.late',
      share: 3,
      seen: 'the two legs end in either order (asterisk.md, AMI order; freeswitch.md 29)',
    },
  ],
  causeOfIncoming: [
    { id: 'cause.told', share: 5, seen: 'hang-up with its cause (asterisk.md, hangup causes)' },
    { id: 'cause.untold', share: 3, seen: 'no cause for channels from the dialplan (asterisk.md, ARI 1)' },
  ],
  playbackEnd: [
    { id: 'playback.endsPrompt', share: 6, seen: 'finished within the moment [ari-stasis-call]' },
    { id: 'playback.endsLate', share: 3, seen: 'finished long after it was stopped (freeswitch.md 46)' },
  ],
  unreachable: [
    {
      id: 'unreachable.refused',
      share: 5,
      seen: 'refused, no connection at all (asterisk.md, ARI 9; freeswitch.md 26)',
    },
    { id: 'unreachable.cleared', share: 5, seen: 'created and cleared (asterisk.md, hangup causes)' },
  ],
  presence: [
    { id: 'presence.before', share: 4, seen: 'device state before the call event (asterisk.md, AMI order)' },
    { id: 'presence.after', share: 6, seen: 'device state after the call event (asterisk.md, AMI order)' },
  ],
  digits: [
    { id: 'digits.always', share: 6, seen: 'told whether asked for or not (asterisk.md, ARI)' },
    { id: 'digits.onDemand', share: 4, seen: 'told only while collected (call boxes, play_and_get_digits)' },
  ],
  replacement: [
    { id: 'replaced.afterConnected', share: 5, seen: 'the newcomer is up, then takes the place [ari-transfers]' },
    {
      id: 'replaced.beforeConnected',
      share: 5,
      seen: 'the place is taken while the newcomer comes up [pickup-states]',
    },
  ],
  whileDown: [
    {
      id: 'down.callWaits',
      share: 5,
      seen: 'a call enters the application while no socket listens (asterisk.md, ARI 2 and 8)',
    },
    { id: 'down.fallback', share: 5, seen: 'the dialplan goes on without us (asterisk.md, ARI 8)' },
  ],
  lostCommand: [
    { id: 'lost.done', share: 5, seen: 'carried out, the answer lost with the socket' },
    { id: 'lost.notDone', share: 5, seen: 'lost with the socket before it arrived' },
  ],
  stall: [
    { id: 'stall.none', share: 150, seen: 'events flow' },
    { id: 'stall.burst', share: 1, seen: 'events of seconds come in one burst (asterisk.md, AMI requests 4)' },
  ],
} as const satisfies Record<string, readonly { readonly id: string; readonly share: number; readonly seen: string }[]>;

/** A situation in which orders vary. */
export type OrderGroup = keyof typeof ORDER_VARIANTS;
/** One order of things. */
export type OrderVariant<G extends OrderGroup = OrderGroup> = (typeof ORDER_VARIANTS)[G][number]['id'];

/** All ids of the table, for checks that each was reached. */
export const ORDER_IDS: readonly OrderVariant[] = Object.values(ORDER_VARIANTS).flatMap((group) =>
  group.map((variant) => variant.id),
);
