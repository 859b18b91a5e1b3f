import process from 'node:process';
import { systemClock } from '@cordboard/driver-kit';
import { openTcp } from '../../src/profile/index.js';
import { openSmdrArchive, openSmdrIntake } from '../../src/smdr/index.js';

const [folder = '', port = '0'] = process.argv.slice(2);
const intake = openSmdrIntake({
  clock: systemClock,
  random: Math.random,
  format: 'kx-ta',
  settings: { begins: 'whole' },
  timeZone: 'UTC',
  open: openTcp({ host: '127.0.0.1', port: Number(port) }),
  archive: openSmdrArchive(folder),
  policy: { backoffFirstMs: 20, backoffFloorMs: 10 },
  sink: { records: (records) => void process.stdout.write(`kept ${records.length}\n`) },
});
intake.start();
