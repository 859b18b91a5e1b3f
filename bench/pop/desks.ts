// A process of its own: agents' pages. Notes when the page's own code was told of a pop.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { type AgentDesk, connectAgent } from '@cordboard/agent-sdk';
import WebSocket from 'ws';
import { tellParent } from '../lib/child.js';
import { machineNow } from './phones.js';

type Order =
  | { readonly type: 'connect'; readonly url: string; readonly tokens: readonly string[] }
  | { readonly type: 'told' };
const told: [string, number][] = [];
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
const desks: AgentDesk[] = [];

async function open(url: string, token: string): Promise<void> {
  const desk = await connectAgent({ url, getToken: () => token, WebSocket: WebSocket as never });
  desk.on('pop', ({ pop, call }) => {
    if (pop.state === 'offered') told.push([(call?.caller.number ?? '').replace(/\D/gu, '').slice(-11), machineNow()]);
  });
  await desk.logOn();
  await desk.ready();
  desks.push(desk);
}

process.on('message', (order: Order) => {
  if (order.type === 'told') return tellParent({ type: 'told', told, loopP99Ms: loop.percentile(99) / 1e6 });
  void (async () => {
    for (const token of order.tokens) await open(order.url, token);
    loop.reset();
    tellParent({ type: 'connected' });
  })();
});
tellParent({ type: 'ready' });
