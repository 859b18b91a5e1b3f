import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_SECRET } from './asterisk.js';
import type { Hearing } from './hearing.js';
import { sine, wavOf } from './pcm.js';
import { callOf, type PhoneCall } from './phone-call.js';
import { config } from './phone-config.js';
import { PhoneControl, type PhoneEvent } from './phone-control.js';
import { freePort } from './ports.js';
import { audioDirection } from './sip-message.js';
import { SipTap, type TappedMessage } from './sip-tap.js';
import type { SwitchSite } from './site.js';
import { TONE } from './tone-plan.js';
import { PATIENCE_MS, until } from './wait.js';

/** Options of {@link Phone.start}. */
export interface PhoneOptions {
  readonly extension: keyof typeof TONE & `800${number}`;
  /** `auto` answers at once; default `manual`. */
  readonly answers?: 'manual' | 'auto';
  /** Frequency of the voice in Hz; default the extension's own of the tone plan. */
  readonly voice?: number;
  /** Register at the start; default `yes`. */
  readonly register?: 'yes' | 'no';
}

/**
 * A desk phone: Debian's baresip as a process of its own, registered with digest authentication. It speaks with a tone of
 * its own; a tap between it and the switch shows its signalling and lets both directions of its media be heard.
 */
export class Phone {
  readonly extension: string;
  readonly tap: SipTap;
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #lab: SwitchSite;
  #control: PhoneControl | undefined;
  #output = '';

  private constructor(parts: {
    readonly lab: SwitchSite;
    readonly extension: string;
    readonly tap: SipTap;
    readonly child: ChildProcess;
    readonly dir: string;
  }) {
    this.#lab = parts.lab;
    this.extension = parts.extension;
    this.tap = parts.tap;
    this.#child = parts.child;
    this.#dir = parts.dir;
    running.add(parts.child);
    parts.child.once('exit', () => running.delete(parts.child));
    for (const stream of [parts.child.stdout, parts.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        if (this.#output.length < 200_000) this.#output += chunk.toString();
      });
    }
  }

