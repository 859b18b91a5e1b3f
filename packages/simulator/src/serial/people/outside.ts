import { inMs, type Time } from '../../floor/time.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { Caller } from '../pbx/incoming.js';
import type { VirtualPbx } from '../pbx/pbx.js';
import type { LineStatus, Presentation } from '../pbx/status.js';

/** What becomes of a number that is dialled: rings `ringFor` (default 3 s), then this. */
export type FarEnd =
  | { readonly does: 'answer'; readonly ringFor?: Time; readonly talkFor?: Time }
  | { readonly does: 'busy' }
  /** Rings until somebody hangs up, or for `ringFor` (default 60 s), after which the exchange gives up. */
  | { readonly does: 'ring'; readonly ringFor?: Time };

/** Somebody who calls. */
export interface OutsideCall {
  /** The line that rings; default: the first that is free. A line that is taken hunts to the next by item 30. */
  readonly line?: number;
  readonly number?: string;
  /** Text, sent in GBK where it is no ASCII, or bytes as they are. */
  readonly name?: string;
  readonly nameBytes?: Uint8Array;
  /** In what the bytes are; default `gbk`. */
  readonly charset?: Caller['charset'];
  /** Default `number` with a number, else `withheld`. */
  readonly presentation?: Presentation;
  /** The number called, for direct inward dialling. */
  readonly dialled?: string;
}

/** A caller on a line. */
export interface OutsideCaller {
  readonly line: number;
  readonly call: number;
  /** Has the PBX let go of the line? */
  readonly ended: () => boolean;
  /** Was it answered? */
  readonly answered: () => boolean;
  hangUp(): void;
  /** Presses keys, all at this moment. */
  press(digits: string): void;
  /** Called once when it is answered, at once where it is. */
  onAnswered(work: () => void): void;
}

interface LineUse {
  answered: 'yes' | undefined;
  ended: 'yes' | undefined;
  readonly onAnswered: (() => void)[];
  cancel: (() => void) | undefined;
}

/** Default {@link FarEnd}: answers after three seconds and talks until the other side hangs up. */
const ANSWERS: FarEnd = { does: 'answer', ringFor: 3_000 };
/** From the last digit to the first sound of the far end, ms. */
const SETUP_MS = 1_000;
const GIVES_UP_MS = 60_000;

/** The exchange behind the lines, and everybody who can be called or calls. */
export class Outside {
  /** What becomes of dialled numbers; may be changed at any time. Others do {@link otherwise}. */
  readonly numbers = new Map<string, FarEnd>();
  /** What numbers do that are not named. Default: answer after 3 s. */
  otherwise: FarEnd = ANSWERS;
  /** Keys that went out on lines, with their line, in order. */
  readonly heard: { readonly line: number; readonly key: string }[] = [];
  /** Hook flashes, with their line. */
  readonly flashes: { readonly line: number; readonly forMs: number }[] = [];
  readonly #pbx: VirtualPbx;
  readonly #uses = new Map<number, LineUse>();
  readonly #random: RandomStream;

  constructor(pbx: VirtualPbx, seed = pbx.setup.seed) {
    this.#pbx = pbx;
    this.#random = randomStream(seed, 'outside');
    pbx.connectExchange({
      seized: (line) => this.#use(line),
      dialled: (line, number) => this.#dialled(line, number),
      answered: (line) => this.#answered(line),
      key: (line, key) => void this.heard.push({ line, key }),
      flashed: (line, forMs) => void this.flashes.push({ line, forMs }),
      released: (line) => this.#released(line),
    });
  }

