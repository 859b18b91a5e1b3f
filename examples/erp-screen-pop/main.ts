// CTI_URL=ws://127.0.0.1:8420 CTI_TOKEN=... npx tsx --conditions=@cordboard/source examples/erp-screen-pop/main.ts
import { readFile } from 'node:fs/promises';
import { startErp } from './erp.js';

const { CTI_URL = 'ws://127.0.0.1:8420', CTI_TOKEN = '', PORT = '5173' } = process.env;
const client = new URL('../../packages/agent-sdk/dist/cordboard.js', import.meta.url);
const { url } = await startErp({
  port: Number(PORT),
  cti: () => CTI_URL,
  tokenOf: async () => CTI_TOKEN,
  client: await readFile(client, 'utf8'),
});
console.log(url);
