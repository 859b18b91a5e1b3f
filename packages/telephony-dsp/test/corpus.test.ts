import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createLineDsp, type DspEvent, type Hook, readWav } from '../src/index.js';

/** Recorded signals with what is in them, which lie beside the repository where somebody has them. */
const corpus = fileURLToPath(new URL('../../../../shared/corpus-dsp/', import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
if (!isThere)
  process.stderr.write('no recorded signals lie beside the repository: what is held against them is skipped\n');

interface Wanted {
  readonly type: 'cid' | 'dtmf' | 'tone' | 'answer' | 'crbt';
  readonly number?: string;
  readonly absence?: string;
  readonly nameHex?: string;
  readonly nameText?: string;
  readonly datetime?: string;
  readonly digits?: string;
  readonly tone?: string;
  /** Seconds. */
  readonly t?: number;
}
interface Recorded {
  readonly file: string;
  readonly category: string;
  readonly hook: Hook;
  readonly stretch?: boolean;
  readonly expect: readonly Wanted[];
  readonly lineEvents?: readonly { readonly t: number; readonly type: string }[];
}

/** Share of the files of a stretch category that the best known tool finds; of all others everything is owed. */
const STRETCH: Readonly<Record<string, number>> = {
  fsk_hard: 0.53,
  fsk_timing: 1,
  dtmf_hard: 0.85,
  dtmf_prompt: 1,
  dtmf_cid: 0.5,
  tone: 0.73,
  tone_reject: 0.17,
  scenario: 0.83,
};

/** What is told of a file, its line events at their time. */
function heard({ file, hook, lineEvents = [] }: Recorded): DspEvent[] {
  const read = readWav(readFileSync(`${corpus}${file}`));
  if (!read.ok) throw new Error(`${file}: ${read.problem}`);
  const samples = read.decode(0);
  const line = createLineDsp();
  const found: DspEvent[] = [];
  let at = 0;
  const upTo = (end: number): void => {
    for (; at < end; at = Math.min(end, at + 1600))
      found.push(...line.push(samples.subarray(at, Math.min(end, at + 1600)), hook));
  };
  for (const { t, type } of lineEvents) {
    upTo(Math.round(t * 8000));
    if (type === 'polarity') found.push(...line.signal('polarity'));
  }
  upTo(samples.length);
  found.push(...line.flush());
  return found;
}

const nameOfTone = (event: DspEvent): readonly string[] => {
  if (event.type === 'fax') return [`fax_${event.tone}`];
  return event.type === 'tone' ? [event.tone] : [];
};
const withoutRepeats = (names: readonly string[]): string[] => names.filter((name, n) => name !== names[n - 1]);

/** A caller: number and absence always, of the rest what is known to be in the recording. */
function callerOf(from: Readonly<Record<string, unknown>>, wanted: Wanted | undefined): unknown[] {
  const { number, absence, nameHex, datetime, nameText, name = nameText } = from;
  const rest = [wanted?.nameHex && nameHex, wanted?.datetime && datetime, wanted?.nameText && name];
  return [number, absence, ...rest].map((value) => value ?? null);
}

/** What is wrong with what is told of a recording. */
function faultsOf(recorded: Recorded): string[] {
  const { file, category, expect: wanted } = recorded;
  const found = heard(recorded);
  const faults: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
    if (one !== other) faults.push(`${file}: ${what} ${one}, not ${other}`);
  };
  const owed = (type: Wanted['type']): Wanted[] => wanted.filter((one) => one.type === type);
  const callers = owed('cid');
  compare(
    'callers',
    found.filter((event) => event.type === 'cid').map((event, n) => callerOf({ ...event }, callers[n])),
    callers.map((caller) => callerOf({ ...caller }, caller)),
  );
  const digits = found.map((event) => (event.type === 'dtmf' ? event.digit : ''));
  compare(
    'digits',
    digits.join(''),
    owed('dtmf')
      .map((one) => one.digits)
      .join(''),
  );
  compare(
    'tones',
    withoutRepeats(found.flatMap(nameOfTone)),
    withoutRepeats(owed('tone').map(({ tone = '' }) => tone)),
  );
  if (category !== 'scenario') return faults;
  const answers = found.flatMap((event) => (event.type === 'answer' ? [event.atMs / 1000] : []));
  const answered = owed('answer').map(({ t = 0 }) => t);
  const late = answers.map((t, n) => t - (answered[n] ?? 0));
  if (answers.length !== answered.length || late.some((by) => by < -0.5 || by > 2))
    faults.push(`${file}: answers at ${answers.join()}, not ${answered.join()}`);
  compare(
    'colour ring-back',
    found.some((event) => event.type === 'crbt'),
    owed('crbt').length > 0,
  );
  return faults;
}

const files: readonly Recorded[] = isThere ? JSON.parse(readFileSync(`${corpus}manifest.json`, 'utf8')).files : [];
const categories = [...new Set(files.map(({ category }) => category))];

describe.skipIf(!isThere)('recorded signals', () => {
  // A skipped suite must have a test to skip.
  test.each(categories.length > 0 ? categories : ['none'])('%s', { timeout: 300_000 }, (category) => {
    const own = files.filter((file) => file.category === category);
    const required = own.filter(({ stretch }) => stretch !== true).flatMap(faultsOf);
    expect(required).toEqual([]);
    const more = own.filter(({ stretch }) => stretch === true);
    const missed = more.map(faultsOf).filter((faults) => faults.length > 0);
    expect(missed.length, missed.flat().join('\n')).toBeLessThanOrEqual(
      more.length * (1 - (STRETCH[category] ?? 1)) + 1e-9,
    );
    // A wrong number is the worst of all, also where little can be heard.
    expect(missed.flat().filter((fault) => /callers \[\[/u.test(fault))).toEqual([]);
  });
});
