import { describe, expect, it } from 'vitest';
import { randomStream, Scheduler } from '../../src/index.js';
import {
  type OutsideCaller,
  type PbxNews,
  type PbxRecord,
  SerialPbx,
  type ServiceName,
} from '../../src/serial/index.js';
import { START } from './host.js';

const SERVICES: readonly ServiceName[] = [
  'make',
  'make',
  'answer',
  'answer',
  'hangUp',
  'hold',
  'retrieve',
  'transfer',
  'transfer',
  'conference',
  'park',
  'unpark',
  'page',
  'redial',
  'pickUp',
  'flash',
  'digits',
];

type Told = Map<string, string>;

/** Without how the last call ended, which is told once, and without a caller's number, which CID tells. */
function shown(status: object): string {
  const { end: _, number: __, ...rest } = status as { end?: unknown; number?: unknown };
  return JSON.stringify(rest);
}

function now(sim: SerialPbx): Told {
  const told: Told = new Map();
  for (const status of sim.pbx.lines()) told.set(`line ${status.line}`, shown(status));
  for (const status of sim.pbx.extensions()) told.set(`ext ${status.ext}`, shown(status));
  for (const status of sim.pbx.slots()) told.set(`slot ${status.slot}`, shown(status));
  return told;
}

function hear(told: Told, news: PbxNews): void {
  if (news.type === 'line') told.set(`line ${news.status.line}`, shown(news.status));
  else if (news.type === 'extension') told.set(`ext ${news.status.ext}`, shown(news.status));
  else if (news.type === 'slot') told.set(`slot ${news.status.slot}`, shown(news.status));
}

/** What cannot be, whatever happened. */
function contradictions(sim: SerialPbx): string[] {
  const wrong: string[] = [];
  const extensions = sim.pbx.extensions();
  for (const line of sim.pbx.lines()) {
    const talking = extensions.filter(
      (ext) => ext.line === line.line && (ext.state === 'talking' || ext.state === 'conference'),
    );
    if (line.state === 'idle' && extensions.some((ext) => ext.line === line.line)) wrong.push(`line ${line.line} idle`);
    if (line.state === 'held' && talking.length > 0) wrong.push(`line ${line.line} held and spoken on`);
    if (line.state === 'parked' && !sim.pbx.slots().some(({ call }) => call === line.call))
      wrong.push('parked nowhere');
    if (!['idle', 'wrapUp', 'outOfService'].includes(line.state) && line.call === undefined)
      wrong.push('a state without a call');
  }
  for (const ext of extensions) {
    const isAlone = ext.state === 'inside' && ext.call !== undefined && ext.peer === undefined;
    const others = extensions.filter((one) => one.call === ext.call).length;
    const waits = sim.pbx.slots().some(({ call }) => call === ext.call);
    if (isAlone && others < 2 && !waits && ext.number === undefined) wrong.push(`${ext.ext} talks with nobody`);
    if (ext.state === 'idle' && ext.call !== undefined) wrong.push(`${ext.ext} idle in a call`);
  }
  return wrong;
}

