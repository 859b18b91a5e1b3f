import type { Clock } from '@cordboard/cti-core';
import { type RandomStream, randomStream } from '../random.js';
import type { EslEvent } from './wire/event.js';

/** Where in the switch an event comes from: the three `Event-Calling-*` headers. */
export type EventSource = readonly [file: string, fn: string, line: number];

/** One life of the switch: what it calls itself, and the numbers that count since it came up. A restart makes another one. */
export class Identity {
  readonly coreUuid: string;
  readonly hostname: string;
  readonly bootedWallMs: number;
  readonly random: RandomStream;
  sessions = 0;
  peakSessions = 0;
  readonly #clock: Clock;
  #sequence = 500;

  constructor(clock: Clock, options: { readonly seed: number; readonly life: number; readonly hostname: string }) {
    this.#clock = clock;
    this.random = randomStream(options.seed, `esl:life:${options.life}`);
    this.coreUuid = this.uuid();
    this.hostname = options.hostname;
    this.bootedWallMs = clock.wallMs();
  }

  /** A fresh id of the usual form. */
  uuid(): string {
    const hex = (digits: number): string => {
      let text = '';
      while (text.length < digits) text += this.random.int(0, 15).toString(16);
      return text;
    };
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }

  /** Now, as the switch writes times: microseconds since 1970. */
  get nowUs(): number {
    return Math.round(this.#clock.wallMs() * 1_000);
  }

  /** The headers with which an event of this name begins. Its sequence number is drawn here. */
  stamp(name: string, source: EventSource, subclass?: string): (readonly [string, string])[] {
    return [...this.#head(name, subclass), ...this.where(source), ['Event-Sequence', String(this.#sequence++)]];
  }

  /** As {@link stamp}, for the one kind of event whose own headers stand in front of these. */
  where(source: EventSource): readonly (readonly [string, string])[] {
    const [file, fn, line] = source;
    return [
      ['Event-Calling-File', file],
      ['Event-Calling-Function', fn],
      ['Event-Calling-Line-Number', String(line)],
    ];
  }

  #head(name: string, subclass: string | undefined): (readonly [string, string])[] {
    const wall = new Date(this.#clock.wallMs());
    const iso = wall.toISOString();
    return [
      ...(subclass === undefined ? [] : [['Event-Subclass', subclass] as const]),
      ['Event-Name', name],
      ['Core-UUID', this.coreUuid],
      ['FreeSWITCH-Hostname', this.hostname],
      ['FreeSWITCH-Switchname', this.hostname],
      ['FreeSWITCH-IPv4', '127.0.0.1'],
      ['FreeSWITCH-IPv6', '::1'],
      ['Event-Date-Local', localStamp(iso)],
      ['Event-Date-GMT', wall.toUTCString()],
      ['Event-Date-Timestamp', String(this.nowUs)],
    ];
  }
}

/** `2026-01-31 09:00:00`; this switch keeps its site's time at UTC. */
export function localStamp(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** The same for microseconds since 1970. */
export function stampOfUs(us: number): string {
  return localStamp(new Date(us / 1_000).toISOString());
}

/** Puts an event together from its parts. */
export function makeEvent(
  parts: Pick<EslEvent, 'name' | 'subclass' | 'body'> & { readonly headers: EslEvent['headers'] },
): EslEvent {
  return parts;
}
