import type { DeviceId } from '@cordboard/cti-core';
import type { PartyHabit, WorldParty } from '@cordboard/driver-kit/conformance';
import type { Phone } from './phone.js';
import { SippParty } from './sipp.js';
import type { SwitchSite } from './site.js';
import { until } from './wait.js';

/** A refusal of a wish that this kind of party cannot have; cases ask only for what the world says it can do. */
function cannot(what: string): Promise<never> {
  return Promise.reject(new Error(`this party cannot ${what}`));
}

/** A baresip phone as a party of the conformance suite. */
export class PhoneParty implements WorldParty {
  /** Where the phone's record of events stood when it last dialled. */
  #dialledAt: number | undefined;
  readonly device: DeviceId;
  readonly number: string;
  readonly #phone: Phone;
  #habit: PartyHabit = 'ring';
  #heardFrom = new Map<unknown, number>();

  constructor(phone: Phone, device: DeviceId) {
    this.#phone = phone;
    this.device = device;
    this.number = phone.extension;
    phone.watch((event) => {
      if (event.type !== 'CALL_INCOMING' || this.#habit === 'ring') return;
      const act = this.#habit === 'answer' ? phone.command('accept') : phone.reject();
      // A call that was taken back in the same moment leaves nothing to do.
      act.catch(() => undefined);
    });
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
    // baresip refuses with 486 whatever the reason; a desk phone's reject key says 603.
    if (habit === 'reject') this.#phone.tap.refusals.set(486, '603 Decline');
    else this.#phone.tap.refusals.clear();
  }

  /** `direct:` in front of the number calls past Cordboard. */
  async dial(number: string): Promise<void> {
    const since = this.#phone.tap.messages.length;
    this.#dialledAt = this.#phone.mark;
    await this.#phone.dial(number.replace(/^direct:/, '**'));
    await this.#phone.tap.seen((m) => m.by === 'party' && m.sip.method === 'INVITE', { what: 'INVITE', since });
  }

  async answer(): Promise<void> {
    await until(() => this.#phone.ringing, { what: 'a call to answer' });
    await this.#phone.command('accept');
  }

  async hangUp(): Promise<void> {
    // The switch may know of the answer before baresip's control port says so.
    const from = this.#dialledAt ?? this.#phone.mark;
    const dialling =
      this.#dialledAt !== undefined && !this.#phone.events.slice(from).some((e) => e.type === 'CALL_CLOSED');
    if (this.#phone.calls.length > 0 || this.#phone.ringing || dialling) await this.#phone.command('hangup');
  }

  press(digits: string): Promise<void> {
    return this.#phone.press(digits);
  }

  async digitsHeard(): Promise<string> {
    return [...this.#phone.tap.relays.values()]
      .flatMap((relay) => relay.phoneHears.digits.slice(this.#heardFrom.get(relay) ?? 0))
      .map((heard) => heard.digit)
      .join('');
  }

  hold(): Promise<void> {
    return this.#phone.hold();
  }

  retrieve(): Promise<void> {
    return this.#phone.resume();
  }

  async transfer(number: string): Promise<void> {
    await this.#refer(() => this.#phone.command('transfer', `sip:${number}@127.0.0.1:${this.#phone.tap.portForParty}`));
  }

  async completeTransfer(): Promise<void> {
    const [held, consult] = await until(() => (this.#phone.calls.length >= 2 ? this.#phone.calls : undefined), {
      what: 'two calls to join',
    });
    if (held === undefined || consult === undefined) throw new Error('no two calls to join');
    // Without waiting for the answer to REFER, which the switch may keep back.
    await this.#refer(() => this.#phone.refer(held, consult));
  }

  pickUp(): Promise<void> {
    return cannot('pick up');
  }

  /** Forgets keys heard, and goes back to ringing. */
  async reset(): Promise<void> {
    await this.setHabit('ring');
    for (let left = 4; left > 0 && (this.#phone.calls.length > 0 || this.#phone.ringing); left -= 1) {
      const since = this.#phone.mark;
      await this.#phone.command('hangup').catch(() => undefined);
      await this.#phone.closed({ since, withinMs: 2_000 }).catch(() => undefined);
    }
    this.#heardFrom = new Map(
      [...this.#phone.tap.relays.values()].map((relay) => [relay, relay.phoneHears.digits.length]),
    );
  }

  async #refer(act: () => Promise<unknown>): Promise<void> {
    const since = this.#phone.tap.messages.length;
    await act();
    await this.#phone.tap.seen((m) => m.by === 'party' && m.sip.method === 'REFER', { what: 'REFER', since });
  }
}

/** The outside world: a sipp caller when it dials, and a sipp provider that takes one call after another. */
export class OutsideParty implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #lab: SwitchSite;
  #habit: PartyHabit = 'ring';
  #caller: SippParty | undefined;
  #provider: SippParty | undefined;
  #heardFrom = 0;

  constructor(lab: SwitchSite, identity: { readonly device: DeviceId; readonly number: string }) {
    this.#lab = lab;
    this.device = identity.device;
    this.number = identity.number;
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
    await this.#provide();
  }

  async dial(number: string): Promise<void> {
    await this.#caller?.close();
    this.#heardFrom = 0;
    this.#caller = await SippParty.call(this.#lab, { to: number, from: this.number });
    await this.#caller.tap.seen((m) => m.by === 'switch', { what: 'the switch to take the call' });
  }

  async answer(): Promise<void> {
    const provider = this.#provider;
    if (provider === undefined) throw new Error('nothing rings outside');
    await provider.ringing();
    provider.answer();
  }

  async hangUp(): Promise<void> {
    for (const party of [this.#caller, this.#provider]) {
      const inCall = party?.messages.some((m) => m.sip.method === 'INVITE') === true && !party.over;
      // The switch may have ended it in the same moment, or lost it in a restart.
      if (party !== undefined && inCall) await party.hangUp().catch(() => party.kill());
    }
  }

  press(digits: string): Promise<void> {
    return this.#talking().press(digits);
  }

  async digitsHeard(): Promise<string> {
    return this.#talking()
      .hearing.digits.slice(this.#heardFrom)
      .map((heard) => heard.digit)
      .join('');
  }

  hold(): Promise<void> {
    return cannot('hold');
  }
  retrieve(): Promise<void> {
    return cannot('hold');
  }
  transfer(): Promise<void> {
    return cannot('transfer');
  }
  completeTransfer(): Promise<void> {
    return cannot('transfer');
  }
  pickUp(): Promise<void> {
    return cannot('pick up');
  }

  /** Ends what it is in and forgets keys heard. */
  async reset(): Promise<void> {
    await this.#caller?.close();
    await this.#provider?.close();
    this.#caller = undefined;
    this.#provider = undefined;
    this.#habit = 'ring';
    this.#heardFrom = 0;
  }

  #talking(): SippParty {
    const party = this.#caller ?? this.#provider;
    if (party === undefined) throw new Error('no call outside');
    return party;
  }

  /** The provider is there only when a case wants it: it takes one call. */
  async #provide(): Promise<void> {
    await this.#provider?.close();
    const provider = await SippParty.provider(this.#lab, { refuseWith: this.#habit === 'busy' ? 486 : 603 });
    this.#provider = provider;
    if (this.#habit === 'ring') return;
    provider.tap.watch((message) => {
      if (message.sip.method !== 'INVITE' || message.sip.status !== 180) return;
      if (this.#habit === 'answer') provider.answer();
      else provider.refuse();
    });
  }
}
