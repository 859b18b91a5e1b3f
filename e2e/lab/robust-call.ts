import { asId, type CallView, type Cdr } from '@cordboard/cti-core';
import { brief, own } from './floor.js';
import { FRONT_NUMBER } from './floor-config.js';
import type { AnyPhone, LabSwitch } from './lab-switch.js';
import type { Ear, LabCaller } from './party.js';
import type { ServerDesk } from './server-desk.js';
import type { ServerFloor } from './server-floor.js';
import { CUSTOMER } from './talk.js';
import { PROMPTS, TONE } from './tone-plan.js';
import { exactlyMs } from './tones.js';
import { isAway, pause, until } from './wait.js';

/** Where a {@link RobustCall} is. */
type Stage = 'menu' | 'answer' | 'hold' | 'retrieve' | 'consult' | 'complete' | 'second' | 'listen' | 'barge' | 'over';

/** What a {@link RobustCall} is made with. */
export interface RobustCallParts {
  readonly pbx: LabSwitch;
  readonly floor: ServerFloor;
  readonly ann: AnyPhone;
  readonly bob: AnyPhone;
  /** The supervisor's. */
  readonly sue: AnyPhone;
}

/** The desks of a {@link RobustCall}. */
export interface RobustDesks {
  readonly ann: ServerDesk;
  readonly bob: ServerDesk;
  readonly sue: ServerDesk;
}

/**
 * The real call without browser, played by people who do what people do when a system stumbles: press the key again when the menu
 * asks again, try a button again when it is offered again. It only ever goes on; what must not happen is noted in {@link faults}.
 */
export class RobustCall {
  /** What happened that must not happen. */
  readonly faults: string[] = [];
  readonly diary: string[] = [];
  readonly #parts: RobustCallParts;
  readonly #since: { readonly ann: number; readonly bob: number; readonly sue: number };
  /** How often the supervisor asked to listen. */
  #listens = 0;
  #stage: Stage = 'menu';
  #caller: LabCaller | undefined;
  #pressedAt = 0;
  #pressed = '';
  #asking: 'no' | 'asked' = 'no';
  #answering = new Set<AnyPhone>();

  constructor(parts: RobustCallParts) {
    this.#parts = parts;
    this.#since = { ann: parts.ann.mark, bob: parts.bob.mark, sue: parts.sue.mark };
  }

