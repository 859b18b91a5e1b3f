import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentDesk, CtiError, connectAgent } from '../src/index.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { agentView } from './views.js';

type Options = Parameters<typeof connectAgent>[0];
/** What an application's own failure may hold. */
const PERSONAL = 'no session of Zhang San, 13912345678';

let server: FakeServer;
let clock: ManualClock;
let warnings: unknown[][];
let warned: () => void;
let desk: AgentDesk | undefined;

beforeEach(() => {
  server = new FakeServer({ kind: 'agent', agent: agentView(), calls: [], pops: [] });
  clock = new ManualClock();
  warnings = [];
});

afterEach(async () => {
  await desk?.close();
  desk = undefined;
  server.close();
});

const warning = (): Promise<void> =>
  new Promise((resolve) => {
    warned = resolve;
  });

async function connect(over: Partial<Options>): Promise<AgentDesk> {
  const nothing = (): void => undefined;
  const warn = (...told: unknown[]): void => {
    warnings.push(told);
    warned();
  };
  const log = { debug: nothing, info: nothing, warn, error: nothing };
  desk = await connectAgent({ url: server.url, getToken: () => 'token-1', clock, random: Math.random, log, ...over });
  return desk;
}

const named = (name: string): Error => Object.assign(new Error(PERSONAL), { name });

test.each<[string, unknown, object]>([
  ['an error of the host', new TypeError(PERSONAL), { failure: 'TypeError' }],
  ['an error with a name of its own', named('HttpError'), { failure: 'HttpError' }],
  ['a name that may be personal', named(PERSONAL), { failure: 'unknown' }],
  ['no error at all', PERSONAL, { failure: 'unknown' }],
  ['an error in our words', new CtiError('auth.expired', PERSONAL), { failure: 'auth.expired' }],
])('a getToken that throws %s is told by its kind alone, and asked again', async (_what, thrown, facts) => {
  const failed = warning();
  let asked = 0;
  const connected = connect({
    getToken: () => {
      asked += 1;
      if (asked === 1) throw thrown;
      return 'token-2';
    },
  });
  await failed;
  expect(warnings).toEqual([['getToken failed', { reason: 'connect', ...facts }]]);
  while (asked < 2) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await connected;
  expect(asked).toBe(2);
});

test('a getToken that fails when a new token is due is told in the same way', async () => {
  server.welcome = { tokenEndsWallMs: clock.wallMs() + 120_000 };
  await connect({
    getToken: (reason) => {
      if (reason === 'renew') throw new TypeError(PERSONAL);
      return 'token-1';
    },
  });
  const failed = warning();
  for (let step = 0; step < 13; step += 1) {
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await failed;
  expect(warnings).toEqual([['getToken failed', { reason: 'renew', failure: 'TypeError' }]]);
});

test('a socket that cannot be made is no failure of getToken', async () => {
  const failed = warning();
  class Refusing {
    constructor() {
      throw new DOMException(PERSONAL, 'SecurityError');
    }
  }
  const given = new AbortController();
  const connecting = connect({ WebSocket: Refusing as never, signal: given.signal });
  await failed;
  given.abort();
  await expect(connecting).rejects.toMatchObject({ code: 'wait.aborted' });
  expect(warnings).toEqual([['no socket could be made', { failure: 'SecurityError' }]]);
});
