import {
  asId,
  type CallId,
  type CallView,
  type ClientCommand,
  type ClientOutcome,
  type StreamSnapshot,
} from '@cordboard/cti-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentDesk, connectAgent, type Pop, type PopReceipt, screenPop } from '../src/index.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { agentView, callView, popView } from './views.js';

const template =
  'https://erp.test/c?phone={caller.number}&queue={queue.name}&call={call.id}&o={data.order}&x={no.such}';

let server: FakeServer;
let clock: ManualClock;
let owner: string | undefined;
const desks: AgentDesk[] = [];
const receipts: string[] = [];

let call: CallView;

/** One pop: the first claim has it, as the server does it. */
function arbitrate(command: ClientCommand): ClientOutcome {
  if (command.type === 'pop.claim') {
    if (owner !== undefined) return { outcome: 'failed', code: 'pop.gone', message: 'another page has it' };
    owner = command.tab;
    server.publish({ type: 'pop', pop: popView({ state: 'claimed', claimedBy: owner }), call });
  }
  if (command.type === 'pop.acknowledge') {
    receipts.push(`${command.tab} ${command.outcome}`);
    server.publish({
      type: 'pop',
      pop: popView({ state: command.outcome, claimedBy: command.tab }),
      call,
    });
  }
  return { outcome: 'done' };
}

beforeEach(() => {
  const snapshot: StreamSnapshot = { kind: 'agent', agent: agentView(), calls: [], pops: [] };
  server = new FakeServer(snapshot);
  server.welcome = { queues: [{ queueId: 'support', name: 'Support & repair' }], notReadyReasons: ['lunch'] };
  server.answer = arbitrate;
  clock = new ManualClock();
  owner = undefined;
  call = callView('alerting');
  receipts.splice(0);
});

afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  server.close();
});

async function page(tab: string): Promise<AgentDesk> {
  const desk = await connectAgent({ url: server.url, getToken: () => 't', clock, tab });
  desks.push(desk);
  return desk;
}

async function quiet(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    clock.advance(0);
    for (const desk of desks) if (desk.link === 'online') await desk.logOn();
  }
}

const offer = (): unknown => server.publish({ type: 'pop', pop: popView(), call: callView('alerting') });

describe('screen pop', () => {
  test('is shown once whatever the number of pages, with its URL filled and its receipt told', async () => {
    const shown: Pop[] = [];
    for (const tab of ['t1', 't2', 't3']) {
      screenPop(await page(tab), {
        url: template,
        open: (pop) => {
          shown.push(pop);
          return undefined;
        },
      });
    }
    offer();
    await quiet();
    expect(shown).toHaveLength(1);
    expect(shown[0]?.url).toBe(
      'https://erp.test/c?phone=%2B8613900000000&queue=Support%20%26%20repair&call=e-c1&o=A%201&x=',
    );
    expect(receipts).toEqual([`${owner} shown`]);
  });

  test('opens nothing by itself when it is to be silent, and tells how it can be opened', async () => {
    const told: [string | undefined, PopReceipt][] = [];
    screenPop(await page('t1'), {
      url: template,
      open: 'silent',
      onReceipt: (pop, receipt, open) => {
        told.push([pop.url, receipt]);
        // There is no window on Node that could open.
        open();
      },
    });
    offer();
    await quiet();
    expect(told).toEqual([[expect.stringMatching(/^https:\/\/erp\.test\/c\?phone=/u), 'shown']]);
    expect(receipts).toEqual(['t1 shown']);
  });

  test.each([
    ['none', 'https://erp.test/new?phone=%2B8613900000000'],
    ['one', 'https://erp.test/c'],
    ['many', 'https://erp.test/c'],
  ] as const)('leads to the page for new customers when the directory knows: %s', async (decision, url) => {
    const match = { decision, customers: decision === 'none' ? [] : [{ id: '7', name: 'Mei' }] };
    const shown: (string | undefined)[] = [];
    screenPop(await page('t1'), {
      url: 'https://erp.test/c',
      createUrl: 'https://erp.test/new?phone={caller.number}',
      open: (pop) => {
        shown.push(pop.url);
        return 'shown';
      },
    });
    call = callView('alerting', { match });
    server.publish({ type: 'pop', pop: popView({ match }), call });
    await quiet();
    expect(shown).toEqual([url]);
  });

  test('goes to the next page when the one that claimed it says nothing', async () => {
    const shown: string[] = [];
    const first = await page('t1');
    let claimed = false;
    screenPop(first, {
      open: () => {
        claimed = true;
        return new Promise<PopReceipt>(() => undefined);
      },
    });
    const second = await page('t2');
    offer();
    await quiet();
    expect(claimed).toBe(true);
    await first.close();
    screenPop(second, {
      open: () => {
        shown.push('t2');
        return 'shown';
      },
    });
    await quiet();
    expect(shown).toEqual([]);
    owner = undefined;
    offer();
    await quiet();
    expect(shown).toEqual(['t2']);
    expect(receipts).toEqual(['t2 shown']);
  });

  test('waits for the answer when told so, and is found again after a reload', async () => {
    server.snapshot = { kind: 'agent', agent: agentView(), calls: [callView('alerting')], pops: [popView()] };
    const shown: string[] = [];
    const desk = await page('t1');
    screenPop(desk, {
      at: 'connected',
      open: (pop) => {
        shown.push(pop.call.state);
        return 'blocked';
      },
    });
    await quiet();
    expect(shown).toEqual([]);
    call = callView('connected');
    server.publish({ type: 'call', change: 'connected', call });
    await quiet();
    expect(shown).toEqual(['connected']);
    expect(receipts).toEqual(['t1 blocked']);
  });

  test('never shows a dead call', async () => {
    const shown: string[] = [];
    screenPop(await page('t1'), { open: () => void shown.push('shown') as undefined });
    server.answer = (command) => {
      if (command.type === 'pop.claim') {
        server.publish({ type: 'callEnded', callId: asId<CallId>('e-c1'), end: { cause: 'cancelled' } });
      }
      return arbitrate(command);
    };
    offer();
    await quiet();
    expect(shown).toEqual([]);
    expect(receipts).toEqual(['t1 dismissed']);
  });

  test('a function that fails is a dismissed pop, one that stays silent a shown one', async () => {
    screenPop(await page('t1'), {
      open: () => {
        throw new TypeError('mine');
      },
    });
    offer();
    await quiet();
    expect(receipts).toEqual(['t1 dismissed']);
    await desks[0]?.close();
    desks.splice(0);
    owner = undefined;
    screenPop(await page('t2'), { open: () => new Promise<PopReceipt>(() => undefined) });
    offer();
    await quiet();
    clock.advance(1_500);
    await quiet();
    expect(receipts).toEqual(['t1 dismissed', 't2 shown']);
  });

  test('stops when told, and refuses what it cannot do', async () => {
    const desk = await page('t1');
    const shown: string[] = [];
    const pops = screenPop(desk, { open: () => void shown.push('shown') as undefined });
    pops.stop();
    pops.stop();
    offer();
    await quiet();
    expect(shown).toEqual([]);
    expect(() => screenPop(desk, { open: 'tab', url: template })).toThrow(/argument.invalid/);
    expect(() => screenPop(desk, { open: () => undefined, url: 'javascript:alert({caller.number})' })).toThrow(
      /http and https/,
    );
    expect(() => screenPop({} as AgentDesk, { open: () => undefined })).toThrow(/argument.invalid/);
  });

  test('tells the reasons that the site has', async () => {
    expect((await page('t1')).notReadyReasons).toEqual(['lunch']);
  });
});
