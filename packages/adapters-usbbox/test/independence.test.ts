import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const simulated = join(here, '../src/simulated');
const dsp = join(here, '../../telephony-dsp/src');

interface Import {
  readonly names: readonly string[];
  readonly from: string;
  readonly types: boolean;
}

function importsOf(text: string): Import[] {
  return [...text.matchAll(/(?:import|export)\s+(type\s+)?(?:\{([^}]*)\}|\*)\s+from\s+'([^']+)'/g)].map((match) => ({
    types: match[1] !== undefined,
    names: (match[2] ?? '*')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    from: match[3] ?? '',
  }));
}

/** Names that a file under generate/ (or the contract) defines. */
function generatorNames(): Set<string> {
  const files = [
    ...readdirSync(join(dsp, 'generate'))
      .filter((name) => !name.includes('.test.'))
      .map((name) => join(dsp, 'generate', name)),
    join(dsp, 'contract.ts'),
  ];
  const names = new Set<string>();
  for (const file of files)
    for (const match of readFileSync(file, 'utf8').matchAll(/export (?:function|const|class|interface|type) (\w+)/g))
      names.add(match[1] ?? '');
  return names;
}

/** What the exchange's sound may be made of: faults, as sentences. */
function faultsOf(files: ReadonlyMap<string, string>): string[] {
  const allowed = generatorNames();
  const faults: string[] = [];
  for (const [file, text] of files) {
    for (const { names, from, types } of importsOf(text)) {
      if (from === '@cordboard/telephony-dsp')
        for (const name of names) {
          const bare = name.replace(/^type /, '').split(' as ')[0] ?? '';
          if (!allowed.has(bare)) faults.push(`${file} takes ${bare}, which is no generator`);
        }
      else if (from.startsWith('.') && !types && !from.startsWith('./') && !from.startsWith('../device/'))
        faults.push(`${file} takes ${from}, which is of the driver`);
    }
  }
  return faults;
}

/** The contract, the table of keys, and the check of an option's range: nothing of them listens. */
const SHARED: ReadonlySet<string> = new Set(['contract.ts', 'dtmf/keys.ts', 'range.ts']);

/** Modules that a generator reaches at run time, beyond the generators themselves and {@link SHARED}. */
function reached(): string[] {
  const seen = new Set<string>();
  const outside: string[] = [];
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const name = file.slice(dsp.length + 1);
    if (!name.startsWith('generate/') && !SHARED.has(name)) outside.push(name);
    for (const { from, types } of importsOf(readFileSync(file, 'utf8')))
      if (!types && from.startsWith('.')) walk(normalize(join(dirname(file), from)).replace(/\.js$/, '.ts'));
  };
  for (const name of readdirSync(join(dsp, 'generate')))
    if (!name.includes('.test.')) walk(join(dsp, 'generate', name));
  return outside;
}

describe('the simulated exchange', () => {
  const files = new Map(readdirSync(simulated).map((name) => [name, readFileSync(join(simulated, name), 'utf8')]));

  it('makes its sound from generators alone, and nothing of the driver is in it', () => {
    expect(faultsOf(files)).toEqual([]);
  });

  it('reaches no detector through the generators', () => {
    expect(reached()).toEqual([]);
  });

  it('would be found out', () => {
    const planted = new Map([
      ['a.ts', "import { createDtmf } from '@cordboard/telephony-dsp';"],
      ['b.ts', "import { LineUnit } from '../line/unit.js';"],
    ]);
    expect(faultsOf(planted)).toEqual([
      'a.ts takes createDtmf, which is no generator',
      'b.ts takes ../line/unit.js, which is of the driver',
    ]);
  });
});
