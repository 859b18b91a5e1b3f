import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AsteriskLab } from '../lab/asterisk.js';
import { ACCOUNT, CARD, LabBank, PIN } from '../lab/bank-service.js';
import { goReady, inState, must, oneCdr } from '../lab/floor.js';
import { BANK_NUMBER, CLINIC_NUMBER, type IvrSite, openDay } from '../lab/ivr-site.js';
import { soundFiles } from '../lab/ivr-sounds.js';
import { AsteriskSwitch } from '../lab/lab-switch.js';
import { Listener } from '../lab/listener.js';
import { readWav } from '../lab/pcm.js';
import { ServerFloor } from '../lab/server-floor.js';
import { SipPhone } from '../lab/sip-phone.js';
import { SippParty } from '../lab/sipp.js';
import { CUSTOMER, MUSIC } from '../lab/talk.js';
import { ALL_TONES, TONE } from '../lab/tone-plan.js';
import { analyse, heardMs } from '../lab/tones.js';
import { pause, until } from '../lab/wait.js';
import type { Scenario, ScenarioLab } from '../scenario.js';

const SECRET = 'the-key-of-the-bank-in-the-laboratory';
/** Long pauses: a switch that gets no core for so long hears one key twice. */
const KEYS = { ms: 80, gapMs: 160 };

/** The trunk takes keys as events from callers who offer them, and hears them in the sound of all others. */
function keysEitherWay(name: string, text: string): string {
  return name === 'pjsip.conf' ? text.replace('aors = trunk\n', 'aors = trunk\ndtmf_mode = auto\n') : text;
}

const CARD_HEARD = { right: 'bank/pin-ask', wrong: 'bank/card-wrong' };
const PIN_HEARD = { right: 'bank/account', wrong: 'bank/pin-again' };

/** A server with an example's flow on an Asterisk that has the sounds of the examples. */
async function open(lab: ScenarioLab, site: IvrSite) {
  const asterisk = await AsteriskLab.start({ sounds: soundFiles(), patch: keysEitherWay });
  lab.keep({ close: () => asterisk.stop() });
  lab.onFailure('asterisk.log.txt', () => asterisk.log());
  const pbx = new AsteriskSwitch(asterisk);
  const floor = lab.keep(await ServerFloor.open({ link: pbx.link(), site }));
  lab.onFailure('server.log.txt', () => floor.log());
  lab.onFailure('trace.txt', () => floor.trace());
  lab.tells(() => floor.told());
  const phone = lab.keep(await SipPhone.start(asterisk, { extension: '8001' }));
  const calls = async (to: string, how: { readonly voice?: number; readonly keys?: 'asEvents' | 'asSound' } = {}) => {
    const caller = await SippParty.call(asterisk, { to, from: CUSTOMER, ...how });
    lab.parties.push(caller);
    lab.keep(caller);
    await caller.answered();
    const press = (keys: string): Promise<void> =>
      how.keys === 'asSound' ? caller.voice.pressAsSound(keys) : caller.voice.press(keys, KEYS);
    const ear = new Listener(caller.hearing);
    /** Keys in what is asked for, and once more when that is said to be wrong: a switch that gets no core for a while may hear a key twice. */
    const keyIn = async (keys: string, said: { readonly right: string; readonly wrong: string }): Promise<void> => {
      for (let tries = 1; ; tries += 1) {
        await press(keys);
        const heard = await ear.either(said.right, said.wrong);
        if (heard === said.right) return;
        if (tries === 3) throw new Error(`heard ${heard} three times`);
        lab.note(`heard ${heard}, once more`);
        // The question is asked again.
        await pause(500);
      }
    };
    return { caller, ear, press, keyIn };
  };
  return { asterisk, floor, phone, calls };
}

/** The bank's service, and a floor whose flow asks it. */
async function openBank(lab: ScenarioLab) {
  const bank = lab.keep(await LabBank.open(SECRET));
  const keyFile = join(lab.folder(), 'bank.key');
  writeFileSync(keyFile, `${SECRET}\n`);
  lab.onFailure('bank.txt', () => JSON.stringify([bank.requests, [...bank.booked], bank.faults], null, 1));
  return { bank, ...(await open(lab, { example: 'bank', origin: bank.origin, keyFile })) };
}

/** Whether a secret stands in a text. A few digits stand in a time by chance: they count where no other digit is beside them. */
function stands(secret: string, text: string): boolean {
  return /^\d{1,8}$/.test(secret) ? new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text) : text.includes(secret);
}

