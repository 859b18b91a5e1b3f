// npm start
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBoard } from './board.js';

const dataDir = await mkdtemp(join(tmpdir(), 'cordboard-board-'));
const board = await startBoard({
  dataDir,
  ...(process.env.PORT === undefined ? {} : { port: Number(process.env.PORT) }),
});
console.log(`The board: ${board.url}`);
process.once('SIGINT', () => {
  void board.stop().then(() => rm(dataDir, { recursive: true, force: true }));
});
