import { type Clock, type DeviceId, type DriverReply, isCtiError, type Logger } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { LineDevice } from '../device/port.js';
import { type KeyTiming, keysSource } from '../sound/keys.js';
import type { SoundPort } from '../sound/port.js';

/** What the hands of a line work on. */
export interface HandsParts {
  readonly device: DeviceId;
  readonly clock: Clock;
  readonly log: Logger;
  readonly port: SoundPort;
}

/** Does things at the device of a line, one after the other, and says in a command's words what became of them. Never rejects. */
export class LineHands {
  readonly #parts: HandsParts;
  #box: LineDevice | undefined;
  #signal: AbortSignal = AbortSignal.abort();
  #work: Promise<void> = Promise.resolve();
  #hook: 'on' | 'off' = 'on';
  #onHookSinceMs = Number.NEGATIVE_INFINITY;

  constructor(parts: HandsParts) {
    this.#parts = parts;
    parts.port.onWants = (wants) => this.turn(wants);
  }

  /** The open device. */
  get box(): LineDevice | undefined {
    return this.#box;
  }

  /** Off-hook at the device. */
  get hook(): 'on' | 'off' {
    return this.#hook;
  }

  /** Since when nothing holds the line, on the clock. */
  get onHookSinceMs(): number {
    return this.#onHookSinceMs;
  }

  /** A device is open, on-hook. */
  take(box: LineDevice, signal: AbortSignal): void {
    this.#box = box;
    this.#signal = signal;
    this.#hook = 'on';
    this.released();
  }

  /** It is gone. */
  letGo(): void {
    this.#box = undefined;
    this.#hook = 'on';
  }

  /** The line was let go of just now, by whom so ever. */
  released(): void {
    this.#onHookSinceMs = this.#parts.clock.nowMs();
  }

  /** Off-hook or on-hook. One that cannot be told to go on-hook is taken to be. */
  async setHook(hook: 'on' | 'off'): Promise<DriverReply> {
    const box = this.#box;
    if (box === undefined) return refused('linkLost');
    const canTurn = box.abilities.hook === 'soft';
    if (!canTurn && hook === 'off') return refused('notSupported');
    const reply = canTurn ? await this.#order(() => box.hook(hook, { signal: this.#signal })) : ACCEPTED;
    if (hook === 'on') {
      this.#hook = 'on';
      this.released();
    } else if (reply.outcome === 'accepted') this.#hook = 'off';
    return reply;
  }

  /** A hook flash. */
  async flash(forMs: number): Promise<DriverReply> {
    const box = this.#box;
    if (box === undefined) return refused('linkLost');
    return this.#order(() => box.flash(forMs, { signal: this.#signal }));
  }

  /** Sends keys by sound or has the device dial them; `done` when the last one is out. */
  async send(digits: string, timing: KeyTiming, done: () => void = () => undefined): Promise<DriverReply> {
    const box = this.#box;
    if (box === undefined) return refused('linkLost');
    if (box.abilities.dials === 'itself' && box.dial !== undefined) {
      const dial = box.dial.bind(box);
      // Devices know one length of pause.
      const reply = await this.#order(() => dial(digits.replaceAll('.', ','), { signal: this.#signal }));
      if (reply.outcome === 'accepted') done();
      return reply;
    }
    if (box.abilities.dials === 'none') return refused('notSupported');
    this.#parts.port.sendKeys(keysSource(digits, timing), done);
    return ACCEPTED;
  }

  /** Cuts off a phone on the line, or joins it again. */
  async switchPhone(way: 'joined' | 'cut'): Promise<DriverReply> {
    const box = this.#box;
    if (box?.switchPhone === undefined || box.abilities.phone !== 'switched')
      return refused('rejected', 'the phone holds the line itself');
    const turn = box.switchPhone.bind(box);
    return this.#order(() => turn(way, { signal: this.#signal }));
  }

  /** Turns a half-duplex device round. */
  turn(wants: 'play' | 'hear'): void {
    const box = this.#box;
    if (box?.direct === undefined || box.abilities.sound !== 'half' || this.#hook === 'on') return;
    const direct = box.direct.bind(box);
    void this.#order(() => direct(wants, { signal: this.#signal }));
  }

  #order(order: () => Promise<void>): Promise<DriverReply> {
    const done = this.#work.then(async (): Promise<DriverReply> => {
      try {
        await order();
        return ACCEPTED;
      } catch (error) {
        return this.#replyOf(error);
      }
    });
    this.#work = done.then(() => undefined);
    return done;
  }

  #replyOf(error: unknown): DriverReply {
    const code = isCtiError(error) ? error.code : 'internal';
    this.#parts.log.warn('a device did not do what it was told', { device: this.#parts.device, code });
    if (code === 'device.lost' || code === 'wait.aborted') return refused('linkLost');
    if (code === 'device.timeout') return refused('timeout');
    return refused(code === 'device.notSupported' ? 'notSupported' : 'rejected', code);
  }
}
