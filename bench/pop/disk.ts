// A process of its own: what the disk takes for one append and sync beside the server's, in the same folder and the same minutes.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { tellParent } from '../lib/child.js';

/** Twenty a second: enough for a p99, a tenth of what the server syncs. */
const EVERY_MS = 50;
const line = Buffer.alloc(500, 0x61);
const [file = ''] = process.argv.slice(2);
const handle = openSync(file, 'a');
const values: number[] = [];

const timer = setInterval(() => {
  const beganMs = performance.now();
  writeSync(handle, line);
  fdatasyncSync(handle);
  values.push(performance.now() - beganMs);
}, EVERY_MS);

process.on('message', (order: { readonly type: 'begin' | 'end' }) => {
  if (order.type === 'begin') {
    values.length = 0;
    return;
  }
  clearInterval(timer);
  closeSync(handle);
  tellParent({ type: 'disk', values });
});
tellParent({ type: 'ready' });
