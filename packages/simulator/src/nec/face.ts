import type {
  AttachedFace,
  FaceLine,
  FaceSettings,
  HotelRequest,
  PbxNews,
  SerialFace,
  VirtualPbx,
} from '../serial/index.js';
import { Contention } from './contention.js';
import { recordData } from './record.js';
import { countOf, hotelText, recordFrame } from './text.js';

/** How a NEAX speaks on a port. */
export interface NecFaceOptions {
  /** Call records: not here, as they come (`freeWheel`), or each after it asked to send (`asked`). Default `none`. */
  readonly records?: 'none' | 'freeWheel' | 'asked';
  /** Do its records tell the year? Default `told`. */
  readonly years?: 'told' | 'untold';
  /** Default 1200 Bd, 7 data bits, even parity, 2 stop bits. */
  readonly settings?: FaceSettings;
}

const FACTORY: FaceSettings = { baudRate: 1_200, dataBits: 7, parity: 'even', stopBits: 2 };
const station = (ext: string): string => ext.padEnd(6);
const WAKE_RESULT = { answered: '1', busy: '2', noAnswer: '3' } as const;
/** Numbers of our room states (docs/protocols/kts-1.md, section 14) by the two digits of a NEAX: room, cleaning. */
const STATUS: Readonly<Record<string, number>> = { '02': 1, '12': 2, '00': 3, '10': 4, '03': 5, '04': 6 };
/** Maid's dialling by our room states. */
const MAID: Readonly<Record<number, string>> = { 1: '2', 2: '2', 5: '3', 6: '4' };

class NecPort implements AttachedFace {
  readonly #pbx: VirtualPbx;
  readonly #line: FaceLine;
  readonly #side: Contention;
  readonly #options: NecFaceOptions;
  readonly #stop: () => void;
  readonly #wakes = new Map<string, string>();

  constructor(line: FaceLine, pbx: VirtualPbx, options: NecFaceOptions) {
    this.#pbx = pbx;
    this.#line = line;
    this.#options = options;
    this.#side = new Contention(line, { text: (text) => this.#text(text) });
    this.#stop = pbx.subscribe((news) => this.#news(news));
  }

  receive(bytes: Uint8Array): void {
    this.#side.receive(bytes);
  }

  close(): void {
    this.#stop();
    this.#side.close();
  }

  #tell(feature: string, code: string, body = ''): void {
    this.#side.send(hotelText(feature, code, body), '1');
  }

  /** The text goes back with 80 (hex) added to its feature. */
  #violation({
    feature,
    code,
    body,
  }: {
    readonly feature: string;
    readonly code: string;
    readonly body: string;
  }): void {
    const marked = (Number.parseInt(feature, 16) + 0x80).toString(16).toUpperCase();
    this.#tell(marked, code, body);
  }

  #text(text: {
    readonly feature: string;
    readonly code: string;
    readonly body: string;
    readonly counted: number;
  }): void {
    if (text.counted !== countOf(text)) return this.#violation(text);
    if (text.feature === '70') {
      if (text.code === 'F') this.#tell('70', '0');
      return;
    }
    const ext = text.body.slice(0, 6).trimEnd();
    const requests = this.#pbx.extension(ext) === undefined ? undefined : this.#requests(text, ext);
    if (requests === undefined) return this.#violation(text);
    for (const request of requests) {
      const result = this.#pbx.hotel(request);
      if (result === 'range' || result === 'noDevice' || result === 'unsupported') return this.#violation(text);
    }
  }

  /** What a text asks of the PBX; undefined: it cannot be carried out. */
  #requests(
    { feature, code, body }: { readonly feature: string; readonly code: string; readonly body: string },
    ext: string,
  ): readonly HotelRequest[] | undefined {
    const rest = body.slice(6);
    switch (`${feature}-${code}`) {
      case '13-1':
      case '13-2':
        return [{ op: 'lamp', ext, on: code === '1' }];
      case '15-1': {
        const state = rest.charAt(0);
        if (!/^[0156]$/u.test(state)) return undefined;
        return [
          { op: 'dnd', ext, on: state === '5' || state === '6' },
          { op: 'class', ext, classOfService: state === '1' || state === '6' ? 6 : 1 },
        ];
      }
      case '16-1':
      case '56-1': {
        const name = feature === '56' ? rest.slice(11, 27).trimEnd() : '';
        return [{ op: 'checkIn', ext, classOfService: 1, ...(name === '' ? {} : { name }) }];
      }
      case '16-2':
        return [{ op: 'checkOut', ext }];
      case '19-4': {
        const time = /^([01]\d|2[0-3])([0-5]\d)4$/u.exec(rest);
        if (time === null) return undefined;
        const now = this.#pbx.now();
        const day = now - (((now % 86_400_000) + 86_400_000) % 86_400_000);
        const today = day + (Number(time[1]) * 60 + Number(time[2])) * 60_000;
        this.#wakes.set(ext, `${time[1]}${time[2]}`);
        return [{ op: 'wake', ext, at: today > now ? today : today + 86_400_000 }];
      }
      case '19-5':
        return [{ op: 'wakeClear', ext }];
      case '20-1':
        return [{ op: 'move', ext, to: rest.slice(0, 6).trimEnd() }];
      case '21-6':
        return [{ op: 'name', ext, name: rest.trimEnd() }];
      case '61-3': {
        const status = STATUS[rest.slice(0, 2)];
        if (status === undefined) return undefined;
        // Out, after a stay, is a check-out (NDA-30115 p. 69).
        const left = rest.charAt(0) === '0' && this.#pbx.room(ext)?.room.occupied === true;
        return [...(left ? [{ op: 'checkOut', ext } as const] : []), { op: 'room', ext, status }];
      }
      default:
        return undefined;
    }
  }

  #news(news: PbxNews): void {
    if (news.type === 'record') return this.#record(news);
    if (news.type !== 'room') return;
    const { ext, news: what } = news;
    if (what.what === 'lamp') this.#tell('13', what.on ? '3' : '4', station(ext));
    else if (what.what === 'dnd') {
      const cutOff = this.#pbx.room(ext)?.room.classOfService === 6;
      const code = cutOff ? (what.on ? '6' : '1') : what.on ? '5' : '0';
      this.#tell('15', '2', `${station(ext)}${code}  `);
    } else if (what.what === 'wake') {
      this.#tell('19', '3', `${station(ext)}${this.#wakes.get(ext) ?? '0000'}${WAKE_RESULT[what.outcome]}`);
    } else if (what.what === 'status') {
      const step = MAID[what.status];
      if (step !== undefined) this.#tell('11', step, `${station(ext)}${' '.repeat(6)}`);
    }
  }

  #record(news: PbxNews & { readonly type: 'record' }): void {
    const { records = 'none', years = 'told' } = this.#options;
    if (records === 'none') return;
    const frame = recordFrame(recordData(news.record, years));
    if (records === 'asked') this.#side.send(frame, '0');
    else this.#line.write(frame);
  }
}

/** The hotel link of a NEC NEAX, and its call records on the same port where `records` says so. */
export function necFace(options: NecFaceOptions = {}): SerialFace {
  return {
    profile: 'nec-pms',
    settings: options.settings ?? FACTORY,
    attach: (line, pbx) => new NecPort(line, pbx, options),
  };
}
