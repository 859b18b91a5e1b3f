import type { FarStep, SimulatedLine } from '@cordboard/adapters-usbbox/simulated';
import type { CallProgress } from '@cordboard/cti-core';
import { defineIvr, hangup, mailbox, orderDesk, play, transfer, voicemail } from '@cordboard/ivr-dsl';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { pause, until } from '../lab/wait.js';
import { Ear } from './ears.js';
import { HUM, LineFloor, ownNumber } from './line-floor.js';

const base = { languages: ['en'], prompts: { hello: 'hello', thanks: 'thanks', bye: 'bye' } } as const;
/** Straight on to an extension of the PBX behind the line. */
const toShop = defineIvr(
  { ...base, id: 'to-shop' },
  {
    start: play({ say: 'hello', next: 'shop' }),
    shop: transfer({ to: { extension: '613' }, busy: 'bye', noAnswer: 'bye', failed: 'bye' }),
    bye: hangup({ say: 'bye' }),
  },
);
const desk = defineIvr(
  { ...base, id: 'orders', groups: ['kitchen'] },
  {
    start: orderDesk('kitchen', { say: 'hello', max: '1m', timeout: 'bye', failed: 'bye' }),
    bye: hangup({ say: 'bye' }),
  },
);
const leave = (box: 'shop' | 'office') =>
  defineIvr(
    { ...base, id: `leave-${box}` },
    {
      start: voicemail(box, { greeting: 'hello', max: '30s', next: 'kept', empty: 'bye', failed: 'bye' }),
      kept: hangup({ say: 'thanks' }),
      bye: hangup({ say: 'bye' }),
    },
  );
const owner = (box: 'shop' | 'office') =>
  defineIvr(
    {
      id: `owner-${box}`,
      languages: ['en'],
      prompts: { pin: 'pin', wrong: 'wrong', message: 'message', menu: 'menu', none: 'none', bye: 'bye' },
    },
    {
      start: mailbox(box, {
        pinSay: 'pin',
        wrongSay: 'wrong',
        messageSay: 'message',
        menuSay: 'menu',
        noneSay: 'none',
        next: 'bye',
        refused: 'bye',
        failed: 'bye',
      }),
      bye: hangup({ say: 'bye' }),
    },
  );

const PLACES = [
  'agentFlash',
  'flowFlash',
  'orders',
  'kitchen',
  'ivrLift',
  'voicemailLift',
  'refused',
  'missed',
  'shop',
  'shopOwner',
  'office',
  'spare',
] as const;
const at = (place: (typeof PLACES)[number]): string => ownNumber(PLACES.indexOf(place));
const PIN = '4711';
const OFFICE_OWNER = '13800001111';

let floor: LineFloor;
beforeAll(async () => {
  floor = await LineFloor.open({
    lines: PLACES,
    config: {
      flows: [clinic, toShop, desk, leave('shop'), leave('office'), owner('shop'), owner('office')],
      groups: { kitchen: { members: ['8003', '8004'], ring: 'all' } },
      lists: { black: ['13700000000'] },
      firewall: { refuse: ['black'] },
      boxes: {
        shop: { pin: PIN },
        office: { pin: PIN, callOut: { number: OFFICE_OWNER, flow: 'owner-office' } },
      },
      routes: [
        { number: at('agentFlash'), to: { queue: 'desk' } },
        { number: at('flowFlash'), to: { ivr: 'to-shop' } },
        { number: at('orders'), to: { ivr: 'orders' } },
        { number: at('ivrLift'), to: { ivr: 'clinic' } },
        { number: at('voicemailLift'), to: { ivr: 'leave-shop' } },
        { number: at('refused'), to: { ivr: 'clinic' } },
        { number: at('missed'), to: { agent: 'gil' } },
        { number: at('shop'), to: { ivr: 'leave-shop' } },
        { number: at('shopOwner'), to: { ivr: 'owner-shop' } },
        { number: at('office'), to: { ivr: 'leave-office' } },
      ],
    },
  });
});
afterAll(() => floor?.close());

