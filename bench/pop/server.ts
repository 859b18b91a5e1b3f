// A process of its own: the whole server with its journal on disk, agents on a scripted switch.
import { join } from 'node:path';
import process from 'node:process';
import { createLogger, createServer, folderStorage } from '@cordboard/cti-server';
import { ownFolder, tellParent } from '../lib/child.js';
import { Phones } from './phones.js';
import { Stages } from './stages.js';

const [agentCount = '200', ringMs = '500', talkMs = '9500'] = process.argv.slice(2);
const agents = Array.from({ length: Number(agentCount) }, (_, index) => `a${index}`);
const queues = ['q0', 'q1', 'q2', 'q3'];
const dataDir = ownFolder();

const stages = new Stages();
let phones: Phones | undefined;
const server = createServer(
  {
    server: { port: 0, dataDir },
    dialPlan: { countryCode: '86', areaCode: '10', internal: [{ from: '80000', to: '80999' }] },
    switches: {
      main: (switchId: never) => {
        phones = new Phones(switchId, {
          ringMs: Number(ringMs),
          talkMs: Number(talkMs),
          onRing: (id) => stages.rang(id),
        });
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
  {
    log: createLogger({ level: 'error' }),
    engine: stages.maker,
    journalStorage: stages.storage(folderStorage(join(dataDir, 'journal'))),
  },
);
const { url } = await server.start();
const tokens = await Promise.all(
  agents.map(async (userId) => (await server.makeToken({ userId, role: 'agent', ttlS: 3600 })).token),
);
tellParent({ type: 'listening', url, tokens, diskFile: join(dataDir, 'probe') });

process.on('message', (order: { readonly type: 'run'; readonly calls: number; readonly everyMs: number }) => {
  stages.begin();
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
        ways: stages.ways,
        syncs: stages.syncs,
        collections: stages.collections,
        ...stages.figures,
      });
    }, Number(ringMs) + 1000);
  }, order.everyMs);
});
