// The server in a process of its own, so that it can be killed. Its switch lives on in the process that started it, at the other end of a pipe.
import process from 'node:process';
import type { CtiDriver, DriverCommand, DriverEvent, DriverReply, DriverSink, SwitchId } from '@cordboard/cti-core';
import { createServer } from '../../../src/index.js';
import type { ToServer, ToSwitch } from './pipe.js';

const tell = (message: ToSwitch): void => void process.send?.(message);
const [dataDir = '', more = '{}'] = process.argv.slice(2);
let sink: DriverSink = () => undefined;
const replies = new Map<string, (reply: DriverReply) => void>();

const far = (switchId: SwitchId): CtiDriver => ({
  switchId,
  profile: 'media',
  capabilities: new Set(),
  async start(given) {
    sink = given;
    tell({ type: 'start' });
  },
  execute(command: DriverCommand) {
    return new Promise((resolve) => {
      replies.set(command.commandId, resolve);
      tell({ type: 'execute', command });
    });
  },
  openRecording: async () => undefined,
  stop: async () => undefined,
});

const server = createServer({
  server: { port: 0, dataDir, logLevel: 'error', journalFileBytes: 200_000 },
  timeZone: 'Asia/Shanghai',
  dialPlan: { countryCode: '86', areaCode: '10', internal: [{ from: '8000', to: '8999' }] },
  switches: { main: { driver: far, defaultTrunk: 'carrier' } },
  agents: {
    ann: { seat: '8001', queues: ['support'] },
    cat: { seat: '8003', queues: ['support'] },
    bob: { seat: '8002' },
  },
  queues: { support: { ringTimeout: '5s', afterCallWork: 'never' } },
  routes: [{ number: '4008001000', to: { queue: 'support' } }],
  notReadyReasons: ['break', 'meal'],
  ...(JSON.parse(more) as object),
});

process.on('message', (message: ToServer) => {
  if (message.type === 'event') sink(message.event as DriverEvent);
  else if (message.type === 'reply') replies.get(message.commandId)?.(message.reply as DriverReply);
  else void server.settled().then(() => tell({ type: 'settled' }));
});
const { url, ws } = await server.start();
const tokens: Record<string, string> = {};
for (const userId of ['ann', 'bob', 'cat']) {
  tokens[userId] = (await server.makeToken({ userId, role: 'agent', ttlS: 600 })).token;
}
tokens.admin = (await server.makeToken({ userId: 'root', role: 'admin', ttlS: 600 })).token;
tell({ type: 'listening', url, ws, tokens });
