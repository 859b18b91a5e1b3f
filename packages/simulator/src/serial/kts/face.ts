import type { VirtualPbx } from '../pbx/pbx.js';
import type { AttachedFace, FaceLine, FaceSettings, SerialFace } from '../port/face.js';
import { type AsciiOptions, ascii } from './ascii.js';
import { BINARY } from './binary.js';
import type { Fields, FieldValue, Incoming, KtsCodec, KtsDecoder } from './frame.js';
import { Reliable, type ReliableMessage } from './reliable.js';
import { KtsServices } from './services.js';

/** How a kts-1 PBX is set up. */
export interface KtsFaceOptions {
  /** Which PBX of its line, 0-254. Default 0. */
  readonly node?: number;
  /** Frames that the host may send ahead, 1-8. Default 4. */
  readonly window?: number;
  /** Bd, default 9600. */
  readonly baudRate?: number;
  /** How kts-ascii/1 is written. */
  readonly ascii?: AsciiOptions;
}

/** Timers of section 9, ms. */
const T2_MS = 5_000;
const T4_MS = 15_000;
const READY_MS = 5_000;
const GAP_MS = 50;
const GAP_BYTES = 20;
const GAP_TCP_MS = 2_000;
/** State that waits for a slow line: more than this, and the PBX takes the link for down. */
const MAX_PENDING = 4_096;
/** Messages that have no session. */
const WITHOUT_SESSION = new Set(['HELLO', 'READY', 'BYE', 'ERROR', 'ACK', 'NAK']);

/** A PBX that speaks kts-bin/1 or kts-ascii/1: docs/protocols/kts-1.md. */
export function ktsFace(profile: 'kts-bin/1' | 'kts-ascii/1', options: KtsFaceOptions = {}): SerialFace {
  const settings: FaceSettings = { baudRate: options.baudRate ?? 9_600, dataBits: 8, parity: 'none', stopBits: 1 };
  const codec = profile === 'kts-bin/1' ? BINARY : ascii(options.ascii);
  return { profile, settings, attach: (line, pbx) => new KtsPort({ line, pbx, codec, options }) };
}

interface Session {
  readonly id: number;
  readonly reliable: Reliable;
  readonly services: KtsServices;
}

class KtsPort implements AttachedFace {
  readonly #line: FaceLine;
  readonly #pbx: VirtualPbx;
  readonly #codec: KtsCodec;
  readonly #decoder: KtsDecoder;
  readonly #node: number;
  readonly #window: number;
  readonly #unsubscribe: () => void;
  #session: Session | undefined;
  #heardMs = 0;
  #cancelReady: (() => void) | undefined;
  #cancelGap: (() => void) | undefined;
  #cancelLife: (() => void) | undefined;
  #host: 'there' | 'gone' = 'there';
  #password = { wrong: 0, lockedUntilMs: Number.NEGATIVE_INFINITY };

  constructor(parts: { line: FaceLine; pbx: VirtualPbx; codec: KtsCodec; options: KtsFaceOptions }) {
    const { line, pbx, codec, options } = parts;
    this.#line = line;
    this.#pbx = pbx;
    this.#codec = codec;
    this.#decoder = codec.decoder();
    this.#node = options.node ?? 0;
    this.#window = options.window ?? 4;
    this.#unsubscribe = pbx.subscribe((news) => this.#session?.services.tell(news));
    if (line.kind === 'tcp') this.#host = 'gone';
    else this.#ready();
  }

  receive(bytes: Uint8Array): void {
    this.#cancelGap?.();
    this.#cancelGap = undefined;
    for (const read of this.#decoder.push(bytes)) this.#take(read);
    if (!this.#decoder.unfinished || this.#codec.profile !== 'kts-bin/1') return;
    this.#cancelGap = this.#line.clock.setTimer(this.#gapMs(), () => {
      for (const read of this.#decoder.gap()) this.#take(read);
    });
  }

  connected(): void {
    this.#host = 'there';
    this.#lose();
  }

  disconnected(): void {
    this.#drop();
    this.#cancelReady?.();
    this.#host = 'gone';
  }

  close(): void {
    this.#drop();
    this.#unsubscribe();
    this.#cancelReady?.();
    this.#cancelGap?.();
  }

  #gapMs(): number {
    return this.#line.kind === 'tcp' ? GAP_TCP_MS : Math.max(GAP_MS, (GAP_BYTES * 10_000) / this.#line.baudRate);
  }

