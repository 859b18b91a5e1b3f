import { expectTypeOf, test } from 'vitest';
import { defineConfig, type HostReply } from '../src/index.js';

test('functions of a configuration know what they get and what they must answer', () => {
  defineConfig({
    switches: { main: () => undefined },
    functions: {
      'find-order@1': async ({ pass, key, signal }) => {
        expectTypeOf(pass).toEqualTypeOf<Readonly<Record<string, string>>>();
        expectTypeOf(key).toEqualTypeOf<string>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return { way: 'found', values: { state: 'sent' } };
      },
      // @ts-expect-error an answer needs a way
      'wrong@1': () => ({ values: {} }),
    },
    ivr: {
      http: { allow: ['https://api.example.com', { origin: 'http://erp.internal:8080', network: 'private' }] },
      area: (number) => ({ city: number }),
      speech: {
        recognise: (audio, { phrases }) => {
          expectTypeOf(audio.bytes).toEqualTypeOf<Uint8Array>();
          return { way: 'match', text: phrases[0] ?? '' };
        },
        synthesise: async (text, { voice }) => new TextEncoder().encode(text + voice),
      },
    },
  });
  expectTypeOf<HostReply['way']>().toEqualTypeOf<string>();
});