/** What the caller keyed in, and the key of the bank, are in no file of the data folder, in no log and in nothing that was told. */
async function nowhere(floor: ServerFloor, secrets: readonly string[]): Promise<string> {
  const told = [...floor.desks.values()].map((desk) => JSON.stringify(desk.told)).join('\n');
  const cdrs = JSON.stringify(await floor.cdrs());
  const files = filesBelow(floor.dataDir);
  const texts = new Map([['log', floor.log()], ['events', told], ['records', cdrs], ...files]);
  for (const [name, text] of texts) {
    const leaked = secrets.findIndex((secret) => stands(secret, text));
    if (leaked >= 0) throw new Error(`secret ${leaked} is in ${name}`);
    if (/"digit":"[0-9*#]"/.test(text)) throw new Error(`a key is in clear in ${name}`);
  }
  const journal = files.filter(([name]) => name.endsWith('.journal'));
  // The check itself must be able to see: keys are there, sealed.
  if (!journal.some(([, text]) => text.includes('"digit":"h:'))) throw new Error('no sealed key in the journal');
  return `${files.length} files without a key in clear`;
}

function filesBelow(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      if (statSync(path).isDirectory()) return filesBelow(path);
      return [[path, readFileSync(path, 'latin1')] as const];
    } catch (error) {
      // A server that lives gives a file its name when it is whole: what was there under another one a moment ago is gone.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  });
}

interface Message {
  readonly recordingId: string;
  readonly box: string;
  readonly contact?: string;
  readonly stored: readonly unknown[];
}

/** The caller's tone in the file of a message, ms. */
async function toneIn(floor: ServerFloor, { recordingId }: Message, hz: number): Promise<number> {
  const file = await until(
    async () => {
      const answer = await floor.raw(`/v1/messages/${recordingId}/files/0`);
      return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
    },
    { what: 'the file of a message', everyMs: 50 },
  );
  const [samples] = readWav(file).channels;
  return heardMs(analyse(samples ?? new Int16Array(0), { freqs: ALL_TONES }), hz);
}

