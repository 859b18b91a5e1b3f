import { type Clock, CtiError, isCtiError, type Logger } from '@cordboard/cti-core';
import type { DeviceLoss, LineAbilities, LineDevice, LineDeviceEvent, LineDeviceSink } from '../../device/port.js';
import { Timers } from '../../timers.js';
import { CAN, CR, ETX } from '../../wire/v253/codes.js';
import type { V253Line } from '../../wire/v253/lines.js';
import { dle } from '../../wire/v253/shield.js';
import { abilitiesOf } from './abilities.js';
import { dialCommand, dialTimeMs, isDialled, toneCommand } from './dialling.js';
import { type Answer, Dialogue } from './dialogue.js';
import type { V253Options } from './options.js';
import type { SerialLink, SerialOpener } from './serial.js';
import { ModemSound } from './sound.js';
import { type ModemFacts, startUp } from './start-up.js';
import { Told } from './told.js';

/** What a modem is made of. */
export interface V253ModemParts {
  readonly options: V253Options;
  readonly open: SerialOpener;
  readonly clock: Clock;
  readonly log: Logger;
}

type Mode = 'command' | 'hearing' | 'playing' | 'both' | 'dialling';

/** A bell that rang so long ago belongs to a call that may still be taken. */
const RINGING_MS = 8_000;
/** Sound that stops for so long says that the modem has stopped. */
const STALL_MS = 3_000;
/** The end of a stream: the modem plays what it has, 200 ms and its own store. */
const STREAM_END_MS = 3_000;
const CLOSE_MS = 2_000;
const WAKE_TRIES = 4;
const WAKE_MS = 400;
const ESC = 0x1b;

