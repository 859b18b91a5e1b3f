import type { UartSettings } from '@cordboard/simulator';
import fc from 'fast-check';
import { encodeFias, FiasDecoder, fiasCoder, fiasRecord } from '../src/hotel/fias/index.js';
import { KTS_ASCII, KTS_BIN, type KtsProfile, NEC_PMS, SHENOU_USO } from '../src/profile/index.js';
import { createSmdrParser, formatSmdr, SMDR_FORMATS, type SmdrFormatName, type SmdrParsed } from '../src/smdr/index.js';
import { encodeNec, textOf } from '../src/wire/nec-pms/index.js';
import { SAMPLES } from './kts/samples.js';
import { ARRIVED, OPTIONS, RECORDS } from './smdr-arbitraries.js';

/** What a profile's reader delivers, as text that can be compared. */
export interface Reader {
  /** Messages that are delivered as sure. */
  push(bytes: Uint8Array): string[];
  /** The line is silent for as long as the profile's gap. */
  silence(): string[];
  /** The line is gone and another one is there. */
  reopen(): string[];
}

/** One profile in the matrix. */
export interface Subject {
  readonly name: string;
  /** `check`: frames have one, so that nothing wrong may be delivered; `none`: what can be seen is told, one digit that became another cannot. */
  readonly guard: 'check' | 'none';
  readonly serial: UartSettings;
  /** Ends what garbage may have begun, where the profile has no time for that. */
  readonly boundary: string;
  /** `doubted`: what comes first on a line that was opened again may lack its beginning, and no reader can see it. */
  readonly afterReopen?: 'doubted';
  readonly frames: readonly { readonly bytes: Uint8Array; readonly told: string }[];
  reader(): Reader;
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => (inner instanceof Uint8Array ? [...inner] : inner));
const N81: UartSettings = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 };

function kts(profile: KtsProfile): Subject {
  return {
    name: profile.id,
    guard: 'check',
    serial: N81,
    boundary: profile === KTS_ASCII ? '\r\n' : '',
    frames: SAMPLES.slice(0, 14).map(({ message, header }) => ({
      bytes: profile.encode(message, header),
      told: plain({ message, seq: header.seq, node: header.node }),
    })),
    reader() {
      let decoder = profile.createDecoder();
      const of = (run: (sink: (frame: unknown) => void) => void): string[] => {
        const told: string[] = [];
        run((frame) => {
          const { message, header } = frame as { message?: { type?: string }; header?: { seq: number; node: number } };
          if (message !== undefined && header !== undefined)
            told.push(plain({ message, seq: header.seq, node: header.node }));
        });
        return told;
      };
      return {
        push: (bytes) => of((sink) => decoder.push(bytes, sink)),
        silence: () => of((sink) => decoder.giveUp(sink)),
        reopen() {
          decoder = profile.createDecoder();
          return [];
        },
      };
    },
  };
}

function fias(framing: 'serial' | 'stream'): Subject {
  const coder = fiasCoder('utf-8');
  const records = [
    fiasRecord('LS', { DA: '261122', TI: '093000' }),
    fiasRecord('GI', { RN: '101', 'G#': '7', GN: 'Müller', GS: 'N' }),
    fiasRecord('PS', {
      RN: '102',
      'P#': '17',
      DA: '261122',
      TI: '093000',
      DD: '0571',
      DU: '000130',
      PT: 'C',
      TA: '120',
    }),
    fiasRecord('GO', { RN: '101', 'G#': '7', GS: 'N' }),
  ];
  return {
    name: `fias ${framing}`,
    guard: framing === 'serial' ? 'check' : 'none',
    serial: N81,
    boundary: '',
    frames: records.map((record) => ({ bytes: encodeFias(record, { framing, coder }), told: plain(record) })),
    reader() {
      let decoder = new FiasDecoder({ framing, coder });
      const of = (run: (sink: Parameters<FiasDecoder['push']>[1]) => void): string[] => {
        const told: string[] = [];
        run((frame) => {
          if (frame.kind === 'record') told.push(plain(frame.record));
        });
        return told;
      };
      return {
        push: (bytes) => of((sink) => decoder.push(bytes, sink)),
        silence: () => of((sink) => decoder.giveUp(sink)),
        reopen() {
          decoder = new FiasDecoder({ framing, coder });
          return [];
        },
      };
    },
  };
}

