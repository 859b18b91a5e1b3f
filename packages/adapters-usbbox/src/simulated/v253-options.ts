import type { Clock } from '@cordboard/cti-core';
import type { FarStep } from './far-end.js';
import type { ModemCoding } from './v253-coding.js';

/** One way of sound that a virtual modem offers. */
export interface VirtualFormat {
  readonly method: number;
  readonly name: string;
  readonly coding: ModemCoding;
  readonly rates: readonly number[];
}

/** How a virtual modem behaves; modems differ in all of this. */
export interface VirtualModemOptions {
  readonly clock: Clock;
  /** Default 1. */
  readonly seed?: number;
  /** What becomes of dialled numbers. */
  readonly numbers?: Readonly<Record<string, readonly FarStep[]>>;
  /** Noise on the line, dBm0; `null`: none. Default -60. */
  readonly noiseDbm0?: number | null;
  /** Speed of the wire. Default 115,200. */
  readonly baudRate?: number;
  /** Before each answer, ms. Default 15. */
  readonly delayMs?: number;
  /** What it offers. Default 128, 8-bit linear, at 8,000. */
  readonly formats?: readonly VirtualFormat[];
  /** Default `half`. */
  readonly duplex?: 'half' | 'full';
  /** Results between CR LF (`framed`), after LF alone (`bare`), or as figures until `ATV1` (`figures`). Default `framed`. */
  readonly style?: 'framed' | 'bare' | 'figures';
  /** Keys between `/` and `~`, or alone. Default `alone`. */
  readonly keys?: 'shielded' | 'alone';
  /** Tells polarity. Default `deaf`. */
  readonly polarity?: 'tells' | 'deaf';
  /** A telephone beside it. Default `none`. */
  readonly phone?: 'none' | 'parallel';
  /** Gives sound while on-hook. Default `deaf`. */
  readonly snoops?: 'snoops' | 'deaf';
  /** Says things that nobody asked for. Default `quiet`. */
  readonly chatter?: 'quiet' | 'chatty';
  /** Knows `+VCID=2`. Default `knows`. */
  readonly rawCallerId?: 'knows' | 'not';
}

/** What a modem of US Robotics offers. */
export const DEFAULT_FORMATS: readonly VirtualFormat[] = [
  { method: 128, name: '8-BIT LINEAR', coding: 'unsigned', rates: [7_200, 8_000, 11_025] },
];

/** What is answered to `AT+VSM=?`. */
export function formatLines(formats: readonly VirtualFormat[]): string {
  return formats.map(({ method, name, rates }) => `\r\n${method},"${name}",8,0,(${rates.join(',')}),0,0\r\n`).join('');
}

/** What `AT+VSM=<method>,<rate>` asks for, where it is offered. */
export function formatOf(
  formats: readonly VirtualFormat[],
  asked: string,
): { readonly coding: ModemCoding; readonly rate: number } | undefined {
  const [method, rate = 0] = asked.split(',').map(Number);
  const found = formats.find((each) => each.method === method && each.rates.includes(rate));
  return found === undefined ? undefined : { coding: found.coding, rate };
}
