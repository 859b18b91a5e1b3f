import { asId, type RecordingId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { Recorder } from '../../src/record/recorder.js';
import { diskStorage, type Storage } from '../../src/storage.js';

/** Records until it is killed; says so when there is something on the disk. */
const folder = process.argv[2] ?? '';
let writes = 0;
const storage: Storage = {
  ...diskStorage,
  async open(path, how) {
    const file = await diskStorage.open(path, how);
    return {
      ...file,
      async write(bytes, position) {
        await file.write(bytes, position);
        writes += 1;
        if (writes === 3) process.stdout.write('written\n');
      },
    };
  },
};
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const recorder = new Recorder({ folder, storage, clock: systemClock, log });
const made = await recorder.begin(asId<RecordingId>('killed'), { tracks: 'mixed', format: 'wav49' });
if (typeof made === 'string') throw new Error(made);
const block = new Int16Array(160).map((_, index) => Math.round(4_000 * Math.sin(index / 5)));
setInterval(() => {
  made.fromParty(block);
  made.toParty(block);
}, 5);
