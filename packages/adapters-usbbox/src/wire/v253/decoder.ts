import { CR, DLE, ETX, LF, PACKET_BEGIN, PACKET_END, SUB } from './codes.js';

/** What a serial stream of a voice modem is made of. Called in order, while bytes are pushed. */
export interface V253Sink {
  /** A line of text without its end, never empty. Bytes above 0x7e are kept, one character each (Latin-1). */
  line(text: string): void;
  /** A shielded event, one printable character. */
  code(code: string): void;
  /** A packet, without its head and end, Latin-1. */
  packet(text: string): void;
  /** Sound, unshielded. The array is used again: copy what is kept. */
  sound(bytes: Uint8Array): void;
  /** The stream of sound is over (`DLE ETX`); text follows. */
  soundEnd(): void;
}

/** What was thrown away, since the decoder was made. */
export interface V253Counts {
  /** Control characters and lines that are too long, in bytes. */
  readonly garbage: number;
  /** Shielded codes that are no printable character. */
  readonly unknownCodes: number;
  /** Packets that grew too long. */
  readonly lostPackets: number;
}

/** No line of a modem is longer: caller-ID packets in hex have at most 2 * 258 characters. */
export const MAX_LINE = 600;
/** Packets carry a few bytes of a caller ID or a tone. */
export const MAX_PACKET = 300;
/** Sound is handed on in pieces of at most so many bytes. */
const ROOM = 1_024;

type Escape = 'none' | 'dle';

/**
 * Takes the bytes of a voice modem apart: lines, shielded codes, packets and sound. Incremental; how the bytes are cut never changes what is told.
 * Nothing throws and nothing grows: whatever has no meaning is counted and dropped.
 */
export class V253Decoder {
  readonly #sink: V253Sink;
  readonly #out = new Uint8Array(ROOM);
  #filled = 0;
  #mode: 'text' | 'sound' = 'text';
  #awaits: 'sound' | 'text' = 'text';
  #escape: Escape = 'none';
  #line = '';
  #overlong = false;
  #packet: string | undefined;
  /** A line has just ended with CR: its LF belongs to it. */
  #afterCr = false;
  #garbage = 0;
  #unknownCodes = 0;
  #lostPackets = 0;

  constructor(sink: V253Sink) {
    this.#sink = sink;
  }

  /** Lines, or a stream of sound with codes in it. */
  get mode(): 'text' | 'sound' {
    return this.#mode;
  }

  /** What was thrown away. */
  get counts(): V253Counts {
    return { garbage: this.#garbage, unknownCodes: this.#unknownCodes, lostPackets: this.#lostPackets };
  }

  /** Bytes that are held until more come. */
  get pendingBytes(): number {
    return this.#filled + this.#line.length + (this.#packet?.length ?? 0);
  }

  /** After the next line `CONNECT` comes sound (`+VRX`, `+VTR`), or text goes on (`+VTX`). */
  expect(next: 'sound' | 'text'): void {
    this.#awaits = next;
  }

  /** Takes what comes from now on for lines again: a modem that does not end its stream. */
  toText(): void {
    this.#mode = 'text';
    this.#awaits = 'text';
    this.#escape = 'none';
    this.#packet = undefined;
    this.#line = '';
    this.#overlong = false;
    this.#afterCr = false;
  }

  /** The next bytes. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.#byte(byte);
    this.#giveSound();
  }

  #byte(byte: number): void {
    if (this.#escape === 'dle') return this.#escaped(byte);
    if (byte === DLE) {
      this.#escape = 'dle';
      this.#afterCr = false;
      return;
    }
    if (this.#packet !== undefined) return this.#toPacket(byte);
    if (this.#mode === 'text') return this.#text(byte);
    if (this.#afterCr) {
      this.#afterCr = false;
      if (byte === LF) return;
    }
    this.#sample(byte);
  }

  #escaped(byte: number): void {
    this.#escape = 'none';
    if (byte === PACKET_END && this.#packet !== undefined) {
      const packet = this.#packet;
      this.#packet = undefined;
      this.#giveSound();
      return this.#sink.packet(packet);
    }
    if (byte === DLE || byte === SUB) {
      for (let times = byte === SUB ? 2 : 1; times > 0; times--) {
        if (this.#packet !== undefined) this.#toPacket(DLE);
        else if (this.#mode === 'sound') this.#sample(DLE);
        else this.#garbage += 1;
      }
      return;
    }
    if (byte === ETX) {
      this.#packet = undefined;
      this.#giveSound();
      this.#mode = 'text';
      this.#awaits = 'text';
      return this.#sink.soundEnd();
    }
    if (byte === PACKET_BEGIN) {
      this.#packet = '';
      return;
    }
    if (byte < 0x20 || byte > 0x7e) {
      this.#unknownCodes += 1;
      return;
    }
    this.#giveSound();
    this.#sink.code(String.fromCharCode(byte));
  }

  #toPacket(byte: number): void {
    this.#packet = `${this.#packet ?? ''}${String.fromCharCode(byte)}`;
    if (this.#packet.length <= MAX_PACKET) return;
    this.#packet = undefined;
    this.#lostPackets += 1;
  }

  #text(byte: number): void {
    if (byte === CR || byte === LF) {
      const afterCr = this.#afterCr;
      this.#afterCr = byte === CR;
      if (byte === LF && afterCr) return;
      return this.#lineEnds();
    }
    this.#afterCr = false;
    if (byte < 0x20 || byte === 0x7f) {
      this.#garbage += 1;
      return;
    }
    if (this.#overlong) {
      this.#garbage += 1;
      return;
    }
    this.#line += String.fromCharCode(byte);
    if (this.#line.length <= MAX_LINE) return;
    this.#garbage += this.#line.length;
    this.#line = '';
    this.#overlong = true;
  }

  #lineEnds(): void {
    const line = this.#line.trim();
    this.#line = '';
    this.#overlong = false;
    if (line === '') return;
    if (this.#awaits === 'sound' && (line === 'CONNECT' || line.startsWith('CONNECT '))) {
      this.#mode = 'sound';
      this.#awaits = 'text';
    }
    this.#sink.line(line);
  }

  #sample(byte: number): void {
    this.#out[this.#filled++] = byte;
    if (this.#filled === ROOM) this.#giveSound();
  }

  #giveSound(): void {
    if (this.#filled === 0) return;
    const piece = this.#out.subarray(0, this.#filled);
    this.#filled = 0;
    this.#sink.sound(piece);
  }
}
