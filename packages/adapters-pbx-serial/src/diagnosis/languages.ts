import { KTS_ASCII, KTS_BIN, type KtsProfile, NEC_PMS, type SerialSettings, SHENOU_USO } from '../profile/index.js';
import { createSmdrParser, SMDR_FORMATS, type SmdrFormatName, type SmdrOptions } from '../smdr/index.js';

/** How some bytes look to one who knows a language. */
export interface Reading {
  /** Whole and checked messages, or records whose columns all hold what they should. */
  readonly good: number;
  /** Lines and frames that cannot be read. */
  readonly bad: number;
  /** Things that fit and prove little: titles of columns, rulers. */
  readonly weak: number;
}

/** How one asks a PBX that speaks only when asked. */
export interface Question {
  /** Said first. */
  readonly ask: Uint8Array;
  /** Said at the end, so that nothing stays open at the PBX. */
  readonly leave: Uint8Array;
}

/** What a diagnosis must know of a language of PBXs. */
export interface SerialLanguage {
  /** `kts-bin`, `smdr-kx-td`: as configurations and commands name it. */
  readonly id: string;
  /** As the PBX leaves the factory. */
  readonly serial: SerialSettings;
  /** Rates that the PBX can be set to, Bd, in the order in which they are worth a try. */
  readonly rates: readonly number[];
  /** Shapes of a character that it can be set to, in that order. */
  readonly shapes: readonly CharacterShape[];
  /**
   * A question that changes nothing at the PBX. Absent: nothing may be sent. Printer ports (`smdr-*`) take what comes in for a person's keys: a KX-TD that
   * gets a carriage return within ten seconds does other things than print (KX-TD816 Installation Manual, p. 195).
   */
  readonly question?: Question;
  /** Reads some seconds of a line. Never throws. */
  read(bytes: Uint8Array): Reading;
}

/** Data bits, parity and stop bits of a character. */
export type CharacterShape = Pick<SerialSettings, 'dataBits' | 'parity' | 'stopBits'>;

const shape = (dataBits: 7 | 8, parity: SerialSettings['parity'], stopBits: 1 | 2): CharacterShape => ({
  dataBits,
  parity,
  stopBits,
});
const N81 = shape(8, 'none', 1);
const ALL_SHAPES: readonly CharacterShape[] = [
  N81,
  shape(7, 'even', 1),
  shape(7, 'odd', 1),
  shape(8, 'none', 2),
  shape(7, 'even', 2),
  shape(8, 'even', 1),
  shape(8, 'odd', 1),
  shape(7, 'none', 2),
  shape(7, 'mark', 1),
  shape(7, 'space', 1),
];
/** KX-TA, TE and TD: 1200 to 9600; TDA and younger go to 115,200. Source: the serial interface parameters of their Feature Guides. */
const PRINTER_RATES = [9_600, 4_800, 2_400, 1_200, 19_200, 38_400, 57_600, 115_200, 600, 300] as const;

/** A session number of nobody: any would do. */
const DOCTOR_SESSION = 0x00d0_c701;

function kts(id: string, profile: KtsProfile): SerialLanguage {
  const header = { seq: 0, node: 0 };
  return {
    id,
    serial: profile.serial,
    rates: [9_600, 19_200, 38_400, 57_600, 115_200, 4_800, 2_400, 1_200],
    shapes: id === 'kts-bin' ? [N81, shape(8, 'even', 1), shape(8, 'odd', 1), shape(8, 'none', 2)] : ALL_SHAPES,
    question: {
      ask: profile.encode({ type: 'hello', session: DOCTOR_SESSION }, header),
      leave: profile.encode({ type: 'bye' }, header),
    },
    read(bytes) {
      const decoder = profile.createDecoder();
      let [good, bad] = [0, 0];
      const count = (frame: { readonly kind: string }): void => {
        if (frame.kind === 'message') good += 1;
        else bad += 1;
      };
      decoder.push(bytes, count);
      decoder.giveUp(count);
      return { good, bad: bad + (decoder.skippedBytes > 0 ? 1 : 0), weak: 0 };
    },
  };
}