  /** Plays it to its end and answers the one record of it. @throws {Error} when it does not come to its end, or left something behind */
  async play(desks: RobustDesks): Promise<Cdr> {
    const { pbx, floor } = this.#parts;
    const caller = await pbx.caller({ to: FRONT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
    this.#caller = caller;
    try {
      const deadline = Date.now() + 120_000;
      while (this.#stage !== 'over') {
        if (Date.now() > deadline) throw new Error(`stuck at ${this.#stage}: ${this.#where(desks)}`);
        if (caller.over) throw new Error(`the caller was dropped at ${this.#stage}: ${this.#where(desks)}`);
        await this.#step(desks);
        await pause(25);
      }
      await caller.hangUp();
    } finally {
      await caller.close();
    }
    const cdrs = await until(
      async () => {
        const all = await floor.cdrs();
        return all.some((one) => one.direction === 'inbound') ? all : undefined;
      },
      {
        what: 'the record',
        everyMs: 200,
        ignore: isAway,
      },
    );
    const cdr = cdrs.find((one) => one.direction === 'inbound');
    if (cdr === undefined) throw new Error('no record of the customer');
    const sum = cdr.segments.reduce((total, part) => total + part.endMs - part.startMs, 0);
    this.#expect(sum === cdr.durationMs, `segments add up to ${sum} of ${cdr.durationMs}`);
    await until(async () => (await pbx.channels()) === 0, { what: 'a quiet switch after the call', everyMs: 50 });
    // The server may die of the last that is done for this call, after its record.
    await until(async () => (await floor.liveCalls()) === 0, { what: 'no live call', everyMs: 50, ignore: isAway });
    const all = await until(() => floor.cdrs(), { what: 'the records', everyMs: 50, ignore: isAway });
    this.#expect(all.filter((one) => one.direction === 'inbound').length === 1, 'two records of the customer');
    // A consultation that came to nothing was merged into no call: it has a record of its own.
    const consultations = this.diary.filter((line) => line.startsWith('consult:')).length;
    this.#expect(
      all.length <= Math.max(1, consultations),
      `${all.length} records, with ${consultations} consultations`,
    );
    for (const fault of floor.faults()) this.faults.push(fault);
    return cdr;
  }

  /**
   * How often each phone was rung. A call that was answered while the server was away is not counted: the switch ends a call that it was asked to
   * make when nobody is there to take it, and ringing that phone again is another attempt.
   */
  rings(): { readonly ann: number; readonly bob: number } {
    const count = (phone: AnyPhone, since: number): number => {
      const events = phone.events.slice(since);
      const taken = events.filter(
        (event) => event.type === 'CALL_ESTABLISHED' && this.#parts.floor.wasAway(event.atMs),
      );
      const lost = taken.filter(({ callId, atMs }) =>
        events.some(
          (event) =>
            event.type === 'CALL_CLOSED' &&
            event.callId === callId &&
            // A switch on a busy machine ends it later, but whatever ends while no server lives was not ended by one.
            (event.atMs - atMs < 150 || this.#parts.floor.wasDead(event.atMs)),
        ),
      );
      return events.filter((event) => event.type === 'CALL_INCOMING').length - lost.length;
    };
    const sue = this.#parts.sue.events.slice(this.#since.sue).filter((event) => event.type === 'CALL_INCOMING').length;
    if (sue > this.#listens) this.faults.push(`the supervisor's phone rang ${sue} times for ${this.#listens} wishes`);
    return { ann: count(this.#parts.ann, this.#since.ann), bob: count(this.#parts.bob, this.#since.bob) };
  }

  async #step({ ann, bob, sue }: RobustDesks): Promise<void> {
    const { ann: annPhone, bob: bobPhone, sue: suePhone } = this.#parts;
    if (suePhone.ringing) await suePhone.answer();
    await this.#pick(annPhone);
    await this.#pick(bobPhone);
    const mine = this.#mine(ann);
    switch (this.#stage) {
      case 'menu':
        await this.#press();
        if (annPhone.calls.length > 0) this.#enter('answer');
        return;
      case 'answer':
        if (mine !== undefined && own(ann, mine)?.state === 'connected') this.#enter('hold');
        return;
      case 'hold':
        if (mine !== undefined && own(ann, mine)?.state === 'held') this.#enter('retrieve');
        else this.#ask(ann, mine, 'hold');
        return;
      case 'retrieve':
        if (mine !== undefined && own(ann, mine)?.state === 'connected') this.#enter('consult');
        else this.#ask(ann, mine, 'retrieve');
        return;
      case 'consult':
        if (bobPhone.calls.length > 0) this.#enter('complete');
        else if (!bobPhone.ringing && !ann.calls().some((call) => call.consultOf !== undefined)) {
          // A consultation that failed leaves the caller on hold.
          this.#ask(ann, mine, mine !== undefined && own(ann, mine)?.state === 'held' ? 'retrieve' : 'consult');
        }
        return;
      case 'complete':
        if (annPhone.calls.length === 0 && this.#mine(bob) !== undefined) this.#enter('second');
        else
          this.#ask(
            ann,
            ann.calls().find((call) => own(ann, call)?.actions.includes('completeTransfer') === true),
            'completeTransfer',
          );
        return;
      case 'second':
        await this.#hearing([TONE['8002']]);
        this.#enter('listen');
        return;
      case 'listen':
        if (suePhone.calls.length > 0 && this.#hears(suePhone.hears, [TONE.caller1, TONE['8002']]))
          this.#enter('barge');
        else if (suePhone.calls.length === 0) this.#monitor(sue, this.#mine(bob), 'listen');
        return;
      case 'barge':
        if (this.#caller !== undefined && this.#hears(this.#caller.hearing, [TONE['8002'], TONE['8003']])) {
          this.#enter('over');
          // A supervisor who was dropped comes back as one who listens.
        } else this.#monitor(sue, this.#mine(bob), suePhone.calls.length === 0 ? 'listen' : 'barge');
        return;
      case 'over':
        return;
    }
  }

  #mine(desk: ServerDesk): CallView | undefined {
    return desk.calls().find((call) => own(desk, call) !== undefined && call.consultOf === undefined);
  }

  async #hearing(voices: readonly number[]): Promise<void> {
    await this.#caller?.hearing.hears(voices, { forMs: 300 });
  }

  /** Presses the key that the menu asks for, again when it asks again. */
  async #press(): Promise<void> {
    const hearing = this.#caller?.hearing;
    if (hearing === undefined || Date.now() - this.#pressedAt < 700) return;
    const fromMs = Math.max(0, hearing.nowMs() - 300);
    const heard = new Set(hearing.segments({ fromMs }).flatMap((part) => part.freqs));
    const key = heard.has(PROMPTS['front-menu'].hz) ? '1' : heard.has(PROMPTS['sub-menu'].hz) ? '2' : undefined;
    // The prompt may sound on for a moment after its key: a second 1 would be the next menu's.
    if (key === undefined || (key === this.#pressed && Date.now() - this.#pressedAt < 2_500)) return;
    this.#pressed = key;
    this.#pressedAt = Date.now();
    this.diary.push(`press ${key}`);
    await this.#caller?.press(key);
  }

  /** Answers a phone that rings. */
  async #pick(phone: AnyPhone): Promise<void> {
    if (!phone.ringing) {
      this.#answering.delete(phone);
      return;
    }
    if (this.#answering.has(phone)) return;
    if (phone.calls.length > 0) this.faults.push(`phone ${phone.extension} rings while it talks`);
    this.#answering.add(phone);
    this.diary.push(`phone ${phone.extension} answers`);
    // The call may be taken back in the same moment.
    await phone.accept().catch(() => undefined);
  }

  /** Was exactly this heard for the last 300 ms, the 100 that may be under way left out? */
  #hears(hearing: Ear, voices: readonly number[]): boolean {
    const fromMs = Math.max(0, hearing.nowMs() - 400);
    return exactlyMs(hearing.segments({ fromMs }), voices) >= 300;
  }

  /** The supervisor joins, or changes the mode. */
  #monitor(sue: ServerDesk, call: CallView | undefined, mode: 'listen' | 'barge'): void {
    if (this.#asking === 'asked' || call === undefined || this.#parts.sue.ringing) return;
    this.#asking = 'asked';
    if (mode === 'listen') this.#listens += 1;
    const said = sue.command({ type: 'supervise.monitor', callId: call.callId, agentId: asId('bob'), mode });
    void said.then((outcome) => {
      this.diary.push(`${mode}: ${outcome.outcome}${outcome.outcome === 'failed' ? ` ${outcome.code}` : ''}`);
      this.#asking = 'no';
    });
  }

  /** Says a command once, where the view offers it; a refusal is a reason to look again. */
  #ask(
    desk: ServerDesk,
    call: CallView | undefined,
    action: 'hold' | 'retrieve' | 'consult' | 'completeTransfer',
  ): void {
    if (this.#asking === 'asked' || call === undefined) return;
    const part = own(desk, call);
    if (part === undefined || part.pending !== undefined || !part.actions.includes(action)) return;
    this.#asking = 'asked';
    const { callId } = call;
    const said =
      action === 'consult'
        ? desk.command({ type: 'call.consult', callId, to: '8002' })
        : desk.command({ type: `call.${action}`, callId });
    void said.then((outcome) => {
      this.diary.push(`${action}: ${outcome.outcome}${outcome.outcome === 'failed' ? ` ${outcome.code}` : ''}`);
      this.#asking = 'no';
    });
  }

  #enter(stage: Stage): void {
    this.diary.push(stage);
    this.#stage = stage;
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) this.faults.push(what);
  }

  #where({ ann, bob }: RobustDesks): string {
    const views = [...ann.calls(), ...bob.calls()].map(brief).join('; ');
    return `${this.diary.join(', ')}; ${views}; ann ${ann.agent()?.state ?? ''} ${ann.agent()?.reason ?? ''}`;
  }
}