/** A voice modem of V.253 or IS-101 as a line. Never run on hardware: held to a virtual modem alone. */
export class V253Modem implements LineDevice {
  readonly #parts: V253ModemParts;
  readonly #timers: Timers<'probe' | 'watch' | 'dial'>;
  readonly #dialogue: Dialogue;
  readonly #told: Told;
  #abilities: LineAbilities;
  #facts: ModemFacts | undefined;
  #sink: LineDeviceSink | undefined;
  #link: SerialLink | undefined;
  #sound: ModemSound | undefined;
  #state: 'new' | 'opening' | 'open' | 'lost' | 'closed' = 'new';
  #mode: Mode = 'command';
  #hook: 'on' | 'off' = 'on';
  #wish: 'hear' | 'play' | 'idle' = 'hear';
  #hasDialled: 'no' | 'yes' = 'no';
  #dialResult: Promise<void> | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(parts: V253ModemParts) {
    const { options, clock } = parts;
    this.#parts = parts;
    this.#timers = new Timers(clock);
    this.#abilities = abilitiesOf(options, undefined);
    this.#told = new Told({
      clock,
      options,
      tell: (event) => this.#tell(event),
      flow: (may) => this.#sound?.flow(may),
      ears: () => (this.#mode === 'playing' ? 'theirs' : 'ours'),
    });
    this.#dialogue = new Dialogue({
      clock,
      write: (bytes) => void this.#link?.write(bytes),
      events: {
        line: (line) => this.#line(line),
        code: (code) => this.#told.code(code),
        sound: (bytes) => this.#sound?.take(bytes),
        soundEnd: () => undefined,
      },
    });
  }

  get abilities(): LineAbilities {
    return this.#abilities;
  }

  /** What was thrown away of what the modem sent: bytes, codes and results without a meaning. */
  get garbage(): number {
    const { garbage, unknownCodes, lostPackets } = this.#dialogue.decoder.counts;
    return garbage + unknownCodes + lostPackets + this.#told.unknown + this.#dialogue.strayResults;
  }

  async open(sink: LineDeviceSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#state !== 'new') throw new CtiError('device.refused', 'a modem is opened once');
    this.#state = 'opening';
    this.#sink = sink;
    this.#link = await this.#parts.open(
      {
        data: (bytes) => this.#dialogue.decoder.push(bytes),
        drained: () => this.#sound?.drained(),
        closed: (reason) => this.#lose(reason),
      },
      { signal },
    );
    const facts = await this.#startUnless(signal);
    this.#abilities = abilitiesOf(this.#parts.options, facts);
    this.#state = 'open';
    this.#probeLater();
    await this.#enter();
  }

  hook(state: 'on' | 'off', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#do(signal, async () => {
      await this.#leave();
      this.#told.fresh();
      this.#timers.cancel('dial');
      // Keys in a call that came in, or was dialled, are tones; the first ones of a call that goes out are its number.
      const rang = this.#hasRung();
      this.#hasDialled = rang ? 'yes' : 'no';
      this.#wish = 'hear';
      if (state === 'off') await this.#seize(rang ? 'rings' : 'none');
      else await this.#hangUp();
      this.#hook = state;
      // Whoever takes the line to dial does so at once; the sound is of use after that.
      if (state === 'off' && this.#abilities.dials === 'itself' && !rang) return;
      await this.#enter();
    });
  }

  flash(forMs: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#do(signal, async () => {
      await this.#leave();
      // S29 is the length of a flash in 10 ms, where a modem has it.
      await this.#ask(`ATS29=${Math.round(forMs / 10)}`);
      await this.#must('ATDT!;');
      this.#hasDialled = 'yes';
      await this.#enter();
    });
  }

  dial(digits: string, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#do(signal, async () => {
      await this.#leave();
      if (this.#hasDialled === 'yes') {
        await this.#order(toneCommand(digits), dialTimeMs(digits) + this.#parts.options.commandTimeoutMs);
        return this.#enter();
      }
      this.#hasDialled = 'yes';
      if (this.#parts.options.progress === 'modem') return this.#dialAndWatch(digits);
      const answer = await this.#order(dialCommand(digits, 'returns'), this.#dialBoundMs(digits));
      if (!isDialled(answer.result)) return this.#tellSoon(answer);
      await this.#enter();
    });
  }

  direct(way: 'hear' | 'play' | 'idle', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#wish = way;
    return this.#do(signal, () => this.#enter());
  }

  async close(): Promise<void> {
    const before = this.#state;
    if (before === 'closed') return;
    this.#state = 'closed';
    this.#timers.cancelAll();
    this.#told.stop();
    this.#sound?.stop();
    const link = this.#link;
    if (link === undefined) return;
    if (before !== 'lost') await this.#farewell(link);
    this.#dialogue.fail(gone());
    await link.close();
  }

  // ---- what comes ----

  #tell(event: LineDeviceEvent): void {
    if (this.#state === 'open') this.#sink?.event(event);
  }

  #line(line: V253Line): void {
    // The far end of our own call rings: only a modem that dials by itself says so.
    if (line.type === 'ringing' && this.#mode === 'dialling') {
      return this.#told.ringing();
    }
    this.#told.line(line);
  }

  // ---- modes ----

  #target(): Mode {
    const format = this.#facts?.format;
    if (format === undefined) return 'command';
    if (this.#hook === 'on') return this.#abilities.listensOnHook === 'listens' ? 'hearing' : 'command';
    if (this.#mode === 'dialling') return 'dialling';
    if (this.#abilities.sound === 'full') return 'both';
    if (this.#wish === 'play') return 'playing';
    return this.#wish === 'hear' ? 'hearing' : 'command';
  }

  /** Does what is wished for. */
  async #enter(): Promise<void> {
    const target = this.#target();
    if (target === this.#mode) return;
    await this.#leave();
    if (target === 'command') return;
    const { decoder } = this.#dialogue;
    const command = target === 'playing' ? 'AT+VTX' : target === 'both' ? 'AT+VTR' : 'AT+VRX';
    decoder.expect(target === 'playing' ? 'text' : 'sound');
    const answer = await this.#ask(command);
    if (answer.result !== 'connect') {
      decoder.expect('text');
      throw refusedBy(answer);
    }
    this.#mode = target;
    this.#sound?.begin(target === 'playing' ? 'play' : target === 'both' ? 'both' : 'hear');
    this.#watch();
  }

  /** Back to where commands are taken. */
  async #leave(): Promise<void> {
    const mode = this.#mode;
    if (mode === 'command') return;
    this.#timers.cancel('watch');
    this.#sound?.stop();
    this.#mode = 'command';
    if (mode === 'dialling') {
      this.#timers.cancel('dial');
      // Any character ends a dial that is under way.
      if (this.#dialogue.isWaiting) this.#link?.write(Uint8Array.of(CR));
      await this.#dialResult;
      return;
    }
    const end = this.#parts.options.stopHearing === 'esc' ? dle(ESC) : dle('!');
    await this.#order(mode === 'playing' ? dle(ETX) : mode === 'both' ? dle('^') : end, STREAM_END_MS);
    this.#dialogue.decoder.toText();
  }

  /** A stream that stands still is a modem that does. */
  #watch(): void {
    this.#timers.set('watch', STALL_MS, () => {
      const nowMs = this.#parts.clock.nowMs();
      if (this.#sound !== undefined && nowMs - this.#sound.aliveMs >= STALL_MS) this.#lose('failed');
      else this.#watch();
    });
  }

  // ---- the line ----

  #hasRung(): boolean {
    return this.#hook === 'on' && this.#parts.clock.nowMs() - this.#told.lastRingMs < RINGING_MS;
  }

  async #seize(call: 'rings' | 'none'): Promise<void> {
    const answer = await this.#ask(call === 'rings' && this.#parts.options.answer === 'ata' ? 'ATA' : 'AT+VLS=1');
    if (answer.result !== 'ok' && answer.result !== 'vcon') throw refusedBy(answer);
  }

  async #hangUp(): Promise<void> {
    const answer = await this.#ask('ATH');
    if (answer.result !== 'ok' && answer.result !== 'noCarrier') await this.#must('AT+VLS=0');
  }

  /** The modem dials, watches, and says in the end what became of it. */
  async #dialAndWatch(digits: string): Promise<void> {
    const { clock } = this.#parts;
    this.#mode = 'dialling';
    let early: Answer | undefined;
    const answer = this.#dialogue.order(dialCommand(digits, 'watches'), DIAL_BOUND_MS);
    const sent = new Promise<void>((resolve) => {
      const cancel = clock.setTimer(DIAL_TONE_MS + dialTimeMs(digits), resolve);
      this.#dialResult = answer.then(
        (result) => {
          early = result;
          cancel();
          resolve();
          this.#dialEnds(result);
        },
        (error: unknown) => {
          cancel();
          resolve();
          if (isCtiError(error) && error.code === 'device.timeout') this.#lose('failed');
        },
      );
    });
    await sent;
    if (early?.result === 'error') throw refusedBy(early);
  }

  /** What became of a call is told once whoever dialled it listens. */
  #tellSoon(answer: Answer): void {
    if (answer.result === 'error') throw refusedBy(answer);
    this.#timers.set('dial', TELL_MS, () => this.#tellResult(answer));
  }

  #dialEnds(answer: Answer): void {
    if (this.#mode !== 'dialling') return;
    this.#mode = 'command';
    if (answer.result !== 'error') this.#tellSoon(answer);
    if (answer.result !== 'vcon' && answer.result !== 'ok' && answer.result !== 'connect') return;
    void this.#do(undefined, () => this.#enter()).catch(() => undefined);
  }

  #tellResult({ result }: Answer): void {
    if (result === 'vcon' || result === 'connect') this.#tell({ type: 'answer', by: 'modem' });
    else if (result === 'busy' || result === 'noAnswer' || result === 'noCarrier')
      this.#tell({ type: 'callFailed', why: result });
    else if (result === 'noDialTone' || result === 'delayed' || result === 'blacklisted')
      this.#tell({ type: 'callFailed', why: 'noDialTone' });
  }

  #dialBoundMs(digits: string): number {
    return DIAL_TONE_MS + dialTimeMs(digits) + this.#parts.options.commandTimeoutMs;
  }

  // ---- orders ----

  /** One thing after the other. Rejects as the port says. */
  #do(signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      if (this.#state !== 'open') throw gone();
      if (signal?.aborted === true) throw aborted();
      this.#timers.cancel('probe');
      try {
        await work();
      } catch (error) {
        if (isCtiError(error) && error.code === 'device.timeout') await this.#recover();
        throw error;
      } finally {
        this.#probeLater();
      }
    });
    this.#work = done.catch(() => undefined);
    return done;
  }

  /** An answer never came: from the beginning again. A call that was on the line is gone then, and the device with it. */
  async #recover(): Promise<void> {
    if (this.#state !== 'open') return;
    const had = this.#hook;
    this.#sound?.stop();
    this.#timers.cancel('watch');
    this.#mode = 'command';
    this.#parts.log.warn('a modem did not answer and is started again', { garbage: this.garbage });
    try {
      await this.#wake();
      await this.#start();
      this.#hook = 'on';
    } catch {
      return this.#lose('failed');
    }
    if (had === 'off') this.#lose('failed');
  }

  /** Ends whatever it is in the middle of, until it answers to `AT`. */
  async #wake(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#dialogue.decoder.toText();
      if (attempt > 1) for (const bytes of [dle(CAN), dle(ETX), dle('!'), Uint8Array.of(CR)]) this.#link?.write(bytes);
      try {
        const answer = await this.#dialogue.order('AT', WAKE_MS);
        if (answer.result === 'ok' || attempt >= 2) return await this.#quiet();
      } catch (error) {
        if (attempt === WAKE_TRIES || !isCtiError(error) || error.code !== 'device.timeout') throw error;
      }
    }
  }

  /** Late answers of what was before are let pass. */
  #quiet(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.setTimer(QUIET_MS, resolve));
  }

  /** Opening that is given up leaves nothing waiting. */
  async #startUnless(signal: AbortSignal): Promise<ModemFacts> {
    const give = (): void => this.#dialogue.fail(aborted());
    signal.addEventListener('abort', give, { once: true });
    try {
      await this.#wake();
      if (signal.aborted) throw aborted();
      return await this.#start();
    } finally {
      signal.removeEventListener('abort', give);
    }
  }

  async #start(): Promise<ModemFacts> {
    const facts = await startUp((command) => this.#ask(command), this.#parts.options);
    this.#facts = facts;
    this.#sound?.stop();
    const { format } = facts;
    const link = this.#link;
    const sink = this.#sink;
    if (format !== undefined && link !== undefined && sink !== undefined)
      this.#sound = new ModemSound({
        clock: this.#parts.clock,
        format,
        sink,
        write: (bytes) => link.write(bytes),
        key: (event) => this.#hook === 'off' && this.#told.key(event.digit, event.toneMs),
      });
    return facts;
  }

  #ask(command: string): Promise<Answer> {
    return this.#order(command, this.#parts.options.commandTimeoutMs);
  }

  #order(what: string | Uint8Array, timeoutMs: number): Promise<Answer> {
    return this.#dialogue.order(what, timeoutMs);
  }

  async #must(command: string): Promise<void> {
    const answer = await this.#ask(command);
    if (answer.result !== 'ok' && answer.result !== 'vcon') throw refusedBy(answer);
  }

  #probeLater(): void {
    if (this.#state !== 'open') return;
    this.#timers.set('probe', this.#parts.options.probeMs, () => {
      if (this.#mode !== 'command' || this.#dialogue.isWaiting) return this.#probeLater();
      void this.#do(undefined, async () => {
        await this.#ask('AT');
      }).catch(() => undefined);
    });
  }

  // ---- the end ----

  #lose(reason: DeviceLoss): void {
    const before = this.#state;
    if (before === 'lost' || before === 'closed') return;
    if (before === 'open' && reason !== 'removed') void this.#link?.dropDtr();
    this.#state = 'lost';
    this.#timers.cancelAll();
    this.#told.stop();
    this.#sound?.stop();
    this.#dialogue.fail(gone());
    if (before === 'open') this.#sink?.event({ type: 'lost', reason });
  }

  /** On-hook, whatever it was doing: the end of a stream, the end of a call, and the wire that ends both. */
  async #farewell(link: SerialLink): Promise<void> {
    const { clock } = this.#parts;
    this.#dialogue.fail(gone());
    const bytes = this.#mode === 'command' ? [] : [dle(CAN), dle(ETX), dle('!'), Uint8Array.of(CR)];
    for (const each of bytes) link.write(each);
    this.#dialogue.decoder.toText();
    let cancel = (): void => undefined;
    const bound = new Promise<void>((resolve) => {
      cancel = clock.setTimer(CLOSE_MS, resolve);
    });
    // Twice: the first may be eaten by a stream that was about to end, and be answered late.
    const asked = (async () => {
      for (const command of ['ATH', 'AT+VLS=0'])
        await this.#dialogue.order(command, CLOSE_MS / 4).catch(() => undefined);
    })();
    await Promise.race([asked, bound]);
    cancel();
    await link.dropDtr();
  }
}

/** A dial tone comes within so long, or a modem says that there is none (S6, S7). */
const DIAL_TONE_MS = 5_000;
/** Longer than any exchange lets a call ring. */
const DIAL_BOUND_MS = 300_000;
const QUIET_MS = 150;
const TELL_MS = 20;

const gone = (): CtiError => new CtiError('device.lost', 'the modem is gone');
const aborted = (): CtiError => new CtiError('wait.aborted', 'the wait for the modem was given up');

function refusedBy({ result }: Answer): CtiError {
  return new CtiError('device.refused', 'the modem said no', { details: { result } });
}