  #bare(word: string, one: Readonly<Record<string, FieldValue | undefined>>): void {
    this.#line.write(this.#codec.encode({ word, node: this.#node, one }));
  }

  /** Without a session: says so at once, and again until a host comes. */
  #ready(): void {
    this.#cancelReady?.();
    if (this.#host === 'gone') return;
    this.#bare('READY', { boot: this.#pbx.memory.boot, model: this.#pbx.setup.model });
    this.#cancelReady = this.#line.clock.setTimer(READY_MS, () => this.#ready());
  }

  #take(read: Incoming): void {
    const session = this.#session;
    if (read.kind === 'damaged') return session?.reliable.refuse('CHECK');
    const isHello = read.word === 'HELLO';
    if (read.node !== this.#node && !(isHello && read.node === 255)) return;
    if (isHello) {
      this.#heardMs = this.#line.clock.nowMs();
      if (read.state === 'good') this.#hello(read.fields);
      return;
    }
    if (session === undefined) {
      if (!WITHOUT_SESSION.has(read.word)) this.#bare('ERROR', { code: 'NOSESSION', text: 'say HELLO' });
      return;
    }
    this.#heardMs = this.#line.clock.nowMs();
    if (read.reliable && read.number !== undefined && session.reliable.received(read.number) !== 'deliver') return;
    if (read.state === 'good') this.#deliver(session, read);
    else if (read.request && read.reliable) this.#complain(session, read);
  }

  #deliver(session: Session, read: Incoming & { kind: 'frame' }): void {
    switch (read.word) {
      case 'ACK':
        return session.reliable.acknowledge(read.number ?? 0);
      case 'NAK':
        return session.reliable.refused(read.number ?? 0, String(read.fields.one.reason));
      case 'BYE':
        return this.#lose();
      default:
        if (read.message?.from !== 'pbx') session.services.deliver(read.word, read.fields);
    }
  }

  /** A request that cannot be understood is answered all the same. */
  #complain(session: Session, read: Incoming & { kind: 'frame' }): void {
    const code = read.state === 'unknown' ? 'UNKNOWNTYPE' : 'BADFIELD';
    if (read.ref === undefined || read.ref === 0) return this.#bare('ERROR', { code });
    session.reliable.send({ word: 'RESULT', one: { ref: read.ref, code } });
  }

  #hello(fields: Fields): void {
    const id = Number(fields.one.session);
    if (id === 0) return;
    if (this.#session?.id !== id) this.#open(id, Number(fields.one.window ?? 1));
    const { list: _, first, next } = this.#pbx.records();
    const { setup, memory } = this.#pbx;
    this.#bare('WELCOME', {
      session: id,
      boot: memory.boot,
      lines: setup.lines,
      exts: setup.extensions,
      caps: capsOf(this.#pbx),
      model: setup.model,
      version: '1.00',
      window: this.#window,
      store: memory.store,
      first,
      next,
    });
  }

  #open(id: number, window: number): void {
    this.#drop();
    this.#cancelReady?.();
    const reliable = new Reliable({
      line: this.#line,
      codec: this.#codec,
      node: this.#node,
      window: Math.min(8, Math.max(1, window)),
      down: () => this.#lose(),
      acknowledged: (messages) => services.acknowledged(messages),
    });
    const send = (message: ReliableMessage): void => {
      reliable.send(message);
      if (reliable.pending > MAX_PENDING) this.#line.clock.setTimer(0, () => this.#session?.id === id && this.#lose());
    };
    const services = new KtsServices({
      pbx: this.#pbx,
      clock: this.#line.clock,
      port: this,
      send,
      error: (code) => this.#bare('ERROR', { code }),
      password: this.#password,
    });
    this.#session = { id, reliable, services };
    this.#heardMs = this.#line.clock.nowMs();
    this.#live(this.#heardMs);
  }

  /** Signs of life, section 8.4. */
  #live(askedMs: number): void {
    this.#cancelLife?.();
    const { clock } = this.#line;
    const dueMs = Math.min(Math.max(this.#heardMs, askedMs) + T2_MS, this.#heardMs + T4_MS);
    this.#cancelLife = clock.setTimer(Math.max(1, dueMs - clock.nowMs()), () => {
      const nowMs = clock.nowMs();
      if (nowMs - this.#heardMs >= T4_MS) return this.#lose();
      const isQuiet = nowMs - this.#heardMs >= T2_MS;
      if (isQuiet) this.#session?.reliable.send({ word: 'BEAT' });
      this.#live(isQuiet ? nowMs : this.#heardMs);
    });
  }

  #drop(): void {
    this.#cancelLife?.();
    this.#cancelLife = undefined;
    this.#session?.reliable.close();
    this.#session?.services.close();
    this.#session = undefined;
  }

  #lose(): void {
    this.#drop();
    this.#ready();
  }
}

/** Words of `caps` that are not those of the options. */
const CAP_WORDS: Readonly<Record<string, string>> = { conference: 'CONF', parameters: 'PARAM' };

function capsOf(pbx: VirtualPbx): readonly string[] {
  const { lacks, charging } = pbx.setup;
  const caps = [
    'STATE',
    'CDR',
    'PARAM',
    'CLOCK',
    'CALL',
    'HOTEL',
    'CALLERID',
    'DIGITS',
    'PARK',
    'CONF',
    'PAGE',
    'FLASH',
  ];
  const missing = new Set<string>(lacks.map((one) => CAP_WORDS[one] ?? one.toUpperCase()));
  return [...caps.filter((cap) => !missing.has(cap)), ...(charging === undefined ? [] : ['CHARGE'])];
}
