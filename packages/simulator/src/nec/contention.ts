import type { FaceLine } from '../serial/index.js';
import { readHotelText } from './text.js';

const [STX, ETX, EOT, ENQ, ACK, DLE, NAK] = [2, 3, 4, 5, 6, 16, 21] as const;

/** What the PBX's side of the line hands on. */
export interface ContentionEnds {
  /** A text that came whole. */
  readonly text: (text: {
    readonly feature: string;
    readonly code: string;
    readonly body: string;
    readonly counted: number;
  }) => void;
  /** The other side did not take a text in all its repeats: it is dropped. */
  readonly dropped?: (bytes: Uint8Array) => void;
}

/** Times and counts of the PBX's side. Source: NDA-30115 p. 8 (figure 2-2) and 10. */
const SENDER_MS = 1_000;
const WORDS: readonly number[] = [EOT, ENQ, ACK, DLE, NAK];
const RECEIVER_MS = 35_000;
const NO_START = 15;
const NO_ANSWER = 32;
const REJECTS = 3;

/**
 * The PBX's side of NEC's contention protocol, first in rank: it goes on asking where both ask to send at once. Half duplex, one text at a time.
 */
export class Contention {
  readonly #line: FaceLine;
  readonly #ends: ContentionEnds;
  readonly #queue: { readonly bytes: Uint8Array; readonly address: number }[] = [];
  #state: 'neutral' | 'asking' | 'told' | 'granted' = 'neutral';
  #tries = 0;
  #rejects = 0;
  #held: number[] = [];
  #inText: 'text' | 'check' | undefined;
  /** The last three bytes outside texts, for the start sequence. */
  #tail: number[] = [];
  #answer: number = NAK;
  #stop: () => void = () => undefined;

  constructor(line: FaceLine, ends: ContentionEnds) {
    this.#line = line;
    this.#ends = ends;
  }

  /** Sends when it may. `address`: `1` hotel, `0` records. */
  send(bytes: Uint8Array, address: '0' | '1'): void {
    this.#queue.push({ bytes, address: address.charCodeAt(0) });
    this.#ask();
  }

  receive(bytes: Uint8Array): void {
    for (const raw of bytes) this.#byte(raw & 0x7f);
  }

  close(): void {
    this.#stop();
    this.#queue.length = 0;
  }

  #say(...bytes: readonly number[]): void {
    this.#line.write(Uint8Array.from(bytes));
  }

  #after(ms: number, then: () => void): void {
    this.#stop();
    this.#stop = this.#line.clock.setTimer(ms, then);
  }

  #ask(): void {
    const [head] = this.#queue;
    if (this.#state !== 'neutral' || head === undefined) return;
    this.#state = 'asking';
    this.#tries = 0;
    this.#rejects = 0;
    this.#start(head.address);
  }

  #start(address: number): void {
    this.#say(address, 0x21, ENQ);
    this.#after(SENDER_MS, () => {
      this.#tries += 1;
      if (this.#tries > NO_START) this.#drop();
      else this.#start(address);
    });
  }

  #tell(): void {
    const [head] = this.#queue;
    if (head === undefined) return this.#neutral();
    this.#state = 'told';
    // Its answer is awaited from its last byte on.
    this.#stop();
    this.#line.write(head.bytes, { sent: () => this.#sent() });
  }

  #sent(): void {
    if (this.#state === 'told') this.#query();
  }

  #query(): void {
    this.#after(SENDER_MS, () => {
      this.#tries += 1;
      if (this.#tries > NO_ANSWER) return this.#drop();
      this.#say(ENQ);
      this.#query();
    });
  }

  #drop(): void {
    const head = this.#queue.shift();
    if (head !== undefined) this.#ends.dropped?.(head.bytes);
    this.#over();
  }

  #over(): void {
    this.#say(EOT);
    this.#state = 'neutral';
    this.#after(SENDER_MS, () => this.#ask());
  }

  #neutral(): void {
    this.#state = 'neutral';
    this.#stop();
    this.#ask();
  }

  #byte(byte: number): void {
    if (this.#inText === 'check') {
      this.#inText = undefined;
      this.#whole([...this.#held, byte]);
    } else if (byte === STX) {
      this.#inText = 'text';
      this.#held = [byte];
    } else if (this.#inText === 'text' && WORDS.includes(byte)) {
      // The text lost its end.
      this.#inText = undefined;
      this.#tail = this.#held.slice(-2);
      this.#word(byte);
    } else if (this.#inText === 'text') {
      this.#held.push(byte);
      if (byte === ETX) this.#inText = 'check';
      else if (this.#held.length > 130) this.#inText = undefined;
    } else this.#word(byte);
  }

  #whole(bytes: readonly number[]): void {
    if (this.#state !== 'granted') return;
    const text = readHotelText(bytes);
    this.#answer = text === undefined ? NAK : ACK;
    this.#say(this.#answer);
    this.#after(RECEIVER_MS, () => this.#neutral());
    if (text !== undefined) this.#ends.text(text);
  }

  #word(byte: number): void {
    this.#tail = [...this.#tail.slice(-2), byte];
    const [a, b] = this.#tail;
    if (byte === ENQ && b === 0x21 && (a === 0x31 || a === 0x30)) return this.#asked();
    if (byte === ENQ) {
      if (this.#state === 'granted') this.#say(this.#answer);
    } else if (byte === EOT) {
      if (this.#state === 'granted') this.#neutral();
    } else if (byte === ACK) this.#acknowledged();
    else if (byte === NAK) this.#rejected();
    else if (byte === DLE) this.#tail = [];
  }

  #asked(): void {
    // First in rank: who asks meanwhile gives way.
    if (this.#state === 'asking' || this.#state === 'told') return;
    this.#state = 'granted';
    this.#answer = NAK;
    this.#say(ACK);
    this.#after(RECEIVER_MS, () => this.#neutral());
  }

  #acknowledged(): void {
    if (this.#state === 'asking') {
      this.#tries = 0;
      this.#tell();
    } else if (this.#state === 'told') {
      this.#queue.shift();
      this.#over();
    }
  }

  #rejected(): void {
    if (this.#state !== 'asking' && this.#state !== 'told') return;
    this.#rejects += 1;
    if (this.#rejects > REJECTS) this.#drop();
    else if (this.#state === 'told') this.#tell();
    else this.#start(this.#queue[0]?.address ?? 0x31);
  }
}
