import { CtiError } from '@cordboard/cti-core';
import { generateDtmf, type SampleSource } from '@cordboard/telephony-dsp';
import type { SerialOpener } from '../devices/v253/serial.js';
import type { ExchangeLine } from './exchange-line.js';
import type { FarStep, IncomingCall } from './far-end.js';
import { KeyEar } from './key-ear.js';
import { SimulatedPhone } from './phone.js';
import { samplesOnce } from './sounds.js';
import { Agenda, addTo, tonesOf } from './v253-agenda.js';
import { decodeSample, encodeSample, LinearRate, type ModemCoding } from './v253-coding.js';
import { VirtualDialler } from './v253-dialler.js';
import { ToneEar } from './v253-ears.js';
import { exchangeBehind } from './v253-line.js';
import { DEFAULT_FORMATS, formatLines, formatOf, type VirtualModemOptions } from './v253-options.js';
import { VirtualWire } from './v253-port.js';
import { callerIdBytes, resultBytes, textOf } from './v253-words.js';

type Mode = 'command' | 'play' | 'hear' | 'both' | 'dial';

const BLOCK = 160;
const BLOCK_MS = 20;
/** A machine that is later than this has missed what the modem did meanwhile, ms. */
const LATE_MS = 1_000;
const DLE = 0x10;
const ETX = 0x03;
/** What is to be played is kept for so long, samples: two seconds. */
const STORE = 16_000;

/**
 * A voice modem with a telephone line behind it, in front of the simulated exchange: real sound, real bytes, the pace of a real wire. Its half of
 * V.253 is written from the recommendation, and shares no code with the driver's.
 */
export class VirtualModem {
  readonly exchange: ExchangeLine;
  readonly phone: SimulatedPhone;
  /** What becomes of dialled numbers; may be changed at any time. */
  readonly numbers = new Map<string, readonly FarStep[]>();
  /** Every command line that came. */
  readonly commands: string[] = [];
  readonly #options: VirtualModemOptions;
  readonly #keyEar = new KeyEar();
  readonly #toneEar = new ToneEar();
  readonly #played = new Int16Array(BLOCK);
  readonly #heard = new Int16Array(BLOCK);
  readonly #beside = new Int16Array(BLOCK);
  #wire: VirtualWire | undefined;
  #cancel: (() => void) | undefined;
  #plug: 'in' | 'out' = 'in';
  #health: 'well' | 'hung' = 'well';
  #cable: 'present' | 'absent' = 'present';
  #nowMs = 0;
  /** How far it has come, on the clock. */
  #ranMs = Number.NEGATIVE_INFINITY;
  readonly #agenda = new Agenda();
  #mode: Mode = 'command';
  #hook: 'on' | 'off' = 'on';
  #flashUntilMs = 0;
  #echo: 'echoes' | 'silent' = 'echoes';
  #words: 'words' | 'figures' = 'words';
  #class: '0' | '8' = '0';
  #callerId = 0;
  #format: { readonly coding: ModemCoding; readonly rate: number } = { coding: 'unsigned', rate: 8_000 };
  #up = new LinearRate(8_000, 8_000);
  #down = new LinearRate(8_000, 8_000);
  #command = '';
  #escape = false;
  #store: number[] = [];
  #ending: 'no' | 'drains' = 'no';
  #own: SampleSource[] = [];
  #call: IncomingCall | undefined;
  #rings = 0;
  readonly #dialler: VirtualDialler;