  /** Starts the phone and waits until it is registered. */
  static async start(lab: SwitchSite, options: PhoneOptions): Promise<Phone> {
    const controlPort = await freePort();
    const sipPort = await freePort();
    const tap = await SipTap.open({ switchPort: lab.ports.sip, partyPort: sipPort, relayMedia: true });
    const dir = mkdtempSync(join(tmpdir(), 'cb-phone-'));
    // baresip reads the file once and falls silent at its end: ten minutes outlast every scenario.
    writeFileSync(join(dir, 'voice.wav'), wavOf(sine([options.voice ?? TONE[options.extension]], { ms: 600_000 })));
    writeFileSync(join(dir, 'config'), config({ dir, sipPort, controlPort }));
    writeFileSync(join(dir, 'contacts'), '');
    const registering = options.register !== 'no';
    writeFileSync(
      join(dir, 'accounts'),
      `<sip:${options.extension}@127.0.0.1:${tap.portForParty}>;auth_user=${options.extension};auth_pass=${lab.password ?? LAB_SECRET};answermode=${options.answers ?? 'manual'};regint=${registering ? 60 : 0};audio_codecs=PCMU/8000/1\n`,
    );
    const child = spawn('baresip', ['-f', dir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'dumb' },
    });
    const phone = new Phone({ lab, extension: options.extension, tap, child, dir });
    try {
      phone.#control = await PhoneControl.open(controlPort, () => {
        if (child.exitCode !== null) throw new Error('baresip ended');
      });
      if (registering) await phone.registered();
    } catch (error) {
      const output = phone.output().slice(-2_000);
      await phone.close();
      throw new Error(`phone ${options.extension}: ${String(error)}\n${output}`);
    }
    return phone;
  }

  /** Resolves when the switch accepted a registration after message `since` (default: any). */
  async registered(since = 0): Promise<void> {
    await this.tap.seen((m) => m.sip.method === 'REGISTER' && m.sip.status === 200, {
      what: `registration of ${this.extension}`,
      since,
    });
  }

  /** All events of the phone, in order. */
  get events(): readonly PhoneEvent[] {
    return this.#control?.events ?? [];
  }

  /** What the phone hears in its newest call. */
  get hears(): Hearing {
    return this.#relay().phoneHears;
  }

  /** What the phone hears in one call. */
  hearsIn(call: PhoneCall): Hearing {
    const relay = this.tap.relays.get(call.callId);
    if (relay === undefined) throw new Error(`phone ${this.extension} has no media in that call`);
    return relay.phoneHears;
  }

  /** Calls that are established and not closed, the oldest first. */
  get calls(): readonly PhoneCall[] {
    const open = new Set<string>();
    for (const event of this.events) {
      if (event.type === 'CALL_ESTABLISHED') open.add(event.callId);
      if (event.type === 'CALL_CLOSED') open.delete(event.callId);
    }
    return [...open].map((callId) => this.call(callId));
  }

  /** Whether a call rings here that is not answered. */
  get ringing(): boolean {
    let ringing: string | undefined;
    for (const event of this.events) {
      if (event.type === 'CALL_INCOMING') ringing = event.callId;
      if ((event.type === 'CALL_ESTABLISHED' || event.type === 'CALL_CLOSED') && event.callId === ringing)
        ringing = undefined;
    }
    return ringing !== undefined;
  }

  /** The call that rings and is not answered, as a Replaces names it. */
  get ringingCall(): PhoneCall {
    const ringing = this.events.findLast((event) => event.type === 'CALL_INCOMING');
    if (ringing === undefined || !this.ringing) throw new Error(`phone ${this.extension} does not ring`);
    return this.call(ringing.callId);
  }

  /** Calls `watch` at every event from now on; returns how to stop. */
  watch(watch: (event: PhoneEvent) => void): () => void {
    return this.#line().watch(watch);
  }

  /** Messages seen so far; a place in time for `since`. */
  get mark(): number {
    return this.events.length;
  }

  /** Resolves with the event of an incoming call after `since`. */
  async rings(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<PhoneCall> {
    const event = await this.#event('CALL_INCOMING', options);
    return this.call(event.callId);
  }

  /** Resolves when a call is established after `since`. */
  async talks(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<PhoneCall> {
    const event = await this.#event('CALL_ESTABLISHED', options);
    return this.call(event.callId);
  }

  /** Resolves when a call is closed after `since`, with the reason that the phone gives. */
  async closed(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<string> {
    return (await this.#event('CALL_CLOSED', options)).param;
  }

  /** Presses the key for the current incoming call. */
  async accept(): Promise<void> {
    await this.command('accept');
  }

  /** Answers the current incoming call and waits until it is established. */
  async answer(): Promise<PhoneCall> {
    const since = this.mark;
    await this.accept();
    return this.talks({ since });
  }

  /** Rejects the current incoming call; baresip says 486 Busy Here. */
  async reject(): Promise<void> {
    await this.command('hangup');
  }

  /** Ends the current call and waits for the end. */
  async hangUp(): Promise<void> {
    const since = this.mark;
    await this.command('hangup');
    await this.closed({ since });
  }

  /** Dials and returns without waiting for an answer. */
  async dial(number: string): Promise<void> {
    await this.command('dial', `sip:${number}@127.0.0.1:${this.tap.portForParty}`);
  }

  /** Holds the current call: re-INVITE with sendonly; resolves when the switch accepted it. */
  hold(): Promise<void> {
    return this.#reinvite('hold', 'sendonly');
  }

  /** Resumes the held call: re-INVITE with sendrecv. */
  resume(): Promise<void> {
    return this.#reinvite('resume', 'sendrecv');
  }

  /** Presses keys in the current call (RFC 4733). */
  async press(digits: string): Promise<void> {
    for (const digit of digits) await this.command('sndcode', digit);
  }

  /** Makes `call` the one that the next command is about. */
  async choose(call: PhoneCall): Promise<void> {
    await this.command('callfind', call.callId);
  }

  /** Blind transfer: REFER in the current call. Resolves with the switch's final answer to the REFER. */
  async transfer(number: string): Promise<number> {
    const since = this.tap.messages.length;
    await this.command('transfer', `<sip:${number}@127.0.0.1:${this.#lab.ports.sip}>`);
    return this.#referAnswer(since);
  }

  /**
   * Attended transfer: REFER with Replaces (RFC 3891) in `held`, naming the dialogue of `consult`. baresip 1.0 has no
   * command for it, but sends the Refer-To that it is given; the tags are taken from the signalling.
   */
  async transferTo(held: PhoneCall, consult: PhoneCall): Promise<number> {
    const since = this.tap.messages.length;
    await this.refer(held, consult);
    return this.#referAnswer(since);
  }

  /** As {@link transferTo}, without waiting for an answer. */
  async refer(held: PhoneCall, consult: PhoneCall): Promise<void> {
    const current = this.call(consult.callId);
    const replaces = encodeURIComponent(`${current.callId};to-tag=${current.remoteTag};from-tag=${current.localTag}`);
    await this.choose(held);
    await this.command('transfer', `<sip:${current.peer}@127.0.0.1:${this.#lab.ports.sip}?Replaces=${replaces}>`);
  }

  /** A call by its Call-ID, with what the signalling told about its dialogue. */
  call(callId: string): PhoneCall {
    const call = callOf(this.tap.messages, callId);
    if (call === undefined) throw new Error(`phone ${this.extension}: no such call`);
    return call;
  }

  /**
   * Any command of baresip's menu.
   * @throws {Error} when the phone refuses it.
   */
  async command(command: string, params = ''): Promise<string> {
    try {
      return await this.#line().command(command, params);
    } catch (error) {
      throw new Error(`phone ${this.extension}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What baresip printed. */
  output(): string {
    return this.#output;
  }

  /** SIGKILL: the phone vanishes without a word. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends everything without unregistering; may be called twice. */
  async close(): Promise<void> {
    this.#control?.close();
    await this.kill();
    this.tap.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #event(type: string, options: { readonly withinMs?: number; readonly since?: number }): Promise<PhoneEvent> {
    return until(() => this.events.slice(options.since ?? 0).find((event) => event.type === type), {
      what: `${type} at phone ${this.extension}`,
      withinMs: options.withinMs ?? PATIENCE_MS,
      everyMs: 10,
      seen: () => [
        this.events.slice(-8).map((event) => event.type),
        this.tap.messages.slice(-8).map((m) => `${m.by}: ${m.sip.start}`),
      ],
    });
  }

  async #reinvite(command: string, direction: string): Promise<void> {
    const since = this.tap.messages.length;
    await this.command(command);
    // When both sides offer at once, both are refused with 491 and the phone offers again (RFC 3261, 14.1).
    await until(
      () => {
        const later = this.tap.messages.slice(since);
        const offers = later.filter(
          (m) =>
            m.by === 'party' &&
            m.sip.method === 'INVITE' &&
            m.sip.status === undefined &&
            audioDirection(m.sip.body) === direction,
        );
        return offers.some((offer) =>
          later.some(
            (m) =>
              m.by === 'switch' &&
              m.sip.status === 200 &&
              m.sip.callId === offer.sip.callId &&
              m.sip.header('cseq') === offer.sip.header('cseq'),
          ),
        );
      },
      { what: `a re-INVITE with ${direction} and its answer`, everyMs: 10 },
    );
  }

  async #referAnswer(since: number): Promise<number> {
    const answer = await this.tap.seen(
      (m: TappedMessage) =>
        m.by === 'switch' && m.sip.method === 'REFER' && (m.sip.status ?? 0) >= 200 && m.sip.status !== 401,
      {
        what: 'the answer to REFER',
        since,
      },
    );
    return answer.sip.status ?? 0;
  }

  #line(): PhoneControl {
    if (this.#control === undefined) throw new Error('the phone is not started');
    return this.#control;
  }

  #relay(): { readonly phoneHears: Hearing; readonly phoneSays: Hearing } {
    const relay = [...this.tap.relays.values()].at(-1);
    if (relay === undefined) throw new Error(`phone ${this.extension} has no media`);
    return relay;
  }
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