function play(seed: number, steps: number): { sim: SerialPbx; records: PbxRecord[]; wrong: string[]; log: string } {
  const random = randomStream(seed, 'walk');
  const clock = new Scheduler(START);
  const sim = new SerialPbx({
    clock,
    seed,
    lines: 4,
    extensions: 8,
    insideRecords: seed % 2 === 0 ? 'yes' : 'no',
  }).start();
  const { parameters } = sim.pbx;
  if (random.chance(0.5)) parameters.set({ item: 19, index: 0, field: 1 }, true);
  if (random.chance(0.5)) parameters.set({ item: 8, index: 1, field: 1 }, Uint8Array.of(0x7f));
  if (random.chance(0.3)) parameters.set({ item: 26, index: 2, field: 1 }, 0);
  if (random.chance(0.3)) parameters.set({ item: 12, index: 3, field: 1 }, 2);
  if (random.chance(0.3)) parameters.set({ item: 29, index: 1, field: 1 }, true);
  parameters.set({ item: 15, index: 1, field: 1 }, Uint8Array.of(0x0f));
  parameters.set({ item: 15, index: 1, field: 2 }, random.int(0, 2));
  sim.outside.numbers.set('1', { does: 'busy' });
  sim.outside.numbers.set('2', { does: 'ring', ringFor: '20s' });
  sim.outside.numbers.set('3', { does: 'answer', talkFor: '15s' });
  const told = now(sim);
  const records: PbxRecord[] = [];
  const log: string[] = [];
  sim.pbx.subscribe((news) => {
    hear(told, news);
    if (news.type === 'record') records.push(news.record);
    log.push(JSON.stringify(news));
  });
  const callers: OutsideCaller[] = [];
  const wrong: string[] = [];
  const somebody = (): string => String(random.int(801, 808));
  const anything = (): string => random.pick([somebody(), somebody(), '1', '2', '3', '4711', '0']);
  const act = (): string => {
    const phone = sim.phone(somebody());
    const dice = random.int(0, 19);
    if (dice < 3) {
      const caller = sim.outside.call({ number: '139' });
      if (caller !== undefined) callers.push(caller);
      return 'call';
    }
    if (dice === 3) random.pick([{ hangUp: (): void => undefined }, ...callers]).hangUp();
    else if (dice === 4) random.pick([{ press: (): void => undefined }, ...callers]).press(somebody());
    else if (dice < 7) phone.answer();
    else if (dice < 9) phone.hangUp();
    else if (dice === 9) phone.dial(random.pick(['', '9']) + anything());
    else if (dice === 10) phone.dnd(random.pick(['on', 'off']));
    else if (dice === 11) phone.forward(random.pick(['', '', anything()]));
    else if (dice === 12 && random.chance(0.2)) phone.setService('out');
    else if (dice === 13) phone.setService('in');
    else if (dice === 14 && random.chance(0.2)) sim.pbx.setLineService(random.int(1, 4), random.pick(['in', 'out']));
    else {
      const service = random.pick(SERVICES);
      const to = random.chance(0.6) ? anything() : undefined;
      const slot = random.chance(0.5) ? random.int(1, 3) : undefined;
      const result = sim.pbx.carryOut({
        service,
        ext: phone.number,
        ...(to === undefined ? {} : { to }),
        ...(slot === undefined ? {} : { slot }),
      });
      return `${service} ${phone.number} ${to ?? ''} ${result.code}`;
    }
    return `${dice} ${phone.number}`;
  };
  for (let step = 0; step < steps && wrong.length === 0; step++) {
    const what = act();
    const check = (): void => {
      const real = now(sim);
      for (const [device, status] of real) {
        if (told.get(device) !== status)
          wrong.push(`after ${what}: ${device} told ${told.get(device)} and is ${status}`);
      }
      wrong.push(...contradictions(sim).map((one) => `after ${what}: ${one}`));
    };
    check();
    clock.runTo(clock.nowMs() + random.pick([0, 100, 900, 3_000, 20_000]));
    check();
  }
  for (const caller of callers) caller.hangUp();
  for (let line = 1; line <= 4; line++) {
    sim.pbx.setLineService(line, 'in');
    sim.pbx.far(line, 'hangsUp');
  }
  for (let n = 801; n <= 808; n++) {
    sim.phone(String(n)).setService('in');
    for (let held = 0; held < 8; held++) sim.pbx.carryOut({ service: 'hangUp', ext: String(n) });
    sim.phone(String(n)).hangUp();
  }
  clock.runTo(clock.nowMs() + 1_200_000);
  return { sim, records, wrong, log: log.join('\n') };
}

describe('whatever people and computers do', () => {
  it.each(Array.from({ length: 25 }, (_, n) => n + 1))('seed %i', (seed) => {
    const { sim, records, wrong } = play(seed, 250);
    expect(wrong).toEqual([]);
    expect(sim.pbx.lines().filter(({ state }) => state !== 'idle')).toEqual([]);
    expect(sim.pbx.extensions().filter(({ state }) => state !== 'idle')).toEqual([]);
    expect(sim.pbx.slots().filter(({ state }) => state !== 'free')).toEqual([]);
    expect(records.map(({ record }) => record)).toEqual(records.map((_, n) => n + 1));
    expect(sim.pbx.memory.running.size).toBe(0);
    const last = new Map(records.map((record) => [`${record.call} ${record.line}`, record.more]));
    expect([...last.values()].filter((more) => more)).toEqual([]);
    for (const { durationS, heldS } of records) expect(heldS).toBeLessThanOrEqual(durationS + 1);
  });

  it('happens again for the same seed, and otherwise for another', () => {
    expect(play(5, 100).log).toBe(play(5, 100).log);
    expect(play(5, 100).log).not.toBe(play(6, 100).log);
  });
});
