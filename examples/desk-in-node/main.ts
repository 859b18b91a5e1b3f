// CTI_URL=ws://127.0.0.1:8420 CTI_TOKEN=... npx tsx --conditions=@cordboard/source examples/desk-in-node/main.ts
import { openDesk } from './desk.js';

const { CTI_URL = 'ws://127.0.0.1:8420', CTI_TOKEN = '' } = process.env;
const desk = await openDesk({
  url: CTI_URL,
  getToken: () => CTI_TOKEN,
  lookUp: async (call) => ({ handledBy: 'desk-in-node', direction: call.direction }),
  write: (line) => console.log(JSON.stringify(line)),
});
console.error(`${desk.agent.name} is ${desk.agent.state}; Ctrl+C ends it`);
process.once('SIGINT', () => void desk.logOff().finally(() => desk.close()));
