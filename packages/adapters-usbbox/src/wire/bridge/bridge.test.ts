import { readFileSync } from 'node:fs';
import { feedEveryWay } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeProof } from '../../devices/bridge-link.js';
import { pcmBytes } from '../pcm.js';
import { BridgeDecoder, type BridgeFrame, encodeBridgeFrame } from './frame.js';
import { proofText, readControl, readSound } from './messages.js';

const page = readFileSync(new URL('../../../../../docs/protocols/box-bridge-1.md', import.meta.url), 'utf8');
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const control = (text: string): BridgeFrame => ({ kind: 1, payload: new TextEncoder().encode(text) });
const frameOf = (text: string): BridgeFrame => {
  const [kind = '', ...rest] = text.split(' ');
  if (kind === '1') return control(rest.join(' '));
  const turn = rest.map(Number);
  const count = turn.length === 0 ? 0 : 80;
  return { kind: Number(kind), payload: pcmBytes(Int16Array.from({ length: count }, (_, i) => turn[i % 2] ?? 0)) };
};

describe('the page of the protocol', () => {
  const blocks = [...page.matchAll(/```frame (.*)\n([\s\S]*?)```/g)].map(([, what = '', hex = '']) => [what, hex]);

  it('has its worked frames', () => expect(blocks).toHaveLength(5));

  it.each(blocks)('%s', (what, hex) => {
    const frame = frameOf(what ?? '');
    expect(Buffer.from(encodeBridgeFrame(frame)).toString('hex')).toBe(Buffer.from(unhex(hex ?? '')).toString('hex'));
    const seen: BridgeFrame[] = [];
    new BridgeDecoder().push(unhex(hex ?? ''), (one) => seen.push(one));
    expect(seen).toEqual([frame]);
    if (frame.kind === 2 && frame.payload.length > 0)
      expect([...(readSound(frame.payload) ?? [])].slice(0, 2)).toEqual([1000, -2]);
  });

  it('has proofs that are right', () => {
    const said = {
      hostNonce: '00112233445566778899aabbccddeeff',
      clientNonce: 'ffeeddccbbaa99887766554433221100',
      line: '1',
    };
    for (const [side, letter] of [
      ['client', 'P'],
      ['host', 'Q'],
    ] as const)
      expect(page).toContain(`${letter} ${bridgeProof('correct horse battery', proofText(side, said))}`);
  });

  it('names every event and order that is read, and no other', () => {
    const named = (from: string, to: string): string[] =>
      [...(page.split(from)[1]?.split(to)[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
    const known = named('## Events', '## Sound').filter((type) => {
      const samples = [
        { signal: 'ringStart' },
        { state: 'present' },
        { callerId: { method: 'fsk' } },
        { from: 'line', digit: '1' },
        { tone: 'busy', state: 'begins' },
        { by: 'polarity' },
        { why: 'busy' },
        { hook: 'on' },
        {},
        { state: 'voice' },
        { reason: 'removed' },
      ];
      return samples.some((sample) => {
        const text = JSON.stringify({ type: 'event', event: { type, ...sample } });
        return readControl(new TextEncoder().encode(text)).outcome === 'message';
      });
    });
    expect(known).toEqual(named('## Events', '## Sound'));
    expect(known).toHaveLength(12);
  });
});

describe('frames of a bridge', () => {
  it('are the same however the bytes are cut, and end at nonsense', () => {
    const good = [control('{"type":"done","id":1}'), { kind: 2, payload: new Uint8Array(160).fill(7) }, control('{}')];
    const faults = feedEveryWay<BridgeFrame>({
      create: () => new BridgeDecoder(),
      plain: ({ kind, payload }) => ({ kind, payload: [...payload] }),
      good: {
        name: 'frames',
        bytes: Uint8Array.from(good.flatMap((frame) => [...encodeBridgeFrame(frame)])),
        frames: good.map(({ kind, payload }) => ({ kind, payload: [...payload] })),
      },
      garbage: [],
      empty: { name: 'silence', bytes: unhex('0000000102'), frames: [{ kind: 2, payload: [] }] },
      multibyte: {
        name: 'UTF-8',
        bytes: encodeBridgeFrame(control('{"é":"线路😀"}')),
        frames: [{ kind: 1, payload: [...control('{"é":"线路😀"}').payload] }],
      },
      maxFrameBytes: 65_540,
      frameOfBytes: (count) => encodeBridgeFrame({ kind: 9, payload: new Uint8Array(count - 5).fill(1) }),
      overCap: 'throws',
      endless: unhex('00ff'),
    });
    expect(faults).toEqual([]);
  });

  it('of any content are a message, unknown or broken, and never thrown', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readControl(bytes).outcome !== 'message'));
    fc.assert(fc.property(fc.json(), (text) => readControl(new TextEncoder().encode(text)).outcome !== 'message'));
    for (const [text, outcome] of [
      ['{"type":"event","event":{"type":"digit","from":"line","digit":"x"}}', 'unknown'],
      ['{"type":"new","thing":1}', 'unknown'],
      ['{"type":"done","id":3,"more":1}', 'message'],
      ['[]', 'broken'],
      ['null', 'broken'],
      [`{"a":"${'x'.repeat(20_000)}"}`, 'broken'],
    ] as const)
      expect(readControl(new TextEncoder().encode(text)).outcome, text.slice(0, 40)).toBe(outcome);
    expect(readSound(new Uint8Array(161))).toBeUndefined();
    expect(readSound(new Uint8Array(642))).toBeUndefined();
    expect(readSound(new Uint8Array(158))).toBeUndefined();
  });
});
