import { type DeviceId, parseDeviceId } from '@cordboard/cti-core';
import type { PartyHabit, WorldParty } from '@cordboard/driver-kit/conformance';
import type { PhoneCall } from './phone-call.js';
import type { SipPhone } from './sip-phone.js';
import { until } from './wait.js';

/** The laboratory's own phone as a party of the conformance suite: it can also take the place of another phone. */
export class SipPhoneParty implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #phone: SipPhone;
  /** The dialogue of another device's phone with the switch. */
  readonly #dialogueOf: (device: DeviceId) => PhoneCall | undefined;
  #habit: PartyHabit = 'ring';
  #heardFrom = new Map<unknown, number>();

  constructor(
    phone: SipPhone,
    identity: { readonly device: DeviceId; readonly dialogueOf: (device: DeviceId) => PhoneCall | undefined },
  ) {
    this.#phone = phone;
    this.device = identity.device;
    this.number = phone.extension;
    this.#dialogueOf = identity.dialogueOf;
    phone.watch((event) => {
      if (event.type !== 'CALL_INCOMING' || this.#habit === 'ring') return;
      if (this.#habit === 'answer') void phone.answer();
      else void phone.reject(this.#habit === 'busy' ? '486 Busy Here' : '603 Decline');
    });
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
  }

  /** `direct:` in front of the number calls past Cordboard. */
  async dial(number: string): Promise<void> {
    await this.#phone.dial(number.replace(/^direct:/, '**'));
  }

  async answer(): Promise<void> {
    await until(() => this.#phone.ringing, { what: 'a call to answer' });
    await this.#phone.answer();
  }

  hangUp(): Promise<void> {
    return this.#phone.hangUpAll();
  }

  press(digits: string): Promise<void> {
    return this.#phone.press(digits);
  }

  async digitsHeard(): Promise<string> {
    return this.#phone.ears
      .flatMap((ear) => ear.digits.slice(this.#heardFrom.get(ear) ?? 0))
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
    // The switch may keep the answer to REFER back until we decide.
    void this.#phone.transfer(number).catch(() => undefined);
  }

  async completeTransfer(): Promise<void> {
    const [held, consult] = await until(() => (this.#phone.calls.length >= 2 ? this.#phone.calls : undefined), {
      what: 'two calls to join',
    });
    if (held === undefined || consult === undefined) throw new Error('no two calls to join');
    void this.#phone.transferTo(held, consult).catch(() => undefined);
  }

  async pickUp(other: DeviceId): Promise<void> {
    const call = await until(() => this.#dialogueOf(other), { what: 'a call to pick up' });
    await this.#phone.pickUp(call, parseDeviceId(other)?.address ?? '');
  }

  /** Forgets keys heard, and goes back to ringing. */
  async reset(): Promise<void> {
    this.#habit = 'ring';
    await this.#phone.hangUpAll();
    this.#heardFrom = new Map(this.#phone.ears.map((ear) => [ear, ear.digits.length]));
  }
}
