import type { Bridge } from '../../switch/model.js';
import type { LeaveReason } from '../apps/app.js';
import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { enterPark, nextStep } from './executor.js';
import { holdIn } from './frames.js';
import { forgetHold } from './hold.js';
import { hangUp } from './lifecycle.js';
import { bridgeIdOf } from './names.js';

/**
 * Two channels that hear each other. The first one carries the bridge: it tells of its begin and end (freeswitch.md 34), and is in the
 * application that made it, or in none when a third party joined the two (`uuid_bridge`).
 */
export class Link {
  readonly a: Channel;
  readonly b: Channel;
  readonly #sw: EslSwitch;
  readonly #bridge: Bridge;
  readonly #done: (() => void) | undefined;
  #hold: { release(): void } | undefined;
  #epoch = 0;
  #state: 'up' | 'ending' | 'over' = 'up';
  /** Neither leg is cleared when the other one goes: both are being sent elsewhere. */
  bothMove: 'bothMove' | undefined;
  /** Where the carrier goes next instead of its next application. */
  carrierGoes: (() => void) | undefined;

  /** @param done - ends the application that made the bridge; absent where none did */
  constructor(sw: EslSwitch, legs: { readonly a: Channel; readonly b: Channel }, done?: () => void) {
    this.#sw = sw;
    this.a = legs.a;
    this.b = legs.b;
    this.#done = done;
    this.#bridge = { bridgeId: bridgeIdOf(sw.identity.uuid()), members: [] };
  }

  /** The two hear each other from now: CHANNEL_BRIDGE, then what each phone is shown of the other. */
  start(): void {
    const { a, b } = this;
    const sw = this.#sw;
    this.#epoch = a.epoch;
    sw.links.set(a, this);
    sw.links.set(b, this);
    sw.pbx.bridges.set(this.#bridge.bridgeId, this.#bridge);
    sw.pbx.join(a.leg, this.#bridge, 0);
    sw.pbx.join(b.leg, this.#bridge, 0);
    a.partner = b;
    b.partner = a;
    a.profile.times.bridged = sw.identity.nowUs;
    a.set('signal_bond', b.uuid);
    if (this.#done === undefined) this.#hold = holdIn(a, 'uuid_bridge', (why, then) => this.carrierLeaves(why, then));
    sw.tell(a, 'CHANNEL_BRIDGE', { lead: this.#ends() });
    b.profile.times.bridged = sw.identity.nowUs;
    sw.enter(b, 'CS_EXCHANGE_MEDIA');
    const pairs = [
      [a, b],
      [b, a],
    ] as const;
    const updates = sw.order('updates') === 'updates.aFirst' ? pairs : ([pairs[1], pairs[0]] as const);
    sw.after(sw.noticeMs(), () => {
      for (const [self, other] of updates) this.#show(self, other);
    });
  }

  /** A leg has hung up or was sent elsewhere. */
  partyLeft(channel: Channel, why: 'hangup' | 'transfer'): void {
    if (this.#state !== 'up' || channel === this.a) return;
    this.#part();
    const { a, b } = this;
    if (why === 'hangup' && b.hangupCause !== undefined) a.set('last_bridge_hangup_cause', b.hangupCause);
    this.#sw.after(this.#sw.noticeMs(), () => this.#carrierNotices(why));
  }

  /** The carrier has to leave: the other leg is parked or cleared, unless both move, then CHANNEL_UNBRIDGE is told. */
  carrierLeaves(_why: LeaveReason, then: () => void): void {
    if (this.#state === 'over') return then();
    const sw = this.#sw;
    const isFirst = this.#state === 'up';
    if (isFirst) this.#part();
    if (isFirst && this.bothMove === undefined) this.#settle(this.b);
    const waits = isFirst && this.bothMove === undefined && sw.order('hangupTail') === 'tail.partnerDone';
    sw.after(waits ? 40 : 2, () => {
      this.#tellEnd();
      then();
    });
  }

  #carrierNotices(why: 'hangup' | 'transfer'): void {
    if (this.#state === 'over') return;
    const { a } = this;
    const sw = this.#sw;
    // Sent elsewhere itself meanwhile: it leaves by that way, and tells of the end there.
    if (!a.isUp || a.epoch !== this.#epoch) return;
    this.#tellEnd();
    this.#hold?.release();
    if (why === 'hangup' && a.isTrue('hangup_after_bridge'))
      hangUp(
        sw,
        a,
        this.b.hangupCause === 'NORMAL_CLEARING' ? 'NORMAL_CLEARING' : (this.b.hangupCause ?? 'NORMAL_CLEARING'),
      );
    else if (this.carrierGoes !== undefined) this.carrierGoes();
    else if (this.#done !== undefined) this.#done();
    else if (a.isTrue('park_after_bridge')) enterPark(sw, a);
    else nextStep(sw, a);
  }

  #settle(channel: Channel): void {
    if (!channel.isUp) return;
    const sw = this.#sw;
    if (this.a.hangupCause !== undefined) channel.set('last_bridge_hangup_cause', this.a.hangupCause);
    if (channel.isTrue('park_after_bridge')) enterPark(sw, channel);
    else hangUp(sw, channel, 'NORMAL_CLEARING');
  }

  #part(): void {
    const { a, b } = this;
    const sw = this.#sw;
    this.#state = 'ending';
    sw.links.delete(a);
    sw.links.delete(b);
    if (a.partner === b) a.partner = undefined;
    if (b.partner === a) b.partner = undefined;
    for (const { leg } of [a, b]) if (leg.bridge === this.#bridge) sw.pbx.leave(leg, 'silent');
    for (const channel of [a, b]) {
      channel.set('bridge_to', undefined);
      forgetHold(sw, channel);
    }
  }

  #tellEnd(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.a.set('bridge_hangup_cause', this.b.hangupCause);
    this.#sw.tell(this.a, 'CHANNEL_UNBRIDGE', { lead: this.#ends() });
  }

  #ends(): readonly (readonly [string, string])[] {
    return [
      ['Bridge-A-Unique-ID', this.a.uuid],
      ['Bridge-B-Unique-ID', this.b.uuid],
    ];
  }

  #show(self: Channel, other: Channel): void {
    if (!self.isUp || this.#state !== 'up') return;
    const isCallee = other.profile.direction === 'outbound' && self === this.a;
    const name = isCallee ? other.profile.calleeName : other.profile.callerIdName;
    const number = isCallee ? other.profile.calleeNumber : other.profile.callerIdNumber;
    self.fill({
      bridge_to: other.uuid,
      last_bridge_to: other.uuid,
      bridge_channel: other.name,
      bridge_uuid: other.uuid,
      last_sent_callee_id_name: name === '' ? number : name,
      last_sent_callee_id_number: number,
    });
    this.#sw.tell(self, 'CALL_UPDATE', {
      source: 'CALL_UPDATE_SEND',
      lead: [
        ['Direction', 'SEND'],
        ['Sent-Callee-ID-Name', name === '' ? number : name],
        ['Sent-Callee-ID-Number', number],
        ['Bridged-To', other.uuid],
      ],
    });
  }
}
