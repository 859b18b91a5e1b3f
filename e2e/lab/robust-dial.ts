import type { CallView, Cdr } from '@cordboard/cti-core';
import { brief, own } from './floor.js';
import type { ServerDesk } from './server-desk.js';
import type { ServerFloor } from './server-floor.js';
import type { SipPhone } from './sip-phone.js';
import { TONE } from './tone-plan.js';
import { isAway, pause, until } from './wait.js';

/** What a {@link RobustDial} is made with. */
export interface RobustDialParts {
  readonly floor: ServerFloor;
  /** The agent's phone. */
  readonly phone: SipPhone;
  /** Everybody outside. */
  readonly outside: SipPhone;
}

/** Where a {@link RobustDial} is. */
type Stage = 'dial' | 'talk' | 'hangUp' | 'over';

/**
 * An agent calls a customer by a click and talks. A wish that came to nothing is wished again, with another number each time, so that
 * the far end of the trunk can tell one wish from the other: no number may ever be dialled twice, and who has answered may not be dropped.
 */
export class RobustDial {
  /** What happened that must not happen. */
  readonly faults: string[] = [];
  readonly diary: string[] = [];
  readonly #parts: RobustDialParts;
  readonly #since: { readonly phone: number; readonly outside: number; readonly messages: number };
  readonly #numbers: string[] = [];
  #stage: Stage = 'dial';
  #asking: 'no' | 'asked' = 'no';
  #quietSince = Date.now();

  constructor(parts: RobustDialParts) {
    this.#parts = parts;
    const { phone, outside } = parts;
    this.#since = { phone: phone.mark, outside: outside.mark, messages: outside.messages.length };
  }

  /** Plays it to its end and answers the record of the call that came about. @throws {Error} when it does not come to its end */
  async play(ann: ServerDesk): Promise<Cdr> {
    const { floor, outside, phone } = this.#parts;
    const deadline = Date.now() + 120_000;
    while (this.#stage !== 'over') {
      if (Date.now() > deadline) throw new Error(`stuck at ${this.#stage}: ${this.#where(ann)}`);
      await this.#step(ann);
      await pause(25);
    }
    await until(() => outside.calls.length === 0 && phone.calls.length === 0, { what: 'both phones to be free' });
    const last = this.#numbers.at(-1) ?? '';
    const cdr = await until(
      async () => (await floor.cdrs()).find((one) => one.called.raw === last && one.outcome === 'answered'),
      {
        what: 'the record of the customer',
        everyMs: 200,
        ignore: isAway,
      },
    );
    // The server may die of the last that is done for this call, after its record.
    await until(async () => (await floor.liveCalls()) === 0, { what: 'no live call', everyMs: 50, ignore: isAway });
    const all = await until(() => floor.cdrs(), { what: 'the records', everyMs: 50, ignore: isAway });
    const dialled = outside.dialledHere(this.#since.messages);
    for (const number of this.#numbers) {
      const dialogues = dialled.get(number)?.size ?? 0;
      if (dialogues > 1) this.faults.push(`the customer of one wish was dialled ${dialogues} times`);
      const records = all.filter((one) => one.called.raw === number).length;
      if (records > 1) this.faults.push(`${records} records of one wish`);
    }
    if (dialled.get(last)?.size !== 1) this.faults.push('the customer who talked was never dialled');
    const sum = cdr.segments.reduce((total, part) => total + part.endMs - part.startMs, 0);
    if (sum !== cdr.durationMs) this.faults.push(`segments add up to ${sum} of ${cdr.durationMs}`);
    for (const fault of floor.faults()) this.faults.push(fault);
    return cdr;
  }

  /** Wishes so far, and how often the agent's phone rang for them. */
  get counts(): string {
    const rings = this.#parts.phone.events
      .slice(this.#since.phone)
      .filter((one) => one.type === 'CALL_INCOMING').length;
    if (rings > this.#numbers.length) this.faults.push(`the agent's phone rang ${rings} times`);
    return `${this.#numbers.length} wishes, ${rings} rings`;
  }

  async #step(ann: ServerDesk): Promise<void> {
    const { phone, outside } = this.#parts;
    if (phone.ringing) await phone.answer();
    if (outside.ringing) await outside.answer();
    const answered = outside.events.slice(this.#since.outside).filter((one) => one.type === 'CALL_ESTABLISHED').length;
    if (this.#stage !== 'hangUp' && answered > 0 && outside.calls.length === 0) {
      throw new Error(`the customer was dropped at ${this.#stage}: ${this.#where(ann)}`);
    }
    const mine = ann.calls().find((call) => own(ann, call) !== undefined);
    switch (this.#stage) {
      case 'dial':
        if (outside.calls.length > 0) this.#enter('talk');
        else this.#dial(ann, mine);
        return;
      case 'talk':
        await Promise.all([
          outside.hears.hears([TONE['8001']], { forMs: 300 }),
          phone.hears.hears([TONE.outside], { forMs: 300 }),
        ]);
        this.#enter('hangUp');
        return;
      case 'hangUp':
        if (outside.calls.length === 0) this.#enter('over');
        else if (mine !== undefined) this.#ask(ann, mine);
        return;
      case 'over':
        return;
    }
  }

  /** Wishes for a call when nothing has been under way for half a second, as a person would who sees nothing happen. */
  #dial(ann: ServerDesk, mine: CallView | undefined): void {
    const { phone, outside } = this.#parts;
    const busy = mine !== undefined || phone.ringing || phone.calls.length > 0 || outside.ringing;
    if (busy || this.#asking === 'asked') this.#quietSince = Date.now();
    const pauseMs = this.#numbers.length === 0 ? 0 : 500;
    if (Date.now() - this.#quietSince < pauseMs || busy || this.#asking === 'asked') return;
    const number = `1390000010${this.#numbers.length}`;
    this.#numbers.push(number);
    this.#said('make', ann.command({ type: 'call.make', to: number }));
  }

  #ask(ann: ServerDesk, call: CallView): void {
    if (this.#asking === 'asked' || own(ann, call)?.actions.includes('clear') !== true) return;
    this.#said('clear', ann.command({ type: 'call.clear', callId: call.callId }));
  }

  #said(what: string, outcome: ReturnType<ServerDesk['command']>): void {
    this.#asking = 'asked';
    void outcome.then((settled) => {
      this.diary.push(`${what}: ${settled.outcome}${settled.outcome === 'failed' ? ` ${settled.code}` : ''}`);
      this.#asking = 'no';
    });
  }

  #enter(stage: Stage): void {
    this.diary.push(stage);
    this.#stage = stage;
  }

  #where(ann: ServerDesk): string {
    return `${this.diary.join(', ')}; ${ann.calls().map(brief).join('; ')}; ann ${ann.agent()?.state ?? ''}`;
  }
}