const hums = [{ do: 'hum', hz: HUM.caller, forMs: 600_000 }] as const;

test.concurrent('an agent sends the caller to an extension behind the line by a flash', async () => {
  const line = floor.line('agentFlash');
  line.phone.habit = 'answer';
  const ann = await floor.desk('ann');
  await ann.ready();
  line.exchange.callIn({ number: '13900000101', answered: hums });
  const call = await until(() => [...ann.calls].find(({ state }) => state === 'connected'), {
    what: 'the talk',
    seen: () => [ann.agent.state, line.exchange.state, line.phone.bell, ...[...ann.calls].map(({ state }) => state)],
  });
  const before = line.exchange.flashes;
  await call.transfer('612');
  await until(() => line.exchange.transferredTo, { what: 'the exchange to have it' });
  expect([line.exchange.transferredTo, line.exchange.flashes - before]).toEqual(['612', 1]);
  expect(await floor.cdrOf('13900000101')).toMatchObject({
    cause: 'transferred',
    endedBy: 'agent',
    transfers: [{ kind: 'blind', by: 'ann', to: '612', outcome: 'done' }],
  });
});

test.concurrent('a flow sends the caller to an extension behind the line by a flash', async () => {
  const line = floor.line('flowFlash');
  line.exchange.callIn({ number: '13900000102', answered: hums });
  const cdr = await floor.cdrOf('13900000102');
  expect(cdr).toMatchObject({ cause: 'transferred', transfers: [{ by: 'system', outcome: 'done' }] });
  // The exchange takes a line for released after a second and a half.
  await until(() => line.exchange.transferredTo === '613', { what: 'the exchange to have it' });
});

test.concurrent('an order desk: music for the caller while bells ring, until somebody picks one up', async () => {
  const line = floor.line('orders');
  const far = new Ear();
  line.exchange.listener = far.listen;
  line.exchange.callIn({ number: '13900000103', answered: hums });
  const kitchen = [line, floor.line('kitchen')];
  await until(() => kitchen.every(({ phone }) => phone.bell === 'rings'), {
    what: 'both bells',
    seen: () => kitchen.map(({ phone, exchange }) => [exchange.state, phone.bell, far.heard(HUM.prompt)]),
  });
  await until(() => far.heard(HUM.music) > 1_000, { what: 'music for the caller', everyMs: 200 });
  floor.line('kitchen').phone.lift();
  await until(() => far.heard(HUM.agent) > 600, { what: 'who picked up', everyMs: 200 });
  await until(() => line.phone.bell === 'silent', { what: 'the other bell to be silent' });
  line.exchange.hangUp();
  expect(await floor.cdrOf('13900000103')).toMatchObject({ outcome: 'answered', endedBy: 'caller' });
});

test.concurrent.each([
  ['an IVR', 'ivrLift', 'dan', '13900000104', HUM.prompt],
  ['a voicemail', 'voicemailLift', 'eve', '13900000105', HUM.prompt],
] as const)('a phone that is lifted takes the caller out of %s', async (_, place, agent, number, hears) => {
  const line = floor.line(place);
  const far = new Ear();
  line.exchange.listener = far.listen;
  await (await floor.desk(agent)).logOn();
  line.exchange.callIn({ number, answered: hums });
  await until(() => far.heard(hears) > 200, {
    what: 'the flow to speak',
    everyMs: 100,
    seen: () => [line.exchange.state, far.ms],
  });
  await pause(1_200);
  line.phone.lift();
  await until(() => far.heard(HUM.agent) > 1_200, {
    what: 'who lifted',
    everyMs: 200,
    seen: () => [line.exchange.state, line.phone.hook, far.heard(HUM.agent)],
  });
  line.exchange.hangUp();
  expect(await floor.cdrOf(number)).toMatchObject({ outcome: 'answered', agents: [agent], endedBy: 'caller' });
});

