import { FloorCaller } from '../floor/caller.js';
import { inMs, type Time } from '../floor/time.js';
import type { VirtualParty } from '../switch/model.js';
import { type EslFace, type EslFaceOptions, eslFace } from './face.js';
import type { EslUser } from './session/rights.js';
import type { DialplanRule } from './switch/dialplan.js';
import { rawText } from './wire/text.js';

/** What a telephone does with a call that reaches it. Default `answer`. */
export type PhoneHabit = 'answer' | 'ring' | 'reject' | 'busy';

/** A telephone. */
export interface ScenarioPhone {
  readonly number: string;
  readonly habit?: PhoneHabit;
  /** How long it rings before it does so; default 1 s. */
  readonly after?: Time;
  readonly registered?: boolean;
}

/** One thing that a caller does, `after` the one before. */
export type ScenarioStep =
  | { readonly press: string; readonly after?: Time }
  | { readonly wait: Time }
  /** Waits until somebody is reached, then talks so long. */
  | { readonly talk: Time }
  | { readonly hangUp: true; readonly after?: Time };

/** Somebody outside who calls. */
export interface ScenarioCaller {
  readonly number: string;
  readonly name?: string;
  /** The name as bytes in hexadecimal, for one that is no UTF-8: `d5c5c8fd` is a name in GBK. */
  readonly nameBytes?: string;
  readonly dials: string;
  /** When, from the beginning; default 0. */
  readonly after?: Time;
  /** Again and again, so far apart; default once. */
  readonly every?: Time;
  /** Default: talks for 20 s and hangs up. */
  readonly does?: readonly ScenarioStep[];
}

/** A switch and the people around it: what `cordboard sim --scenario FILE` reads. */
export interface EslScenario {
  readonly extensions?: readonly (string | ScenarioPhone)[];
  /** Telephones outside that are dialled; numbers that are not named answer too. */
  readonly outside?: readonly ScenarioPhone[];
  readonly trunks?: readonly string[];
  readonly dialplan?: readonly DialplanRule[];
  readonly callers?: readonly ScenarioCaller[];
  /** Lengths of sound files by path; `null`: there is no such file. Others last 1.5 s. */
  readonly sounds?: Readonly<Record<string, Time | null>>;
  readonly recordings?: string;
  readonly users?: Readonly<Record<string, EslUser>>;
  readonly password?: string;
  readonly seed?: number;
  readonly orders?: 'drawn' | 'plain';
}

const DEFAULT_SOUND_MS = 1_500;
const DEFAULT_STEPS: readonly ScenarioStep[] = [{ talk: '20s' }, { hangUp: true }];

/** Makes the face of a scenario; its callers begin with {@link startCallers}. */
export function faceOf(
  scenario: EslScenario,
  given: Pick<EslFaceOptions, 'clock' | 'host' | 'port' | 'password' | 'faults' | 'seed'> = {},
): EslFace {
  const phones = (scenario.extensions ?? []).map(phoneOf);
  const { sounds = {}, trunks, dialplan, users, recordings, orders } = scenario;
  const password = given.password ?? scenario.password;
  const seed = given.seed ?? scenario.seed;
  const face = eslFace({
    ...given,
    extensions: phones.map(({ number }) => number),
    soundMs: (path) => {
      const known = sounds[path] ?? sounds[path.slice(path.lastIndexOf('/') + 1)];
      if (known === null || (known === undefined && isKnown(sounds, path))) return undefined;
      return known === undefined ? DEFAULT_SOUND_MS : inMs(known);
    },
    ...(trunks === undefined ? {} : { trunks }),
    ...(dialplan === undefined ? {} : { dialplan }),
    ...(users === undefined ? {} : { users }),
    ...(recordings === undefined ? {} : { recordings }),
    ...(orders === undefined ? {} : { orders }),
    ...(password === undefined ? {} : { password }),
    ...(seed === undefined ? {} : { seed }),
  });
  for (const phone of [...phones, ...(scenario.outside ?? [])]) {
    const party = face.pbx.party(phone.number);
    setHabit(face, party, phone);
    if (phone.registered === false) face.pbx.setRegistered(party, 'unregistered');
  }
  return face;
}

function isKnown(sounds: Readonly<Record<string, unknown>>, path: string): boolean {
  return Object.hasOwn(sounds, path) || Object.hasOwn(sounds, path.slice(path.lastIndexOf('/') + 1));
}

function phoneOf(phone: string | ScenarioPhone): ScenarioPhone {
  return typeof phone === 'string' ? { number: phone } : phone;
}

/** Has a telephone do the same with every call. */
export function setHabit(face: EslFace, party: VirtualParty, how: Pick<ScenarioPhone, 'habit' | 'after'>): void {
  const { pbx, clock } = face;
  const { habit = 'answer', after = 1_000 } = how;
  party.hooks = {
    ringing: (leg) => {
      if (habit === 'ring') return;
      clock.setTimer(inMs(after), () => {
        if (habit === 'answer') pbx.lift(leg);
        else if (habit === 'reject') pbx.hangUp(leg);
        else pbx.end(leg, 'busy', { q850: 17, sip: 486 });
      });
    },
  };
}

/** Lets the callers of a scenario begin. @returns what takes back those who have not yet */
export function startCallers(face: EslFace, scenario: EslScenario): () => void {
  const cancels = new Set<() => void>();
  const call = (caller: ScenarioCaller, inWhile: number): void => {
    const cancel = face.clock.setTimer(inWhile, () => {
      cancels.delete(cancel);
      place(face, caller);
      if (caller.every !== undefined) call(caller, Math.max(100, inMs(caller.every)));
    });
    cancels.add(cancel);
  };
  for (const caller of scenario.callers ?? []) call(caller, inMs(caller.after ?? 0));
  return () => {
    for (const cancel of cancels) cancel();
    cancels.clear();
  };
}

function place(face: EslFace, caller: ScenarioCaller): void {
  const party = face.pbx.party(caller.number);
  if (party.legs.length > 0) return;
  if (caller.nameBytes !== undefined) party.name = rawText(Buffer.from(caller.nameBytes, 'hex'));
  else if (caller.name !== undefined) party.name = caller.name;
  const person = new FloorCaller(face.pbx, caller.number).dials(caller.dials);
  for (const step of caller.does ?? DEFAULT_STEPS) {
    if ('press' in step) person.presses(step.press, after(step));
    else if ('wait' in step) person.waits(step.wait);
    else if ('talk' in step) person.talks({ for: step.talk });
    else person.hangsUp(after(step));
  }
}

const after = (step: { readonly after?: Time }): { readonly after?: Time } =>
  step.after === undefined ? {} : { after: step.after };

/** Gives its shape to a scenario file, so that an editor knows it. */
export function defineScenario(scenario: EslScenario): EslScenario {
  return scenario;
}
