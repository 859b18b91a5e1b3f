import { readdirSync, readFileSync } from 'node:fs';
import { edgesOf } from '@cordboard/cti-core';
import { ivrNode } from '@cordboard/cti-protocol';
import { describe, expect, test } from 'vitest';
import { checkIvr, fromJson } from '../src/index.js';
import { front } from './docs/front.js';
import { found, lookUp } from './docs/parcel.js';
import { findings, order, same } from './docs/pin.js';

const page = readFileSync(new URL('../../../docs/ivr.md', import.meta.url), 'utf8');
const blocksOf = (tag: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${tag}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1] ?? '');

describe('docs/ivr.md', () => {
  test('each of its programs is a file that compiles and runs here', () => {
    const folder = new URL('./docs/', import.meta.url);
    const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const blocks = blocksOf('ts');
    expect(blocks.toSorted()).toEqual(files.toSorted());
  });

  test('its JSON is a flow without findings', () => {
    const [json = ''] = blocksOf('json');
    const flow = fromJson(json);
    expect(checkIvr(flow)).toEqual([]);
    expect(Object.values(flow.nodes).flatMap(edgesOf)).not.toHaveLength(0);
  });

  test('its claims hold', async () => {
    expect(found).toEqual([]);
    const call = { key: 'k', signal: new AbortController().signal };
    expect(await lookUp({ ...call, pass: { number: '1234' } })).toEqual({
      way: 'onItsWay',
      values: { day: '2026-11-23' },
    });
    expect(await lookUp({ ...call, pass: {} })).toEqual({ way: 'unknown', values: {} });
    expect(findings).toEqual([]);
    expect(same).toEqual(order);
    expect(checkIvr(front)).toEqual([]);
  });

  test('it names every field of every node', () => {
    for (const option of ivrNode.options) {
      const type = option.shape.type.value;
      const section = page.split(`### ${type}\n`)[1]?.split('\n### ')[0]?.split('\n## ')[0];
      expect(section, `a section for ${type}`).toBeDefined();
      for (const field of Object.keys(option.shape).filter((name) => name !== 'type')) {
        expect(section, `${type}.${field}`).toContain(`\`${field}\``);
      }
    }
  });
});
