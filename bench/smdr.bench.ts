import {
  createSmdrParser,
  formatSmdr,
  SMDR_FORMATS,
  type SmdrFormatName,
  type SmdrOptions,
  type SmdrRecord,
} from '@cordboard/adapters-pbx-serial/smdr';
import { defineBench } from './lib/bench.js';
import { cpuUs, inTurns, resultOf } from './lib/measure.js';
import { PLAIN, type PlainCall, readPlain } from './smdr/plain.js';

const BLOCK = 65_536;
const ARRIVED = '2026-11-22T23:59:59';
const OPTIONS: Readonly<Partial<Record<SmdrFormatName, SmdrOptions>>> = {
  'generic-csv': {
    table: { columns: ['start', 'duration', 'extension', 'line', 'direction', 'number', 'accountCode'] },
  },
};
const optionsOf = (format: SmdrFormatName): SmdrOptions => ({ ...OPTIONS[format], arrivedAt: ARRIVED });

/** A busy PBX's calls, the same on every run: a third incoming, every fourth with an account code. */
function callsOf(format: SmdrFormatName, count: number): SmdrRecord[] {
  return Array.from({ length: count }, (_, n): SmdrRecord => {
    const incoming = n % 3 === 0;
    const minute = (n * 7) % 600;
    const durationMs = ((n * 13) % 90) * 6000;
    // Stamps of the end tell whole minutes.
    const at =
      Date.UTC(2026, 10, 22, 10, minute) -
      (format.startsWith('panasonic') || format === 'kx-td' || format === 'definity-80' ? durationMs : 0);
    const calling = format === 'definity-80' ? String(10_000 + (n % 90_000)) : `0${571_000_000 + n}`;
    return {
      start: new Date(at).toISOString().slice(0, 19),
      durationMs,
      extension: String(101 + (n % 128)),
      ...(format === 'shenou' ? {} : { line: String(10 + (n % 32)) }),
      direction: incoming ? 'in' : 'out',
      number: incoming ? calling : `13${String(900_000_000 + n * 17).slice(0, 9)}`,
      ...(n % 4 === 0 && format !== 'shenou' ? { accountCode: String(1000 + (n % 9000)) } : {}),
      doubts: [],
      raw: '',
    };
  });
}

function readOurs(blocks: readonly Uint8Array[], format: SmdrFormatName): readonly SmdrRecord[] {
  const parser = createSmdrParser(format, optionsOf(format));
  const all: SmdrRecord[] = [];
  for (const block of blocks) for (const record of parser.push(block).records) all.push(record);
  return all;
}

/** Both must have read the same calls, or their speeds mean nothing. */
function check(format: string, ours: readonly SmdrRecord[], theirs: readonly PlainCall[]): void {
  if (ours.length !== theirs.length) throw new Error(`${format}: ${ours.length} records beside ${theirs.length}`);
  for (const [index, record] of ours.entries()) {
    const plain = theirs[index];
    const { start = '', durationMs, extension = '', line = '', direction, number = '', accountCode = '', raw } = record;
    const own = JSON.stringify({ start, durationMs, extension, line, direction, number, accountCode, raw });
    if (own !== JSON.stringify(plain))
      throw new Error(`${format}: read differently:\n${own}\n${JSON.stringify(plain)}`);
  }
}

export default defineBench({
  about:
    'Call records read from blocks of 64 KiB, records a second of CPU for each format, beside a plain parser with one regular expression a line that makes the same seven fields of the same records in the same run',
  async run({ report, say, smoke }) {
    const count = smoke ? 500 : 20_000;
    const rounds = smoke ? 1 : 5;
    for (const format of SMDR_FORMATS) {
      const read = PLAIN[format];
      if (read === undefined) throw new Error(`no plain parser of ${format}`);
      const text = callsOf(format, count).map((record) => `${formatSmdr(format, record, optionsOf(format))}\r\n`);
      const bytes = Buffer.from(text.join(''), 'latin1');
      const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, n) =>
        bytes.subarray(n * BLOCK, (n + 1) * BLOCK),
      );
      check(format, readOurs(blocks, format), readPlain(blocks, read));
      const speedOf = (work: () => unknown): number => {
        const before = cpuUs();
        for (let n = 0; n < rounds; n += 1) work();
        return (count * rounds * 1e6) / (cpuUs() - before);
      };
      const results = await inTurns(
        [
          { name: 'ours', measure: async () => speedOf(() => readOurs(blocks, format)) },
          { name: 'plain', measure: async () => speedOf(() => readPlain(blocks, read)) },
        ],
        { repetitions: smoke ? 1 : 7, warmUps: smoke ? 0 : 2 },
      );
      const { median, range } = resultOf(results, 'ours');
      const reference = { name: 'regular expression', value: Math.round(resultOf(results, 'plain').median) };
      say(`${format}: ${bytes.length} bytes`);
      report({
        name: `smdr.${format}.recordsPerSecond`,
        value: Math.round(median),
        unit: '1/s',
        reference,
        range: [Math.round(range[0]), Math.round(range[1])],
      });
    }
  },
});
