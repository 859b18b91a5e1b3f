import { expect, it } from 'vitest';
import { Scheduler } from '../../src/index.js';
import { PbxMemory as Memory, type PbxMemory, SerialPbx } from '../../src/serial/index.js';
import { BINARY } from '../../src/serial/kts/binary.js';
import type { Incoming } from '../../src/serial/kts/frame.js';
import { blocks, bytesOf } from './document.js';
import { START } from './host.js';

interface Step {
  readonly by: 'H' | 'P';
  readonly bytes: Uint8Array;
}

function session(): readonly Step[] {
  return blocks('kts-session').flatMap((block) =>
    block.split('\n').map((line) => ({
      by: line.startsWith('H') ? ('H' as const) : ('P' as const),
      bytes: bytesOf(line.slice(2).split(';')[0]?.trim() ?? ''),
    })),
  );
}

/** What this PBX may say more than the page's, which says only what must be said: when it was, and its version and class. */
function bare(read: Incoming | undefined): unknown {
  if (read?.kind !== 'frame') return read;
  const { at: _, cls: __, version: ___, window: ____, caps: _____, epoch, model, ...one } = read.fields.one;
  const named = read.word === 'WELCOME' || model === undefined ? {} : { model };
  return {
    word: read.word,
    number: read.number,
    one: { ...one, ...named, ...(epoch === undefined ? {} : { epoch: 0 }) },
    many: read.fields.many,
  };
}

/** The memory of the PBX on the page. */
function memoryOfPage(): PbxMemory {
  const memory = new Memory({ store: 99, boot: 11 });
  memory.lastCall = 6;
  memory.nextRecord = 501;
  return memory;
}

it('is the PBX of the session on the page', () => {
  const clock = new Scheduler(START);
  const sim = new SerialPbx({ clock, lines: 4, extensions: 8, model: 'KTS-816', memory: memoryOfPage() });
  sim.pbx.parameters.set({ item: 25, index: 3, field: 2 }, 1);
  const said: Incoming[] = [];
  const decoder = BINARY.decoder();
  const send = sim.line.connect((bytes) => said.push(...decoder.push(bytes)));
  sim.pbx.setLineService(4, 'out');
  sim.start();
  let rang: 'rang' | undefined;
  for (const { by, bytes } of session()) {
    const [expected] = BINARY.decoder().push(bytes);
    clock.runTo(clock.nowMs() + 300);
    if (by === 'H') send(bytes);
    else {
      const isRing = expected?.kind === 'frame' && expected.word === 'LINE' && expected.fields.one.lineState === 'RING';
      if (isRing && rang === undefined) {
        rang = 'rang';
        sim.outside.call({ line: 3, number: '13912345678' });
      }
      for (let n = 0; n < 20 && said.length === 0; n++) clock.runTo(clock.nowMs() + 100);
      expect(bare(said.shift())).toEqual(bare(expected));
    }
  }
  clock.runTo(clock.nowMs() + 300);
  expect(said).toEqual([]);
});
