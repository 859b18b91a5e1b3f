import { connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import type { Clock } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startDemo } from '../src/index.js';
import { incoming, next, silent } from './support.js';

/** The machine's clock, and the timers on it that have neither run nor been taken back. */
function watchedClock(): { readonly clock: Clock; readonly waiting: Set<object> } {
  const waiting = new Set<object>();
  const setTimer: Clock['setTimer'] = (delayMs, callback) => {
    const timer = {};
    waiting.add(timer);
    const cancel = systemClock.setTimer(delayMs, () => {
      waiting.delete(timer);
      callback();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  };
  return { clock: { ...systemClock, setTimer }, waiting };
}

test('nothing of the floor goes on when it has stopped in the midst of a call, so the process can end', async () => {
  const { clock, waiting } = watchedClock();
  const demo = await startDemo({
    host: '127.0.0.1',
    port: 0,
    seed: 1,
    trafficMs: 0,
    log: silent,
    random: Math.random,
    clock,
  });
  try {
    const WebSocketOfNode = WebSocket as unknown as SocketConstructor;
    await using desk = await connectAgent({
      url: demo.ws,
      getToken: () => demo.tokens.agent,
      WebSocket: WebSocketOfNode,
    });
    await desk.ready();
    const offered = next(desk, 'callOffered');
    expect((await incoming(demo.url, 'any')).status).toBe(202);
    await (await offered).call.answer();
    // The customer would talk for five minutes.
    expect(waiting.size).toBeGreaterThan(0);
  } finally {
    await demo.stop();
  }
  expect(waiting.size).toBe(0);
});
