// A process of its own: the whole server with its journal on disk, agents on a scripted switch.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createLogger, createServer } from '@cordboard/cti-server';
import { tellParent } from '../lib/child.js';
import { percentile } from '../lib/stats.js';
import { machineNow, Phones } from './phones.js';

const [agentCount = '200', ringMs = '500', talkMs = '9500'] = process.argv.slice(2);
const agents = Array.from({ length: Number(agentCount) }, (_, index) => `a${index}`);
const queues = ['q0', 'q1', 'q2', 'q3'];
const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));

/** What the disk alone takes: a line of 500 bytes appended and synced. */
function syncMs(): number {
  const file = openSync(join(dataDir, 'probe'), 'a');
  const line = Buffer.alloc(500, 0x61);
  const values = Array.from({ length: 200 }, () => {
    const began = machineNow();
    writeSync(file, line);
    fdatasyncSync(file);
    return (machineNow() - began) / 1e6;
  });
  closeSync(file);
  return percentile(values, 0.5);
}

let phones: Phones | undefined;
const server = createServer(
  {
    server: { port: 0, dataDir },
    dialPlan: { countryCode: '86', areaCode: '10', internal: [{ from: '80000', to: '80999' }] },
    switches: {
      main: (switchId: never) => {
        phones = new Phones(switchId, { ringMs: Number(ringMs), talkMs: Number(talkMs) });
        return phones;
      },
    },
    agents: Object.fromEntries(
      agents.map((id, index) => [id, { seat: String(80_000 + index), queues: [queues[index % 4] ?? 'q0'] }]),
    ),
    queues: Object.fromEntries(
      queues.map((id) => [id, { afterCallWork: 'never', popUrl: 'https://erp.example.com/c?phone={caller.number}' }]),
    ),
    routes: queues.map((queue, index) => ({ number: `400800000${index}`, to: { queue } })),
  },
  { log: createLogger({ level: 'error' }) },
);
const { url } = await server.start();
const tokens = await Promise.all(
  agents.map(async (userId) => (await server.makeToken({ userId, role: 'agent', ttlS: 3600 })).token),
);
tellParent({ type: 'listening', url, tokens, syncMs: syncMs() });

process.on('message', (order: { readonly type: 'run'; readonly calls: number; readonly everyMs: number }) => {
  let made = 0;
  const before = process.cpuUsage();
  const timer = setInterval(() => {
    if (made < order.calls) {
      phones?.call(`400800000${made % 4}`);
      made += 1;
      return;
    }
    clearInterval(timer);
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      tellParent({
        type: 'done',
        came: [...(phones?.cameNs ?? [])],
        rang: [...(phones?.rangNs ?? [])],
        cpuUs: user + system,
      });
    }, Number(ringMs) + 1000);
  }, order.everyMs);
});