test.concurrent('a caller on the black list is refused and written down', async () => {
  const line = floor.line('refused');
  const far = new Ear();
  line.exchange.listener = far.listen;
  line.exchange.callIn({ number: '13700000000' });
  expect(await floor.cdrOf('13700000000')).toMatchObject({ outcome: 'blocked', ivrPath: [] });
  await until(() => line.exchange.isFree, { what: 'the line to be free', withinMs: 30_000 });
  expect(far.loudest()).toBeLessThan(100);
});

test.concurrent('a caller who gives up before anybody answers is kept with the number', async () => {
  const line = floor.line('missed');
  await (await floor.desk('gil')).ready();
  line.exchange.callIn({ number: '13900000107', rings: 2 });
  await until(() => line.phone.bell === 'rings', { what: 'the bell' });
  const cdr = await floor.cdrOf('13900000107', 90_000);
  expect(cdr).toMatchObject({ direction: 'inbound', calling: { e164: '+8613900000107' }, missedBy: ['gil'] });
  expect(cdr.answeredWallMs).toBeUndefined();
  await until(() => line.phone.bell === 'silent', { what: 'the bell to be silent' });
});

const listens = [{ do: 'silence', forMs: 600_000 }] as const;

/** Does something on a line once a prompt has been heard there, as whoever listens does. */
async function afterPrompt(line: SimulatedLine, steps: readonly FarStep[]): Promise<Ear> {
  const far = new Ear();
  line.exchange.listener = far.listen;
  await until(() => far.heard(HUM.prompt) > 200, { what: 'a prompt', withinMs: 90_000, everyMs: 100 });
  line.exchange.script([{ do: 'silence', forMs: 1_000 }, ...steps, ...listens]);
  return far;
}

/** Calls, says something after the greeting and the tone, and ends it. */
async function leavesMessage(place: (typeof PLACES)[number], number: string): Promise<void> {
  const line = floor.line(place);
  line.exchange.callIn({ number, answered: listens });
  await afterPrompt(line, [
    { do: 'silence', forMs: 1_000 },
    { do: 'hum', hz: HUM.caller, forMs: 3_500 },
    { do: 'press', digits: '#' },
  ]);
}

interface Message {
  readonly box: string;
  readonly state: string;
}
const messages = async (box: string): Promise<readonly Message[]> =>
  (await floor.rest<{ readonly items: readonly Message[] }>(`/v1/messages?box=${box}`)).items;

test.concurrent('a message is left on one line and heard by PIN on another', async () => {
  await leavesMessage('shop', '13900000108');
  await until(async () => (await messages('shop')).length > 0, { what: 'the message', withinMs: 90_000, everyMs: 200 });
  const line = floor.line('shopOwner');
  line.exchange.callIn({ number: '13900000109', answered: listens });
  const far = await afterPrompt(line, [{ do: 'press', digits: PIN }]);
  await until(() => far.heard(HUM.caller) > 1_200, { what: 'the message', withinMs: 90_000, everyMs: 200 });
  await until(async () => (await messages('shop'))[0]?.state === 'heard', {
    what: 'the message to be marked',
    withinMs: 90_000,
    everyMs: 200,
  });
  line.exchange.hangUp();
});

test.concurrent('the owner of a box is called when a message comes, and hears it after the PIN', async () => {
  floor.box.numbers.set(OFFICE_OWNER, [
    { do: 'ringback', cycles: 1 },
    { do: 'answer', polarity: 'reversed' },
    ...listens,
  ]);
  await leavesMessage('office', '13900000110');
  const called = await until(
    () => floor.box.lines.find(({ exchange }) => exchange.dialledNumbers.includes(OFFICE_OWNER)),
    { what: 'the owner to be called', withinMs: 90_000 },
  );
  await afterPrompt(called, [{ do: 'press', digits: PIN }]);
  await until(async () => (await messages('office'))[0]?.state === 'heard', {
    what: 'the owner to have heard it',
    withinMs: 120_000,
    everyMs: 200,
  });
  called.exchange.hangUp();
  const cdr = await floor.cdrOf(OFFICE_OWNER, 90_000);
  const progress: CallProgress | undefined = cdr.progress;
  expect(progress).toMatchObject({ result: 'answered', evidence: { by: 'polarity', confidence: 1 } });
});