  /** Somebody calls. @returns `undefined` when every line is busy */
  call(how: OutsideCall = {}): OutsideCaller | undefined {
    const line = this.#hunt(how.line);
    if (line === undefined) return undefined;
    const use = this.#use(line.line);
    const call = this.#pbx.ringIn(line.line, callerOf(how));
    if (call === undefined) {
      this.#uses.delete(line.line);
      return undefined;
    }
    return {
      line: line.line,
      call,
      ended: () => use.ended !== undefined,
      answered: () => use.answered !== undefined,
      hangUp: () => (use.ended === undefined ? this.#pbx.far(line.line, 'hangsUp') : undefined),
      press: (digits) => {
        for (const key of digits) if (use.ended === undefined) this.#pbx.farKey(line.line, key);
      },
      onAnswered: (work) => (use.answered === undefined ? void use.onAnswered.push(work) : work()),
    };
  }

  /** A number of a mobile, made up. */
  randomNumber(): string {
    return `1${this.#random.pick(['38', '39', '58', '86'])}${String(this.#random.int(0, 99_999_999)).padStart(8, '0')}`;
  }

  #hunt(wanted: number | undefined): LineStatus | undefined {
    const lines = this.#pbx.lines();
    const isFree = (status: LineStatus | undefined): boolean => status?.state === 'idle' || status?.state === 'wrapUp';
    if (wanted === undefined) return lines.find(isFree);
    let at = wanted;
    for (let hops = 0; hops < lines.length; hops++) {
      const status = lines[at - 1];
      if (isFree(status)) return status;
      at = this.#pbx.parameters.number(30, at);
      if (at === 0) return undefined;
    }
    return undefined;
  }

  #use(line: number): LineUse {
    const use: LineUse = { answered: undefined, ended: undefined, onAnswered: [], cancel: undefined };
    this.#uses.get(line)?.cancel?.();
    this.#uses.set(line, use);
    return use;
  }

  #answered(line: number): void {
    const use = this.#uses.get(line);
    if (use === undefined || use.answered !== undefined) return;
    use.answered = 'yes';
    for (const work of use.onAnswered.splice(0)) work();
  }

  #released(line: number): void {
    const use = this.#uses.get(line);
    if (use === undefined) return;
    use.ended = 'yes';
    use.cancel?.();
    this.#uses.delete(line);
  }

  #dialled(line: number, number: string): void {
    const use = this.#uses.get(line);
    if (use === undefined) return;
    const far = this.numbers.get(number) ?? this.otherwise;
    const then = (delayMs: number, work: () => void): void => {
      use.cancel = this.#pbx.clock.setTimer(delayMs, () => {
        if (use.ended === undefined) work();
      });
    };
    then(SETUP_MS, () => {
      if (far.does === 'busy') return this.#pbx.far(line, 'busy');
      this.#pbx.far(line, 'rings');
      if (far.does === 'ring') return then(inMs(far.ringFor ?? GIVES_UP_MS), () => this.#pbx.far(line, 'hangsUp'));
      then(inMs(far.ringFor ?? 3_000), () => {
        this.#pbx.far(line, 'answers');
        if (far.talkFor !== undefined) then(inMs(far.talkFor), () => this.#pbx.far(line, 'hangsUp'));
      });
    });
  }
}

function callerOf(how: OutsideCall): Caller {
  const { number, name, nameBytes, dialled, charset } = how;
  const presentation = how.presentation ?? (number === undefined ? 'withheld' : 'number');
  const isAscii = name !== undefined && /^[ -~]*$/.test(name);
  const bytes = nameBytes ?? (name === undefined ? undefined : isAscii ? Buffer.from(name) : gbk(name));
  return {
    presentation,
    ...(number === undefined ? {} : { number }),
    ...(bytes === undefined ? {} : { nameBytes: bytes, charset: charset ?? 'gbk' }),
    ...(dialled === undefined ? {} : { dialled }),
  };
}

let gbkCodes: ReadonlyMap<string, readonly [number, number]> | undefined;

/** GBK, by reading the whole code page once with the decoder that the platform has; what it has not is `?`. */
export function gbk(text: string): Uint8Array {
  gbkCodes ??= readCodePage();
  const out: number[] = [];
  for (const char of text) {
    if (char.charCodeAt(0) < 0x80) out.push(char.charCodeAt(0));
    else out.push(...(gbkCodes.get(char) ?? [0x3f]));
  }
  return Uint8Array.from(out);
}

function readCodePage(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const codes = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if (char.length === 1 && char !== '\ufffd' && !codes.has(char)) codes.set(char, [lead, trail]);
    }
  }
  return codes;
}