/** Flows of the examples on a real Asterisk, heard and keyed in by callers over SIP. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'ivr: the clinic by day and at night, keys as events and as sound',
    needs: ['asterisk', 'sipp'],
    boundMs: 300_000,
    async run(lab) {
      const { floor, phone, calls } = await open(lab, { example: 'clinic', day: openDay(Date.now()) });
      const ann = await floor.desk('ann');
      await goReady(ann);

      lab.note('by day in English to the nurse');
      const day = await calls(CLINIC_NUMBER, { voice: TONE.caller1 });
      await day.ear.hears('clinic/choose');
      await day.press('2');
      await day.ear.hears('clinic/front-en');
      await day.press('2');
      await day.ear.hears('clinic/wait-en');
      await phone.rings();
      await day.ear.tones(MUSIC);
      await phone.answer();
      await Promise.all([day.ear.tones([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      await day.caller.hangUp();
      const cdr = await oneCdr(floor);
      if (cdr.outcome !== 'answered' || cdr.queueId !== 'nurse') throw new Error(JSON.stringify(cdr));

      lab.note('at night: two messages');
      const sue = await floor.desk('sue');
      await must(sue, { type: 'mode.set', mode: 'house', value: 'night' });
      const leave = async (how: Parameters<typeof calls>[1]) => {
        const night = await calls(CLINIC_NUMBER, how);
        await night.ear.hears('clinic/choose');
        await night.press('2');
        await night.ear.hears('clinic/closed-en', 'clinic/message-en', 'beep');
        await pause(1_800);
        return night;
      };
      const reviewed = async (): Promise<void> => {
        const night = await leave({ voice: TONE.caller1, keys: 'asSound' });
        await night.press('#');
        await night.ear.hears('clinic/review-en');
        await night.press('1');
        await night.ear.tones([TONE.caller1], 'the own message', 800);
        await night.ear.hears('clinic/review-en');
        await night.press('3');
        await night.ear.hears('clinic/contact-en');
        await night.keyIn('65123456#', { right: 'clinic/kept-en', wrong: 'clinic/wrong-en' });
        await night.ear.hears('clinic/bye-en');
        if ((await night.caller.ended()).by !== 'switch') throw new Error('the flow did not hang up');
      };
      const cutOff = async (): Promise<void> => {
        await (await leave({ voice: TONE.caller2 })).caller.hangUp();
      };
      await Promise.all([reviewed(), cutOff()]);
      const messages = await until(
        async () => {
          const { items } = await floor.rest<{ readonly items: readonly Message[] }>('/v1/messages');
          return items.length === 2 && items.every(({ stored }) => stored.length === 1) ? items : undefined;
        },
        { what: 'two messages', everyMs: 100, seen: () => floor.told() },
      );
      const kept = messages.find(({ contact }) => contact !== undefined);
      const short = messages.find(({ contact }) => contact === undefined);
      if (kept?.contact !== '+861065123456' || kept.box !== 'clinic' || short === undefined)
        throw new Error(JSON.stringify(messages));
      const heard = [await toneIn(floor, kept, TONE.caller1), await toneIn(floor, short, TONE.caller2)];
      if (heard.some((ms) => ms < 1_000)) throw new Error(`the voice in the messages: ${heard.join(', ')} ms`);
      const cdrs = JSON.stringify(await floor.cdrs());
      if (cdrs.includes('65123456')) throw new Error('the number to call back is in a record of a call');
      return `messages with ${heard.join(' and ')} ms of voice`;
    },
  },
  {
    name: 'ivr: the bank by its service, an agent, and back to the flow',
    needs: ['asterisk', 'sipp'],
    boundMs: 300_000,
    async run(lab) {
      const { bank, floor, phone, calls } = await openBank(lab);
      const ann = await floor.desk('ann');
      await goReady(ann);
      const { caller, ear, press, keyIn } = await calls(BANK_NUMBER);
      await ear.hears('bank/welcome', 'bank/card-ask');
      await keyIn(`${CARD}#`, CARD_HEARD);
      await keyIn(PIN, PIN_HEARD);
      await press('1');
      await ear.hears('bank/moment', 'bank/balance-is');
      await ear.hears('digits/1', 'digits/thousand', 'digits/2', 'digits/hundred', 'digits/30', 'digits/4');
      await ear.hears('bank/yuan', 'digits/50', 'digits/6', 'bank/fen', 'bank/account');
      await press('0');
      await ear.hears('bank/agent');
      await phone.rings();
      await phone.answer();
      caller.voice.speak(TONE.caller1);
      await Promise.all([ear.tones([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      caller.voice.speak(undefined);
      const call = await inState(ann, 'connected');
      if (call.data.level !== 'gold') throw new Error(`the data of the call: ${JSON.stringify(call.data)}`);
      await must(ann, { type: 'call.transfer', callId: call.callId, to: 'ivr:bank' });
      await ear.hears('bank/account');
      await press('*');
      await ear.hears('bank/bye');
      await caller.ended();
      const cdr = await oneCdr(floor);
      if (cdr.outcome !== 'answered' || cdr.agents.join() !== 'ann') throw new Error(JSON.stringify(cdr));
      if (bank.faults.length > 0) throw new Error(bank.faults.join('; '));
      const asked = [bank.to('/sessions').length > 0, bank.to('/balance').length, bank.to('/orders').length].join(' ');
      if (asked !== 'true 1 0') throw new Error(JSON.stringify(bank.requests));
      return `${await nowhere(floor, [CARD, PIN, SECRET, ACCOUNT])}; ${cdr.segments.map((part) => part.kind).join(' ')}`;
    },
  },
  {
    name: 'ivr: the server killed in a collect, in a menu and while the bank books',
    needs: ['asterisk', 'sipp'],
    boundMs: 300_000,
    async run(lab) {
      const { bank, floor, calls } = await openBank(lab);
      const { caller, ear, press, keyIn } = await calls(BANK_NUMBER);
      const revive = async (): Promise<void> => {
        await floor.kill();
        // The switch says what it was told to the end: what is heard after that is what a later life of the server says.
        await caller.hearing.hears([]);
        ear.forget();
        await floor.start();
      };
      await ear.hears('bank/card-ask');
      await press(CARD.slice(0, 5));
      lab.note('killed in the collect');
      await revive();
      await ear.hears('bank/card-ask');
      await keyIn(`${CARD}#`, CARD_HEARD);
      await keyIn(PIN, PIN_HEARD);
      lab.note('killed in the menu');
      await revive();
      await ear.hears('bank/account');
      await press('2');
      await ear.hears('bank/order-confirm');
      bank.holds = 'orders';
      await press('1');
      await until(() => bank.to('/orders').length > 0, { what: 'the order at the bank', seen: () => bank.requests });
      lab.note('killed while the bank books');
      await floor.kill();
      bank.holds = 'no';
      await floor.start();
      await ear.hears('bank/order-number', 'digits/5', 'digits/0', 'digits/1', 'bank/account');
      await press('*');
      await ear.hears('bank/bye');
      await caller.ended();
      const keys = new Set(bank.to('/orders').map(({ key }) => key));
      if (bank.booked.size !== 1 || keys.size !== 1 || bank.to('/orders').length < 2)
        throw new Error(`booked ${bank.booked.size} times: ${JSON.stringify(bank.to('/orders'))}`);
      if (bank.faults.length > 0) throw new Error(bank.faults.join('; '));
      const cdr = await oneCdr(floor);
      if (cdr.outcome !== 'completedInFlow' || cdr.data.orderNumber !== '501') throw new Error(JSON.stringify(cdr));
      const clean = await nowhere(floor, [CARD, PIN, SECRET, ACCOUNT]);
      return `killed 3 times, asked ${bank.to('/orders').length} times, booked once; ${clean}`;
    },
  },
];