const NEC: SerialLanguage = {
  id: 'nec-pms',
  serial: NEC_PMS.serial,
  rates: [1_200, 2_400, 4_800, 9_600],
  shapes: [
    shape(7, 'even', 2),
    shape(7, 'even', 1),
    shape(7, 'odd', 1),
    shape(7, 'odd', 2),
    shape(8, 'none', 1),
    shape(8, 'none', 2),
  ],
  // Asks for the right to send, and gives it back.
  question: { ask: NEC_PMS.encode({ kind: 'start' }, undefined), leave: NEC_PMS.encode({ kind: 'eot' }, undefined) },
  read(bytes) {
    const decoder = NEC_PMS.createDecoder();
    let [good, bad, words] = [0, 0, 0];
    decoder.push(bytes, ({ kind }) => {
      if (kind === 'text' || kind === 'record' || kind === 'start') good += 1;
      else if (kind === 'damaged') bad += 1;
      else words += 1;
    });
    // A single byte proves little, but a line on which nothing else comes than the answer to the question is a line that was understood.
    const answered = decoder.skippedBytes === 0 && bad === 0 && words > 0;
    return { good: good + (answered ? 1 : 0), bad: bad + (decoder.skippedBytes > 0 ? 1 : 0), weak: words };
  },
};

const SHENOU: SerialLanguage = {
  id: 'shenou-uso',
  serial: SHENOU_USO.serial,
  rates: [2_400, 9_600, 4_800, 1_200, 19_200],
  shapes: [shape(8, 'none', 2), N81, shape(7, 'even', 1), shape(7, 'odd', 1), shape(8, 'even', 1), shape(8, 'odd', 1)],
  // There is no question that changes nothing: the only order sets a class.
  read(bytes) {
    const decoder = SHENOU_USO.createDecoder();
    let [good, bad] = [0, 0];
    decoder.push(bytes, ({ kind }) => {
      if (kind === 'damaged') bad += 1;
      else good += 1;
    });
    return { good, bad, weak: 0 };
  },
};

/** Doubts that say that a line does not fit its format. */
const MISFITS: readonly string[] = ['fieldUnreadable', 'columnsShifted'];
/** Any moment will do for formats without a date. */
const SOME_TIME = '2026-01-01T00:00:00';

function smdr(format: SmdrFormatName): SerialLanguage {
  const options: SmdrOptions = { begins: 'midstream', arrivedAt: SOME_TIME };
  return {
    id: `smdr-${format}`,
    serial: format === 'shenou' ? SHENOU_USO.serial : { ...N81, baudRate: 9_600, flow: 'none' },
    rates: format === 'shenou' ? SHENOU.rates : PRINTER_RATES,
    shapes: format === 'shenou' ? SHENOU.shapes : ALL_SHAPES,
    read(bytes) {
      // The order of a date is an installer's choice, and not what is asked here.
      const orders = ['mdy', 'dmy', 'ymd'] as const;
      const readings = orders.map((dateOrder) => readRecords(bytes, format, { ...options, dateOrder }));
      return readings.reduce((best, one) => (one.good > best.good ? one : best));
    },
  };
}

function readRecords(bytes: Uint8Array, format: SmdrFormatName, options: SmdrOptions): Reading {
  const parser = createSmdrParser(format, options);
  const parts = [parser.push(bytes), parser.finish()];
  const records = parts.flatMap((part) => part.records);
  const others = parts.flatMap((part) => part.others);
  const good = records.filter(({ doubts }) => !doubts.some((doubt) => MISFITS.includes(doubt))).length;
  const weak = others.filter(({ kind }) => kind === 'header' || kind === 'init' || kind === 'event').length;
  const bad = others.filter(({ kind }) => kind === 'unreadable').length;
  return { good, bad: bad + records.length - good, weak };
}

/** Languages that a diagnosis knows. `smdr-generic-csv` is not among them: its columns are its user's. */
export const SERIAL_LANGUAGES: readonly SerialLanguage[] = [
  kts('kts-bin', KTS_BIN),
  kts('kts-ascii', KTS_ASCII),
  NEC,
  SHENOU,
  ...SMDR_FORMATS.filter((format) => format !== 'generic-csv').map(smdr),
];
