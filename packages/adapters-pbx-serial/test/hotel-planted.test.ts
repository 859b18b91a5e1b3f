import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHotelBridge } from '../src/hotel/index.js';
import { firstFaultOf, type StartBridge } from './hotel/check-bridge.js';

const home = fileURLToPath(new URL('../src/hotel/', import.meta.url));

interface Defect {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Each of them has been, or could well be, in such a bridge. */
const DEFECTS: Readonly<Record<string, Defect>> = {
  'a repeated posting has a new number': {
    file: 'bridge/poster.ts',
    from: "fiasRecord('PS', head.values)",
    to: "fiasRecord('PS', { ...head.values, 'P#': String(head.sequence + 1000 * (times - 1)) })",
  },
  'any answer is for the posting under way': {
    file: 'bridge/poster.ts',
    from: 'return Number(number) === sequence;',
    to: 'return true;',
  },
  'a posting without an answer counts as posted': {
    file: 'bridge/poster.ts',
    from: 'const status = this.#status;',
    to: "const status = this.#status ?? (this.#sent !== undefined && this.#sent.times > 0 && this.#sent.dueMs <= clock.nowMs() ? 'OK' : undefined);",
  },
  'a posting is sent once and waited for': {
    file: 'bridge/poster.ts',
    from: 'dueMs: nowMs + answerMs * Math.min(8, 2 ** (times - 1))',
    to: 'dueMs: Number.MAX_SAFE_INTEGER',
  },
  'a posting is enquired about by sending it again': {
    file: 'bridge/poster.ts',
    from: "'enquire')",
    to: "'repeat')",
  },
  'try again is taken for a refusal': {
    file: 'fias/answers.ts',
    from: "RY: { text: 'try again', verdict: 'again' }",
    to: "RY: { text: 'try again', verdict: 'refused' }",
  },
  'the night audit is not respected': {
    file: 'bridge/poster.ts',
    from: 'this.#options.clock.nowMs() + AUDIT_MS',
    to: '0',
  },
  'a call record that comes again is charged again': {
    file: 'ledger/ledger.ts',
    from: 'if (this.#keys.has(key)) return undefined;',
    to: '',
  },
  'what is settled is not kept': {
    file: 'ledger/ledger.ts',
    from: 'await this.#file.append([JSON.stringify(entry)]);',
    to: "if (entry.t !== 'settle') await this.#file.append([JSON.stringify(entry)]);",
  },
  'numbers begin anew after a restart': {
    file: 'ledger/ledger.ts',
    from: 'this.#lastSequence = entry.p;\n        return this.#remember',
    to: 'this.#lastSequence = entry.p + 5000;\n        return this.#remember',
  },
  'a posting goes out before it is on the disk': {
    file: 'ledger/ledger.ts',
    from: 'return this.#durable.has(posting.sequence) ? posting : undefined;',
    to: 'return posting;',
  },
  'the last charge goes first': {
    file: 'ledger/ledger.ts',
    from: 'for (const posting of this.#postings.values()) return',
    to: 'for (const posting of [...this.#postings.values()].reverse()) return',
  },
  'done commands are done again after a restart': {
    file: 'ledger/ledger.ts',
    from: "return this.#write({ t: 'done', n });",
    to: 'this.#orders.delete(n);\n    return Promise.resolve();',
  },
  'the check leaves ETX out': { file: 'fias/decoder.ts', from: 'this.#lrc ^= ETX;', to: '' },
  'the check is not looked at': {
    file: 'fias/decoder.ts',
    from: 'if (byte === this.#lrc) return this.#whole(sink);',
    to: 'return this.#whole(sink);',
  },
  'a record that was damaged is acknowledged': {
    file: 'link/channel.ts',
    from: 'return this.#answer(NAK);',
    to: 'return this.#answer(ACK);',
  },
  'a record that comes again is done again': {
    file: 'link/channel.ts',
    from: 'if (!isAgain) deliver(record);',
    to: 'deliver(record);',
  },
  'a written report counts as read': {
    file: 'link/fias-link.ts',
    from: 'await session?.confirm();',
    to: '',
  },
  'a hotel system that restarts is not told anything': {
    file: 'link/vendor-role.ts',
    from: "case 'LS':",
    to: "case 'LS':\n        if (this.#state === 'alive') return 'mine';",
  },
  'nobody asks who is in': {
    file: 'bridge/hotel-bridge.ts',
    from: "if (resync === 'ask')",
    to: "if (resync === 'never')",
  },
  'the first of two guests who leaves closes the telephone': {
    file: 'bridge/front-desk.ts',
    from: 'if (state.guests.size > 0 && (knew || isShared))',
    to: 'if (state.guests.size > 9)',
  },
  'an empty hotel is believed': {
    file: 'bridge/front-desk.ts',
    from: "if (seen.size === 0 && gone.length > 0) return trouble('emptySwap');",
    to: '',
  },
  'what the hotel system set is told to it': {
    file: 'bridge/front-desk.ts',
    from: 'if (state.dnd === event.mode) return undefined;',
    to: '',
  },
  'a class goes to the PBX as it comes': {
    file: 'bridge/front-desk.ts',
    from: 'this.#classes.byLevel[Number(level)]',
    to: 'Number(level)',
  },
  "the latest wake-up call is the PBX's": {
    file: 'ledger/ledger.ts',
    from: '[...at].sort()',
    to: '[...at].sort().reverse()',
  },
  'a wake-up call that was refused is not told': {
    file: 'bridge/hotel-bridge.ts',
    from: "if (command.type === 'wakeUp' && room !== undefined)",
    to: "if (command.type === 'wakeUpClear' && room !== undefined && 'at' in command)",
  },
  'a PBX that is away loses the command': {
    file: 'bridge/orders.ts',
    from: "isCtiError(error, 'driver.linkLost') ||",
    to: '',
  },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-hotel-planted-'));
  await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The bridge with one place of its source changed. */
async function planted({ file, from, to }: Defect, name: string): Promise<StartBridge> {
  const path = join(home, file);
  const source = await readFile(path, 'utf8');
  expect(source.split(from)).toHaveLength(2);
  const outfile = join(folder, `${name.replace(/\W+/gu, '-')}.mjs`);
  await build({
    entryPoints: [join(home, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    external: ['serialport', 'exceljs', 'zod'],
    logLevel: 'error',
    plugins: [
      {
        name: 'defect',
        setup: (bundle) => {
          bundle.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents: source.replace(from, () => to), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  const made = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
    readonly startHotelBridge: StartBridge;
  };
  return made.startHotelBridge;
}

describe('defects planted in the bridge', () => {
  it('finds none in the bridge itself', async () => {
    expect(await firstFaultOf(startHotelBridge)).toBeUndefined();
  }, 180_000);

  it.each(Object.entries(DEFECTS))(
    'finds that %s',
    async (name, defect) => {
      expect(await firstFaultOf(await planted(defect, name))).toBeDefined();
    },
    300_000,
  );
});
