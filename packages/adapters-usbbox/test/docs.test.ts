import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bridgeOptions, cm108Options, DEVICE_KINDS, usbbox, whozzOptions } from '../src/index.js';

const page = readFileSync(new URL('../../../docs/analog-lines.md', import.meta.url), 'utf8');

const KINDS = {
  cm108: { schema: cm108Options, least: { kind: 'cm108' } },
  whozz: { schema: whozzOptions, least: { kind: 'whozz', line: 1 } },
  bridge: { schema: bridgeOptions, least: { kind: 'bridge', line: '1', port: 1, token: 'x'.repeat(16) } },
} as const;

/** The tables of options that the page marks. */
function table(kind: string): Map<string, string> {
  const text = page.split(`<!-- options ${kind} -->`)[1]?.split('\n\n')[0] ?? '';
  return new Map(
    [...text.matchAll(/^\| `(\w+)` \| (?:`([^|]*)`)? *\|/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe('docs/analog-lines.md', () => {
  it.each(Object.entries(KINDS))('has every option of %s with its default', (kind, { schema, least }) => {
    const names = Object.keys(schema.shape).filter((name) => name !== 'kind');
    expect([...table(kind).keys()].sort()).toEqual([...names].sort());
    const defaults = new Map(
      Object.entries(schema.parse(least) as object)
        .filter(([name, value]) => !Object.hasOwn(least, name) && value !== undefined)
        .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
    );
    const told = new Map([...table(kind)].filter(([, value]) => value !== ''));
    expect(told).toEqual(defaults);
  });

  it('has a configuration whose lines are taken, with every kind', () => {
    const code = /lines: \[\n([\s\S]*?)\n {8}\],/.exec(page)?.[1] ?? '';
    const lines = new Function(`return [${code}]`)() as { readonly device: { readonly kind: string } }[];
    expect(lines.map(({ device }) => device.kind).sort()).toEqual([
      'bridge',
      'cm108',
      'simulated',
      'v253',
      'whozz',
      'whozz',
    ]);
    expect(Object.keys(DEVICE_KINDS).sort()).toEqual([...new Set(lines.map(({ device }) => device.kind))].sort());
    expect(() => usbbox({ lines: lines as never })).not.toThrow();
  });

  it('names no option of a line that there is not', () => {
    const named = [...page.matchAll(/`((?:\w+Ms)|busyCycles|noDialTone|phoneFlash)`/g)].map(([, name = '']) => name);
    const own = new Set(['ringHoldMs', 'heartbeatMs', 'commandTimeoutMs', 'probeMs']);
    const lines = [{ name: 'x', device: { kind: 'simulated' } }];
    for (const name of new Set(named.filter((each) => !own.has(each)))) {
      const value = name === 'noDialTone' ? 'dial' : name === 'phoneFlash' ? 'tell' : name === 'busyCycles' ? 4 : 1_000;
      expect(() => usbbox({ lines, [name]: value }), name).not.toThrow();
    }
  });
});
