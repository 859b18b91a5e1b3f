import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { bank } from '../bank.js';
import { site } from '../site.js';
import { BankService, CARD, PIN } from './service.js';

/** The bank on a floor: ann and bob serve everybody, eve those on the list. */
function open(seed: number, service = new BankService()) {
  const floor = virtualFloor({
    seed,
    ivr: bank,
    queues: { service: { agents: ['ann', 'bob'] }, personal: { agents: ['eve'] } },
    lists: site.lists,
    services: { http: (request) => service.answer(request) },
  });
  floor.open();
  return floor;
}

/** A caller who has keyed in card and PIN, and hears the choices of the account. */
const known = (floor: ReturnType<typeof open>) =>
  floor.caller('+8613900000000').dials('8100').presses(`${CARD}#`, { after: '4s' }).presses(PIN, { after: '3s' });

test('balance, a person, and back to the account: card and PIN are in no record and no event', async () => {
  const floor = open(1);
  const caller = known(floor).presses('1', { after: '5s' }).presses('0', { after: '15s' }).talks({ for: '20s' });
  await floor.runUntil(caller.talking);
  const ann = floor.agents.find((agent) => agent.callIn('connected') !== undefined);
  const call = ann?.callIn('connected');
  expect(call?.data).toEqual({ level: 'gold' });
  if (ann === undefined || call === undefined) throw new Error('nobody talks');
  ann.transfer('ivr:bank');
  floor.run('10s');
  expect(caller.heard.at(-1)).toBe('bank/account');
  caller.presses('*', { after: '2s' });
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', queue: 'service', agents: [ann.name] });
  expect(cdr?.segments.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['flow', 'queue', 'talking']));
  expect(caller.heard).toEqual(expect.arrayContaining(['bank/balance-is', 'bank/yuan', 'bank/fen']));
  for (const secret of [CARD, PIN, 'A-77', '123456']) {
    expect(JSON.stringify([cdr, floor.events])).not.toContain(secret);
  }
  floor.checkInvariants();
});

test('the server dies while it books: the caller goes on, and one card is ordered', async () => {
  const service = new BankService();
  const keys: string[] = [];
  const floor = virtualFloor({
    seed: 2,
    ivr: bank,
    queues: { service: { agents: ['ann'] }, personal: { agents: [] } },
    lists: site.lists,
    services: {
      http(request) {
        const answer = service.answer(request);
        if (!request.url.endsWith('/orders')) return answer;
        keys.push(request.key);
        // The service has booked; the server dies before it hears of it.
        if (keys.length === 1) floor.host.crashAfterNextInput(3_000);
        return { ...answer, after: '1s' };
      },
    },
  });
  const caller = known(floor).presses('2', { after: '6s' }).presses('1', { after: '5s' });
  await floor.runUntil(() => caller.heard.includes('bank/order-number'), { within: '2m' });
  caller.presses('*', { after: '6s' });
  await floor.runUntil(caller.ended);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(service.booked.size).toBe(1);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'completedInFlow', data: { orderNumber: '5501' } });
  floor.checkInvariants();
});

test('who is on the list goes before the others, and to the machine when nobody is free', async () => {
  const floor = open(3);
  floor.agent('eve').isOnBreak();
  const caller = floor.caller('+8613911111111').dials('8100').presses(`${CARD}#`, { after: '45s' });
  caller.presses(PIN, { after: '3s' }).presses('*', { after: '8s' });
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)?.ivrPath).toEqual(
    expect.arrayContaining(['bank/start', 'bank/vip', 'bank/card', 'bank/pin', 'bank/account', 'bank/bye']),
  );
  floor.checkInvariants();
});

test('the service is away: after three tries a person', async () => {
  const service = new BankService();
  const floor = virtualFloor({
    seed: 4,
    ivr: bank,
    queues: { service: { agents: ['ann'] }, personal: { agents: [] } },
    lists: site.lists,
    services: { http: (request) => (request.url.endsWith('/balance') ? 'never' : service.answer(request)) },
  });
  const caller = known(floor).presses('1', { after: '5s' }).talks({ for: '10s' }).hangsUp();
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', agents: ['ann'] });
  expect(caller.heard).toContain('bank/trouble');
  floor.checkInvariants();
});
