import { pbkdf2 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesAtRest } from './files-at-rest.js';
import { SimulatedClock } from './simulated-clock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-rest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Holds all threads that serve files for a while: the next requests wait. */
function slow(): void {
  for (let thread = 0; thread < 8; thread++) pbkdf2('x', 'y', 20_000, 16, 'sha256', () => undefined);
}

/** Every kind of request, each behind threads that are busy. */
async function work(path: string): Promise<string> {
  slow();
  const file = await open(path, 'w');
  slow();
  await file.write('one line\n');
  slow();
  await file.datasync();
  slow();
  await file.close();
  slow();
  await readFile(path, 'utf8');
  slow();
  let text = '';
  for await (const piece of createReadStream(path)) text += String(piece);
  return text;
}

describe('files at rest', () => {
  it('are waited for through a chain of requests', async () => {
    const done: string[] = [];
    const working = work(join(folder, 'file')).then((text) => done.push(text));
    await filesAtRest();
    expect(done).toEqual(['one line\n']);
    await working;
  });

  it('hold a clock that lets them', async () => {
    const clock = new SimulatedClock(0, { between: filesAtRest });
    const story: string[] = [];
    clock.setTimer(10, () => {
      story.push('write');
      void work(join(folder, 'file')).then(() => story.push(`written at ${clock.nowMs()}`));
    });
    clock.setTimer(11, () => story.push('next'));
    await clock.tick(20);
    expect(story).toEqual(['write', 'written at 10', 'next']);
  });

  it('let a clock go on at once where nothing is asked of them', async () => {
    const clock = new SimulatedClock(0, { between: filesAtRest });
    let fired = 0;
    const again = (): void => {
      fired += 1;
      clock.setTimer(1, again);
    };
    again();
    await clock.tick(1_000);
    expect(fired).toBe(1_001);
  });
});
