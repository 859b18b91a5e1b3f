import type { Clock } from '@cordboard/cti-core';
import { inMs, type Time } from '../floor/time.js';
import type { ParameterValue } from './pbx/memory.js';
import type { PbxOptions } from './pbx/options.js';
import { type PhoneHabit, setHabit } from './people/habits.js';
import type { FarEnd, OutsideCall } from './people/outside.js';
import { startTraffic, type Traffic } from './people/traffic.js';
import type { LineFaults } from './port/line-faults.js';
import { SerialPbx, type SerialPbxOptions } from './serial-pbx.js';

/** Somebody outside who calls. */
export interface PbxScenarioCaller extends Omit<OutsideCall, 'nameBytes'> {
  /** The name as bytes in hexadecimal, for one that is not GBK. */
  readonly nameBytes?: string;
  /** When, from the beginning; default 0. */
  readonly after?: Time;
  /** Again and again, so far apart; default once. */
  readonly every?: Time;
  /** Gives up without an answer; default 60 s. */
  readonly patience?: Time;
  /** Keys pressed one second after the answer. */
  readonly press?: string;
  /** Hangs up so long after the answer; default 20 s. */
  readonly talkFor?: Time;
}

/** A telephone and its user. */
export interface PbxScenarioPhone extends PhoneHabit {
  readonly number: string;
  /** `plain`: no computer takes it off-hook. Default `keyTelephone`. */
  readonly kind?: 'keyTelephone' | 'plain';
}

/** One thing that somebody does at a telephone. */
export interface PbxScenarioAct {
  readonly phone: string;
  /** When, from the beginning. */
  readonly after: Time;
  readonly does:
    | 'dial'
    | 'press'
    | 'lift'
    | 'hangUp'
    | 'hold'
    | 'retrieve'
    | 'transfer'
    | 'conference'
    | 'park'
    | 'unpark'
    | 'pickUp'
    | 'forward'
    | 'dndOn'
    | 'dndOff';
  /** Keys, target or slot. */
  readonly to?: string;
}

/** Something that happens to the PBX or its cable. */
export interface PbxScenarioTrouble {
  readonly after: Time;
  readonly what: 'losePower' | 'pullCable' | 'stall';
  readonly for: Time;
  /** Again and again, so far apart; default once. */
  readonly every?: Time;
}

/** A PBX and the people around it: what `cordboard sim --serial PATH --scenario FILE` reads. */
export interface PbxScenario extends Omit<PbxOptions, 'clock' | 'memory'> {
  readonly phones?: readonly PbxScenarioPhone[];
  /** What becomes of dialled numbers. */
  readonly outside?: Readonly<Record<string, FarEnd>>;
  /** What becomes of all others; default: answer after 3 s. */
  readonly otherwise?: FarEnd;
  readonly callers?: readonly PbxScenarioCaller[];
  readonly acts?: readonly PbxScenarioAct[];
  readonly traffic?: Traffic;
  /** `value` of a bitmap: a list of numbers. */
  readonly parameters?: readonly {
    readonly item: number;
    readonly index: number;
    readonly field: number;
    readonly value: number | boolean | string | readonly number[] | null;
  }[];
  readonly baudRate?: number;
  readonly jitterMs?: number;
  readonly faults?: LineFaults;
  readonly troubles?: readonly PbxScenarioTrouble[];
  /** Call records that it has kept before the beginning. */
  readonly oldRecords?: number;
}

/** Makes the PBX of a scenario; it has no power yet. Its people begin with {@link startScenario}. */
export function pbxOfScenario(
  scenario: PbxScenario,
  given: Pick<SerialPbxOptions, 'profile' | 'seed' | 'line' | 'kts'> & { readonly clock: Clock },
): SerialPbx {
  const { phones: _, outside, otherwise, callers, acts, traffic, parameters, troubles, oldRecords, ...rest } = scenario;
  const { baudRate, jitterMs, faults, ...pbx } = rest;
  const sim = new SerialPbx({
    ...pbx,
    ...given,
    kts: { ...(baudRate === undefined ? {} : { baudRate }), ...given.kts },
    line: {
      ...(jitterMs === undefined ? {} : { jitterMs }),
      ...(faults === undefined ? {} : { faults }),
      ...given.line,
    },
  });
  for (const [number, far] of Object.entries(outside ?? {})) sim.outside.numbers.set(number, far);
  if (otherwise !== undefined) sim.outside.otherwise = otherwise;
  for (const { item, index, field, value } of parameters ?? []) {
    sim.pbx.parameters.set({ item, index, field }, parameterValue(value));
  }
  writeOldRecords(sim, oldRecords ?? 0);
  return sim;
}