function nec(): Subject {
  const texts = [
    textOf({ type: 'messageLamp', extension: '801', mode: 'on' }),
    textOf({ type: 'wakeUp', extension: '802', time: '06:30' }),
    textOf({ type: 'checkIn', extension: '803', model: '90', name: 'WARD' }),
  ];
  return {
    name: 'nec-pms',
    guard: 'check',
    serial: { baudRate: 1_200, dataBits: 7, parity: 'even', stopBits: 2 },
    boundary: '',
    frames: texts.map((text) => ({ bytes: encodeNec(text), told: plain(text) })),
    reader() {
      let decoder = NEC_PMS.createDecoder();
      const of = (run: (sink: (frame: { readonly kind: string }) => void) => void): string[] => {
        const told: string[] = [];
        run((frame) => {
          if (frame.kind === 'text' || frame.kind === 'record') told.push(plain(frame));
        });
        return told;
      };
      return {
        push: (bytes) => of((sink) => decoder.push(bytes, sink)),
        silence: () => of((sink) => decoder.giveUp(sink)),
        reopen() {
          decoder = NEC_PMS.createDecoder();
          return [];
        },
      };
    },
  };
}

function shenou(): Subject {
  const line = `T20261122091530 000205 ${'057788880000'.padEnd(16)}${'8101'.padEnd(8)}${'13912345678'.padEnd(24)}07 0.44`;
  return {
    name: 'shenou-uso',
    guard: 'none',
    serial: { baudRate: 2_400, dataBits: 8, parity: 'none', stopBits: 2 },
    boundary: '\r\n',
    frames: [
      { bytes: Buffer.from('R10*3*8101\r\n'), told: plain({ kind: 'classSet', classOfService: 3, extension: '8101' }) },
      { bytes: Buffer.from(`${line}\r\n`), told: plain({ kind: 'record', line }) },
    ],
    reader() {
      let decoder = SHENOU_USO.createDecoder();
      const of = (run: (sink: (frame: { readonly kind: string }) => void) => void): string[] => {
        const told: string[] = [];
        run((frame) => {
          if (frame.kind !== 'damaged') told.push(plain(frame));
        });
        return told;
      };
      return {
        push: (bytes) => of((sink) => decoder.push(bytes, sink)),
        silence: () => of((sink) => decoder.giveUp(sink)),
        reopen() {
          decoder = SHENOU_USO.createDecoder();
          return [];
        },
      };
    },
  };
}

function smdr(format: SmdrFormatName): Subject {
  const make = () => createSmdrParser(format, { ...OPTIONS[format], arrivedAt: ARRIVED, begins: 'whole' });
  const records = fc.sample(RECORDS[format], { numRuns: 4, seed: 23 });
  const lines = records.map((record) => formatSmdr(format, record, OPTIONS[format]));
  // Doubts that every record of a format has are no sign of damage.
  const usual = new Set(lines.flatMap((line) => make().push(`${line}\n`).records[0]?.doubts ?? []));
  const of = ({ records: read }: SmdrParsed): string[] =>
    read.filter(({ doubts }) => doubts.every((one) => usual.has(one))).map(({ raw }) => raw);
  return {
    name: `smdr ${format}`,
    guard: 'none',
    serial: N81,
    boundary: '\r\n',
    ...(format.endsWith('-csv') ? { afterReopen: 'doubted' as const } : {}),
    frames: lines.map((line) => ({ bytes: Buffer.from(`${line}\r\n`, 'latin1'), told: line })),
    reader() {
      const parser = make();
      return {
        push: (bytes) => of(parser.push(bytes)),
        silence: () => [],
        reopen: () => of(parser.reconnected()),
      };
    },
  };
}

/** Every profile that reads a line. */
export const SUBJECTS: readonly Subject[] = [
  kts(KTS_BIN),
  kts(KTS_ASCII),
  fias('serial'),
  fias('stream'),
  nec(),
  shenou(),
  ...SMDR_FORMATS.map(smdr),
];