  constructor(options: VirtualModemOptions) {
    this.#options = options;
    for (const [number, steps] of Object.entries(options.numbers ?? {})) this.numbers.set(number, steps);
    this.#words = options.style === 'figures' ? 'figures' : 'words';
    this.exchange = exchangeBehind(options, {
      dialled: (number) => this.numbers.get(number),
      signal: (signal) => this.#signal(signal),
    });
    this.#dialler = new VirtualDialler({
      nowMs: () => this.#nowMs,
      press: (key, afterMs) =>
        this.#after(afterMs, () => this.#own.push(samplesOnce(generateDtmf(key, { toneMs: 95, gapMs: 60 })))),
      code: (code) => this.#code(code),
      ringing: () => this.#result('RINGING'),
      over: (words) => this.#dialOver(words),
    });
    this.phone = new SimulatedPhone({
      seed: options.seed ?? 1,
      changed: (hook) => {
        if (options.phone === 'parallel') this.#code(hook === 'off' ? 'H' : 'h');
        this.#loop();
      },
    });
  }

  /** The relay of the modem. */
  get hook(): 'on' | 'off' {
    return this.#hook;
  }

  /** Its port is open. */
  get isOpen(): boolean {
    return this.#wire !== undefined;
  }

  /** What it is doing. */
  get mode(): Mode {
    return this.#mode;
  }

  /** Opens its port: the `open` of a line's device. */
  readonly serial: SerialOpener = (events) => {
    if (this.#plug === 'out')
      return Promise.reject(
        new CtiError('device.lost', 'the virtual modem is not plugged in', { details: { linkDown: 'refused' } }),
      );
    if (this.#wire !== undefined)
      return Promise.reject(new CtiError('device.refused', 'the virtual port is open already'));
    const wire = new VirtualWire({
      events,
      baudRate: this.#options.baudRate ?? 115_200,
      closed: () => {
        // DTR falls: the modem hangs up whatever it is doing.
        this.#reset();
        if (this.#wire === wire) this.#wire = undefined;
      },
    });
    this.#wire = wire;
    if (this.#options.chatter === 'chatty')
      wire.say([0, 0xff, 0x80, ...textOf('\r\nNO CARRIER\r\nOK\r\nMODEM READY\r\n')]);
    this.#tick();
    return Promise.resolve(wire);
  };

  /** Pulls it out. */
  unplug(): void {
    this.#plug = 'out';
    const wire = this.#wire;
    this.#wire = undefined;
    this.#reset();
    this.#health = 'well';
    wire?.vanish();
  }

  /** Puts it in again. */
  plugIn(): void {
    this.#plug = 'in';
  }

  /** Its processor stands still, or goes on: it takes bytes and says nothing. */
  hang(health: 'hung' | 'well'): void {
    this.#health = health;
  }

  /** The cable to the exchange is pulled, or back. */
  cable(state: 'present' | 'absent'): void {
    this.#cable = state;
    this.#loop();
  }

  /** Noise on the wire, towards the computer. @returns how many bytes went out: none while nobody has the port open */
  noise(bytes: Uint8Array): number {
    if (this.#wire === undefined) return 0;
    this.#wire.say(bytes);
    return bytes.length;
  }

  /** Somebody calls. @returns whether the line was free */
  callIn(call: IncomingCall): boolean {
    if (!this.exchange.callIn(call)) return false;
    this.#call = call;
    this.#rings = 0;
    return true;
  }

  /** On a machine that is late, what is due is done all at once: a modem has a clock of its own. */
  #tick(): void {
    if (this.#cancel !== undefined) return;
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    if (nowMs - this.#ranMs > LATE_MS) this.#ranMs = nowMs;
    this.#cancel = clock.setTimer(Math.max(0, this.#ranMs + BLOCK_MS - nowMs), () => {
      this.#cancel = undefined;
      for (; this.#wire !== undefined && clock.nowMs() >= this.#ranMs + BLOCK_MS; this.#ranMs += BLOCK_MS) this.#run();
      if (this.#wire !== undefined) this.#tick();
    });
  }

  #run(): void {
    this.#nowMs += BLOCK_MS;
    this.#wire?.run(BLOCK_MS, (bytes) => this.#take(bytes));
    this.#agenda.run(this.#nowMs);
    if (this.#flashUntilMs > 0 && this.#nowMs >= this.#flashUntilMs) {
      this.#flashUntilMs = 0;
      this.#loop();
    }
    this.phone.rest(BLOCK_MS);
    const phoneOn = this.#options.phone === 'parallel' && this.phone.hook === 'off';
    if (this.#hook === 'on' && !phoneOn && this.exchange.isStill && this.#mode === 'command') return;
    const played = this.#played.fill(0);
    if (this.#hook === 'off') this.#speak(played);
    const beside = this.#beside.fill(0);
    if (phoneOn) {
      this.phone.speak(beside);
      addTo(played, beside);
    }
    const heard = this.#heard.fill(0);
    this.exchange.run(played, heard);
    if (this.#cable === 'absent') heard.fill(0);
    if (phoneOn) this.phone.hear(heard);
    // A telephone on the same pair is heard by the modem as the exchange is.
    addTo(heard, beside);
    this.#listen(heard);
  }

  #after(ms: number, run: () => void): void {
    this.#agenda.at(this.#nowMs + ms, run);
  }

  #speak(out: Int16Array): void {
    if (this.#own.length > 0) this.#own = this.#own.filter((sound) => sound.mix(out) === out.length);
    if (this.#mode !== 'play' && this.#mode !== 'both') return;
    const had = this.#store.length;
    for (let i = 0; i < out.length && i < had; i++) out[i] = this.#store[i] ?? 0;
    this.#store = this.#store.slice(out.length);
    if (this.#ending === 'drains' && this.#store.length === 0) this.#streamOver();
    else if (had > 0 && had < out.length && this.#mode === 'play') this.#code('u');
  }

  #listen(heard: Int16Array): void {
    const hears = this.#mode === 'hear' || this.#mode === 'both';
    if (hears) {
      const bytes: number[] = [];
      for (const sample of this.#down.push(heard)) {
        const byte = encodeSample(sample, this.#format.coding);
        bytes.push(byte);
        if (byte === DLE) bytes.push(DLE);
      }
      if ((this.#wire?.waiting ?? 0) < 8_000) this.#wire?.say(bytes);
      else this.#code('o');
    }
    if (this.#hook === 'on') return;
    for (const key of this.#keyEar.push(heard)) {
      if (this.#options.keys === 'shielded') for (const each of ['/', key, '~']) this.#code(each);
      else this.#code(key);
    }
    const tone = this.#toneEar.push(heard);
    if (this.#mode === 'dial') return this.#dialler.watch(tone, this.#toneEar);
    if (tone !== undefined && this.#mode !== 'command') this.#code(tone === 'dial' ? 'd' : tone === 'busy' ? 'b' : 'r');
  }

  #signal(signal: 'polarity' | 'ringStart' | 'ringEnd'): void {
    if (signal === 'polarity') {
      if (this.#options.polarity === 'tells') this.#code('L');
      return;
    }
    if (signal !== 'ringStart' || this.#hook === 'off') return;
    this.#rings += 1;
    if (this.#mode === 'command') this.#result('RING');
    else this.#code('R');
    const call = this.#call;
    if (this.#rings > 1 || call === undefined || (call.callerId ?? 'fsk') !== 'fsk') return;
    // It is complete some 1.9 s after the end of a ring of one second.
    this.#after(2_900, () => {
      if (this.#mode === 'command' && this.#hook === 'on' && this.exchange.state === 'ringing')
        this.#wire?.say(callerIdBytes(call, this.#callerId));
    });
  }

  #setHook(hook: 'on' | 'off'): void {
    if (this.#hook !== hook) {
      this.#keyEar.push(new Int16Array(BLOCK * 2));
      this.#toneEar.reset();
    }
    this.#hook = hook;
    this.#flashUntilMs = 0;
    this.#loop();
  }

  #loop(): void {
    const phone = this.#options.phone === 'parallel' && this.phone.hook === 'off';
    const closed = phone || (this.#hook === 'off' && this.#flashUntilMs === 0);
    this.exchange.loop(closed && this.#cable === 'present' ? 'closed' : 'open');
  }

  #reset(): void {
    this.#mode = 'command';
    this.#agenda.clear();
    this.#own = [];
    this.#store = [];
    this.#command = '';
    this.#ending = 'no';
    this.#setHook('on');
  }

  #code(code: string): void {
    if (this.#class === '8') this.#wire?.say([DLE, code.charCodeAt(0)]);
  }

  #result(words: string): void {
    const style = this.#words === 'figures' ? 'figures' : this.#options.style === 'bare' ? 'bare' : 'framed';
    this.#wire?.say(resultBytes(words, style));
  }

  #answer(words: string, run: () => void = () => undefined): void {
    this.#after(this.#options.delayMs ?? 15, () => {
      this.#result(words);
      run();
    });
  }

  #take(bytes: Uint8Array): number {
    if (this.#health === 'hung') return bytes.length;
    for (const [index, byte] of bytes.entries()) {
      if (this.#mode === 'command') this.#char(byte);
      else if (this.#mode === 'dial') this.#dialOver('NO CARRIER');
      else {
        // RTS falls: no more for now.
        if (this.#store.length >= STORE) return index;
        this.#stream(byte);
      }
    }
    return bytes.length;
  }

  #char(byte: number): void {
    if (this.#echo === 'echoes') this.#wire?.say([byte]);
    if (byte !== 13) {
      if (byte >= 0x20 && byte < 0x7f && this.#command.length < 200) this.#command += String.fromCharCode(byte);
      return;
    }
    const at = this.#command.toUpperCase().indexOf('AT');
    const command = at < 0 ? '' : this.#command.slice(at + 2).trim();
    this.#command = '';
    if (at < 0) return;
    this.commands.push(`AT${command}`);
    this.#do(command.toUpperCase());
  }

  #stream(byte: number): void {
    if (!this.#escape) {
      if (byte === DLE) this.#escape = true;
      else this.#sample(byte);
      return;
    }
    this.#escape = false;
    if (byte === DLE) return this.#sample(DLE);
    if (byte === 0x1a) {
      this.#sample(DLE);
      return this.#sample(DLE);
    }
    if (byte === 0x18) this.#store = [];
    else if (byte === ETX && this.#mode === 'play') this.#ending = 'drains';
    else if ((byte === 0x21 || byte === 0x1b) && this.#mode === 'hear') this.#streamOver();
    else if (byte === 0x5e && this.#mode === 'both') this.#streamOver();
  }

  #sample(byte: number): void {
    if (this.#mode === 'hear') return;
    for (const sample of this.#up.push([decodeSample(byte, this.#format.coding)])) this.#store.push(sample);
  }

  #streamOver(): void {
    const heard = this.#mode !== 'play';
    this.#mode = 'command';
    this.#ending = 'no';
    this.#store = [];
    if (heard) this.#wire?.say([DLE, ETX]);
    this.#answer('OK');
  }

  #do(command: string): void {
    if (command === '' || command === 'E1' || /^(X\d|S\d+=\d+|M\d|L\d|&.*)$/.test(command)) return this.#answer('OK');
    if (command === 'Z' || command === '&F') {
      this.#reset();
      this.#echo = 'echoes';
      this.#class = '0';
      return this.#answer('OK');
    }
    if (command === 'E0') this.#echo = 'silent';
    if (command === 'V1') this.#words = 'words';
    if (command === 'H') this.#setHook('on');
    if (/^(E0|V1|H)$/.test(command)) return this.#answer('OK');
    if (command === 'A') return this.#seize('VCON');
    return command.startsWith('D') ? this.#dialIt(command) : this.#voice(command);
  }

  #seize(words: string): void {
    this.#setHook('off');
    this.#answer(words);
  }

  #voice(command: string): void {
    const [, name = '', value = ''] = /^\+(\w+)(=?.*)$/.exec(command) ?? [];
    switch (name) {
      case 'FCLASS':
        this.#class = value === '=8' ? '8' : '0';
        return this.#answer('OK');
      case 'VCID':
        if (value === '=2' && this.#options.rawCallerId === 'not') return this.#answer('ERROR');
        this.#callerId = Number(value.slice(1)) || 0;
        return this.#answer('OK');
      case 'VSM':
        return this.#soundFormat(value);
      case 'VLS':
        if (value === '=1') return this.#seize('OK');
        this.#setHook('on');
        return this.#answer('OK');
      case 'VTX':
        return this.#begin('play');
      case 'VRX':
        return this.#begin('hear');
      case 'VTR':
        if (this.#options.duplex !== 'full') return this.#answer('ERROR');
        return value === '=?' ? this.#answer('OK') : this.#begin('both');
      case 'VTS':
        return this.#tones(value.slice(1));
      case 'IFC':
      case 'GCI':
      case 'VIT':
      case 'VSD':
      case 'VDR':
        return this.#answer('OK');
      default:
        return this.#answer('ERROR');
    }
  }

  #soundFormat(value: string): void {
    const formats = this.#options.formats ?? DEFAULT_FORMATS;
    if (value === '=?') {
      this.#wire?.say(textOf(formatLines(formats)));
      return this.#answer('OK');
    }
    const format = formatOf(formats, value.slice(1));
    this.#format = format ?? this.#format;
    return this.#answer(format === undefined ? 'ERROR' : 'OK');
  }

  #begin(mode: 'play' | 'hear' | 'both'): void {
    if (this.#class !== '8' || (this.#hook === 'on' && (mode !== 'hear' || this.#options.snoops !== 'snoops')))
      return this.#answer('ERROR');
    this.#up = new LinearRate(this.#format.rate, 8_000);
    this.#down = new LinearRate(8_000, this.#format.rate);
    this.#answer('CONNECT', () => {
      this.#mode = mode;
      this.#store = [];
      this.#escape = false;
      this.#ending = 'no';
    });
  }

  #tones(list: string): void {
    if (this.#hook === 'on') return this.#answer('ERROR');
    const { keys, doneMs } = tonesOf(list);
    for (const { key, afterMs } of keys)
      this.#after(afterMs, () => this.#own.push(samplesOnce(generateDtmf(key, { toneMs: 90, gapMs: 60 }))));
    this.#after(doneMs, () => this.#result('OK'));
  }

  #dialIt(command: string): void {
    const digits = command.replace(/^D[TP]?/, '').replace(/;$/, '');
    if (digits === '!') {
      if (this.#hook === 'on') return this.#answer('ERROR');
      this.#flashUntilMs = this.#nowMs + 300;
      this.#loop();
      return this.#after(500, () => this.#result('OK'));
    }
    this.#setHook('off');
    this.#toneEar.reset();
    this.#mode = 'dial';
    this.#dialler.begin(digits, command.endsWith(';') ? 'returns' : 'watches');
  }

  #dialOver(words: string): void {
    this.#mode = 'command';
    if (words !== 'OK' && words !== 'VCON') {
      this.#agenda.clear();
      this.#own = [];
      this.#setHook('on');
    }
    this.#result(words);
  }
}