/** Lets the people of a scenario begin; call it when the PBX has power. @returns their end */
export function startScenario(sim: SerialPbx, scenario: PbxScenario): () => void {
  const stops = new Set<() => void>();
  const at = (when: { readonly after?: Time; readonly every?: Time }, work: () => void): void => {
    const set = (inWhile: number): void => {
      const cancel = sim.pbx.clock.setTimer(inWhile, () => {
        stops.delete(cancel);
        work();
        if (when.every !== undefined) set(Math.max(100, inMs(when.every)));
      });
      stops.add(cancel);
    };
    set(inMs(when.after ?? 0));
  };
  for (const phone of scenario.phones ?? []) {
    if (phone.kind !== undefined) sim.phone(phone.number).setKind(phone.kind);
    stops.add(setHabit(sim.pbx, phone.number, phone));
  }
  for (const caller of scenario.callers ?? []) at(caller, () => call(sim, caller));
  for (const act of scenario.acts ?? []) at(act, () => carryOut(sim, act));
  for (const trouble of scenario.troubles ?? []) at(trouble, () => strike(sim, trouble));
  if (scenario.traffic !== undefined) stops.add(startTraffic(sim, scenario.traffic));
  return () => {
    for (const stop of stops) stop();
    stops.clear();
  };
}

function call(sim: SerialPbx, caller: PbxScenarioCaller): void {
  const { nameBytes, patience = 60_000, press, talkFor = 20_000, after: _, every: __, ...how } = caller;
  const bytes = nameBytes === undefined ? {} : { nameBytes: new Uint8Array(Buffer.from(nameBytes, 'hex')) };
  const placed = sim.outside.call({ ...how, ...bytes });
  if (placed === undefined) return;
  const { clock } = sim.pbx;
  const giveUp = clock.setTimer(inMs(patience), () => placed.hangUp());
  placed.onAnswered(() => {
    giveUp();
    if (press !== undefined) clock.setTimer(1_000, () => placed.press(press));
    clock.setTimer(inMs(talkFor), () => placed.hangUp());
  });
}

function carryOut(sim: SerialPbx, { phone: number, does, to }: PbxScenarioAct): void {
  const phone = sim.phone(number);
  switch (does) {
    case 'dial':
      phone.dial(to ?? '');
      return;
    case 'press':
      phone.press(to ?? '');
      return;
    case 'lift':
      return phone.lift();
    case 'hangUp':
      return phone.hangUp();
    case 'forward':
      return phone.forward(to ?? '');
    case 'dndOn':
      return phone.dnd('on');
    case 'dndOff':
      return phone.dnd('off');
    case 'hold':
      phone.hold();
      return;
    case 'retrieve':
      phone.retrieve();
      return;
    case 'transfer':
      phone.transfer(to);
      return;
    case 'conference':
      phone.conference(to);
      return;
    case 'park':
      phone.park(to === undefined ? undefined : Number(to));
      return;
    case 'unpark':
      phone.unpark(Number(to ?? 1));
      return;
    case 'pickUp':
      phone.pickUp(to);
      return;
  }
}

function strike(sim: SerialPbx, trouble: PbxScenarioTrouble): void {
  const forMs = inMs(trouble.for);
  if (trouble.what === 'losePower') return sim.losePower(forMs);
  if (trouble.what === 'stall') return sim.line.stall('toHost', forMs);
  sim.line.pull();
  sim.pbx.clock.setTimer(forMs, () => sim.line.plug());
}

function parameterValue(value: number | boolean | string | readonly number[] | null): ParameterValue {
  if (value === null || typeof value !== 'object') return value;
  const bitmap = new Uint8Array(Math.ceil(Math.max(1, ...value) / 8));
  for (const one of value) bitmap[(one - 1) >> 3] = (bitmap[(one - 1) >> 3] ?? 0) | (1 << ((one - 1) & 7));
  return bitmap;
}

/** Two minutes apart, the last one just before now. */
function writeOldRecords(sim: SerialPbx, count: number): void {
  const { memory, setup } = sim.pbx;
  const now = sim.pbx.now();
  for (let n = count; n > 0; n--) {
    memory.records.push({
      record: memory.nextRecord++,
      start: now - n * 120_000,
      durationS: 10 + ((n * 7) % 300),
      direction: n % 3 === 0 ? 'out' : 'in',
      end: 'normal',
      call: (n % 60_000) + 1,
      part: 1,
      more: false,
      ringS: n % 20,
      heldS: 0,
      ext: String(setup.firstNumber + (n % setup.extensions)),
      line: (n % setup.lines) + 1,
      number: `139${String(n % 100_000_000).padStart(8, '0')}`,
      estimated: false,
    });
    if (memory.records.length > setup.recordRoom) memory.records.shift();
  }
}
