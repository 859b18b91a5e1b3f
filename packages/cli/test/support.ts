import type { AgentDesk, Call, DeskEvents, Supervisor } from '@cordboard/agent-sdk';
import type { Logger } from '@cordboard/cti-core';
import { startDemo } from '../src/index.js';

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A quiet floor: nobody calls but who is asked to. */
export const quietFloor = (origins: readonly string[] = []): ReturnType<typeof startDemo> =>
  startDemo({ host: '127.0.0.1', port: 0, seed: 1, trafficMs: 0, origins, log: silent, random: Math.random });

/** The next event of a name that fits. */
export function next<K extends keyof DeskEvents & string>(
  desk: AgentDesk,
  name: K,
  fits: (event: DeskEvents[K]) => boolean = () => true,
): Promise<DeskEvents[K]> {
  return new Promise((resolve) => {
    const stop = desk.on(name, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** Resolves when the board shows what is waited for. */
export function boardShows(board: Supervisor, fits: () => boolean): Promise<void> {
  if (fits()) return Promise.resolve();
  return new Promise((resolve) => {
    const stops = (['agentChanged', 'queueChanged', 'callChanged', 'callEnded', 'reset'] as const).map((name) =>
      board.on(name, () => {
        if (!fits()) return;
        for (const stop of stops) stop();
        resolve();
      }),
    );
  });
}

export const incoming = async (url: string, from: string): Promise<Response> =>
  fetch(`${url}/demo/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from }),
  });

/** Resolves when a call is in a state. */
export function until(desk: AgentDesk, call: Call, state: Call['state']): Promise<unknown> {
  return call.state === state
    ? Promise.resolve()
    : next(desk, 'callUpdated', (event) => event.call === call && call.state === state);
}
