import type { AttachedFace, FaceLine, FaceSettings, PbxRecord, SerialFace, VirtualPbx } from '../serial/index.js';
import type { CallLeg, PbxCall, PrintedRecord } from './call.js';
import { type SimSmdrFormat, SmdrPrinter, type SmdrPrinterOptions } from './printer.js';

/** How a PBX puts out its call records on a port. */
export interface SmdrFaceOptions extends SmdrPrinterOptions {
  /** Records that it tells again when a host connects over TCP, 0-1,000; default 0. */
  readonly replay?: number;
  /** Default: what the family leaves the factory with. */
  readonly settings?: FaceSettings;
}

const N81: FaceSettings = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 };
/** DEFINITY's printers have seven bits and even parity; the note on Shenou's forwarding has two stop bits. */
const SETTINGS: Partial<Record<SimSmdrFormat, FaceSettings>> = {
  shenou: { baudRate: 2_400, dataBits: 8, parity: 'none', stopBits: 2 },
  'definity-80': { baudRate: 9_600, dataBits: 7, parity: 'even', stopBits: 1 },
};

/** After power-on a KX-TD takes a carriage return for somebody who wants more than records (KX-TD816 manual, p. 195). */
const CR_BOUND_MS = 10_000;
const CR = 0x0d;

/** Puts the PBX's own records into the form that printers print from. */
export class RecordView {
  readonly #firstStart = new Map<number, number>();

  /** The record as one part of its call, with a stand-in before it and behind it where there are such parts. */
  callOf(record: PbxRecord): { readonly call: PbxCall; readonly leg: number } {
    const { direction, part, more } = record;
    // A record begins with the answer, or with the first ring where there was none.
    const ringS = direction === 'out' ? 0 : record.ringS;
    const answeredS = Math.floor(record.start / 1_000);
    const leg: CallLeg = {
      extension: record.ext ?? '',
      startS: record.durationS > 0 ? answeredS - ringS : answeredS,
      ringS,
      talkS: record.durationS,
      ...(record.heldS > 0 ? { holdS: record.heldS } : {}),
    };
    const first = part > 1 ? [{ ...leg, startS: this.#firstStart.get(record.call) ?? leg.startS }] : [];
    if (more && part === 1) this.#firstStart.set(record.call, leg.startS);
    if (!more) this.#firstStart.delete(record.call);
    const number = direction === 'internal' ? record.peer : record.number;
    const call: PbxCall = {
      id: record.call,
      direction,
      ...(record.line === undefined ? {} : { line: record.line }),
      ...(number === undefined ? {} : { number }),
      ...(record.name === undefined ? {} : { name: record.name }),
      ...(record.account === undefined ? {} : { account: record.account }),
      ...(record.charge === undefined ? {} : { costMinor: record.charge }),
      legs: [...first, leg, ...(more ? [leg] : [])],
    };
    return { call, leg: first.length };
  }
}

class SmdrPort implements AttachedFace {
  readonly #line: FaceLine;
  readonly #printer: SmdrPrinter;
  readonly #pbx: VirtualPbx;
  readonly #replay: number;
  readonly #view = new RecordView();
  readonly #kept: PrintedRecord[] = [];
  readonly #attachedAtMs: number;
  readonly #stop: () => void;
  #mute: 'mute' | undefined;

  constructor(
    line: FaceLine,
    pbx: VirtualPbx,
    { printer, replay }: { readonly printer: SmdrPrinter; readonly replay: number },
  ) {
    this.#line = line;
    this.#printer = printer;
    this.#pbx = pbx;
    this.#replay = replay;
    this.#attachedAtMs = line.clock.nowMs();
    this.#stop = pbx.subscribe((news) => {
      if (news.type === 'record') this.#record(news.record);
    });
    if (line.kind === 'serial') this.#write(printer.open(this.#nowS()));
  }

  /** Records go one way. A KX-TD that gets a carriage return too early prints no more until it is started again. */
  receive(bytes: Uint8Array): void {
    if (this.#printer.format !== 'kx-td' || !bytes.includes(CR)) return;
    if (this.#line.clock.nowMs() - this.#attachedAtMs < CR_BOUND_MS) this.#mute = 'mute';
  }

  connected(): void {
    const again = this.#kept.map((record) => this.#printer.record(record));
    this.#write(this.#printer.open(this.#nowS()) + again.join(''));
  }

  close(): void {
    this.#stop();
  }

  #nowS(): number {
    return Math.floor(this.#pbx.now() / 1_000);
  }

  #record(record: PbxRecord): void {
    const { call, leg } = this.#view.callOf(record);
    for (const printed of this.#printer.recordsOf(call)) {
      if (printed.leg !== leg) continue;
      this.#kept.push(printed);
      if (this.#kept.length > this.#replay) this.#kept.shift();
      this.#write(this.#printer.record(printed));
    }
  }

  #write(text: string): void {
    if (this.#mute === undefined && text !== '') this.#line.write(Buffer.from(text, 'latin1'));
  }
}

/** A port on which a PBX prints its call records in a format; profile `smdr-<format>`. */
export function smdrFace(format: SimSmdrFormat, options: SmdrFaceOptions = {}): SerialFace {
  const { replay = 0, settings = SETTINGS[format] ?? N81, ...paper } = options;
  return {
    profile: `smdr-${format}`,
    settings,
    attach: (line, pbx) => new SmdrPort(line, pbx, { printer: new SmdrPrinter(format, paper), replay }),
  };
}
