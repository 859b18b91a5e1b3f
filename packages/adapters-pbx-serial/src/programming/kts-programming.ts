import {
  CtiError,
  isCtiError,
  type ParameterAt,
  type ParameterCode,
  type ParameterOutcome,
  type ParameterValue,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import type { PbxRequests } from '../link/pbx-requests.js';
import type { Answer, Asked } from '../link/requests.js';
import { KTS_PARAMETERS } from './catalogue.js';
import { PasswordSession } from './password-session.js';
import { lookUp, type Run, runsOf, type Wanted } from './runs.js';
import { faultOf, isSameValue } from './values.js';
import { decodeValue, encodeValue, wireTypeOf } from './wire-values.js';

/** Words of the wire as outcomes; what is not here is `failed`. */
const CODES: Readonly<Record<string, ParameterCode>> = {
  ok: 'ok',
  range: 'range',
  nodevice: 'noDevice',
  readonly: 'readOnly',
  badfield: 'wrongType',
  denied: 'denied',
  locked: 'denied',
  unsupported: 'unsupported',
  unknowntype: 'unsupported',
};

/** How often a request is asked again that the switch had no room for, or whose answer did not come in time. */
const RETRIES = 2;

const EMPTY = new Uint8Array();

/** What came of one parameter, without its place. */
interface Found {
  readonly code: ParameterCode;
  readonly value?: ParameterValue;
}

/** Why a request has none. */
type NoAnswer = 'lost' | 'failed' | 'denied';

/** One piece of work: it gathers outcomes, and knows when the link is gone. */
interface Work {
  readonly signal: AbortSignal;
  readonly session: PasswordSession | undefined;
  readonly found: Map<number, Found>;
  isLost: boolean;
}

/**
 * The facet `programming` of a switch that speaks kts-1. Reads go out in bulk, as many places of a parameter as a frame can carry; each write is read back before it
 * counts. One piece of work at a time is done, those asked for meanwhile wait in their order: the password session of the switch is one for all.
 */
export class KtsProgramming implements ProgrammingFacet {
  readonly catalogue = KTS_PARAMETERS;
  readonly #link: PbxRequests;
  #last: Promise<unknown> = Promise.resolve();

  constructor(link: PbxRequests) {
    this.#link = link;
  }

  /**
   * Reads parameters. Secret ones are `denied` without a password.
   *
   * @throws {CtiError} `argument.invalid` an id that is not in the catalogue, `driver.linkLost` before the first one (later ones are `lost`), `auth.forbidden` the
   *   password was refused, `wait.aborted`
   */
  get(
    what: readonly ParameterAt[],
    options: { readonly signal: AbortSignal; readonly password?: string },
  ): Promise<readonly ParameterOutcome[]> {
    return this.#inTurn(async () => {
      const wanted = checked(what);
      const work = this.#begin(options);
      try {
        if (wanted.some(({ parameter }) => parameter.secret !== undefined)) await this.#open(work);
        for (const run of runsOf(wanted, 'read')) await this.#read(run, work);
      } finally {
        await work.session?.close();
      }
      return outcomes(what, work);
    });
  }

  /**
   * Writes parameters in their order and reads each back. What is out of range for the catalogue is not sent. The value of a secret one is not told.
   *
   * @throws {CtiError} as of {@link KtsProgramming.get}
   */
  set(
    what: readonly (ParameterAt & { readonly value: ParameterValue })[],
    options: { readonly signal: AbortSignal; readonly password: string },
  ): Promise<readonly ParameterOutcome[]> {
    return this.#inTurn(async () => {
      const wanted = checked(what);
      const work = this.#begin(options);
      const good: Wanted[] = [];
      for (const one of wanted) {
        const fault = one.value === undefined ? 'wrongType' : faultOf(one.parameter, one.value);
        if (fault === undefined) good.push(one);
        else work.found.set(one.at, { code: fault });
      }
      try {
        if (good.length > 0) await this.#open(work);
        for (const run of runsOf(good, 'write')) await this.#write(run, work);
      } finally {
        await work.session?.close();
      }
      return outcomes(what, work).map((outcome, at) => {
        if (wanted[at]?.parameter.secret === undefined) return outcome;
        const { value: _, ...told } = outcome;
        return told;
      });
    });
  }

  #begin({ signal, password }: { readonly signal: AbortSignal; readonly password?: string }): Work {
    const session = password === undefined ? undefined : new PasswordSession(this.#link, { password, signal });
    return { signal, session, found: new Map(), isLost: false };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Logs in. What is lost there before the first outcome is the caller's; later it makes the rest `lost`. */
  async #open(work: Work): Promise<void> {
    try {
      await work.session?.open();
    } catch (error) {
      if (!isCtiError(error, 'driver.linkLost') || work.found.size === 0) throw error;
      work.isLost = true;
    }
  }

  async #read(run: Run, work: Work): Promise<void> {
    const found = await this.#fetch(run, work);
    run.wanted.forEach(({ at }, place) => {
      work.found.set(at, found[place] ?? { code: 'failed' });
    });
  }

  async #write(run: Run, work: Work): Promise<void> {
    const codes = await this.#send(run, work);
    const taken = run.wanted.filter((_, place) => codes[place] === 'ok' || codes[place] === 'failed');
    run.wanted.forEach(({ at }, place) => {
      work.found.set(at, { code: codes[place] ?? 'failed' });
    });
    for (const back of runsOf(taken, 'read')) {
      const found = await this.#fetch(back, work);
      back.wanted.forEach((one, place) => {
        const was = work.found.get(one.at)?.code ?? 'failed';
        work.found.set(one.at, verified(one, was, found[place]));
      });
    }
  }

  /** Writes one run. An answer that does not come is `failed` here: reading back tells what became of it. */
  async #send({ parameter, first, wanted }: Run, work: Work): Promise<readonly ParameterCode[]> {
    const { item, field, type } = parameter;
    const values = wanted.map(({ value }) => encodeValue(type, value ?? ''));
    const asked = {
      type: 'paramSet',
      item,
      index: first,
      field,
      valueType: wireTypeOf(type),
      values,
    } as const satisfies Asked;
    const answer = await this.#ask(asked, work);
    if (typeof answer === 'string') return wanted.map(() => answer);
    if (answer.type !== 'result') return wanted.map(() => 'failed');
    const { code, codes } = answer;
    return wanted.map((_, place) => codeOf(codes?.[place] ?? code));
  }

  async #fetch({ parameter, first, wanted }: Run, work: Work): Promise<readonly Found[]> {
    const { item, field } = parameter;
    const count = wanted.length;
    const asked = {
      type: 'paramGet',
      item,
      index: first,
      field,
      ...(count > 1 ? { count } : {}),
    } as const satisfies Asked;
    const answer = await this.#ask(asked, work);
    if (typeof answer === 'string') return wanted.map(() => ({ code: answer }));
    if (answer.type === 'result') {
      const code = codeOf(answer.code);
      return wanted.map(() => ({ code: code === 'ok' ? 'failed' : code }));
    }
    // An answer about something else would be told under the wrong name.
    if (answer.type !== 'paramValue' || answer.item !== item || answer.field !== field || answer.index !== first) {
      return wanted.map(() => ({ code: 'failed' }));
    }
    const { values, valueType } = answer;
    const found = wanted.slice(0, values.length).map((one, place) => this.#valueOf(one, values[place], valueType));
    const rest = wanted.slice(values.length);
    if (rest.length === 0) return found;
    // It had no room for all of them: those that are missing are asked for again, if there was one at all.
    if (values.length === 0) return wanted.map(() => ({ code: 'failed' }));
    return [...found, ...(await this.#fetch({ parameter, first: first + values.length, wanted: rest }, work))];
  }

  #valueOf(
    { parameter, index }: Wanted,
    bytes: Uint8Array = EMPTY,
    valueType: Parameters<typeof decodeValue>[2] = 'none',
  ): Found {
    const isNone = valueType === 'none' || !this.#mayBeEmpty(parameter, index);
    if (bytes.length === 0 && isNone) return { code: 'noDevice' };
    const value = decodeValue(parameter.type, bytes, valueType);
    return value === undefined ? { code: 'wrongType' } : { code: 'ok', value };
  }

  /** An empty value and one that does not exist look the same on the wire: the number of places tells them apart. */
  #mayBeEmpty({ type, scope, empty, places = 0 }: Wanted['parameter'], index: number): boolean {
    const isText = type.kind === 'text' || (type.kind === 'digits' && (type.min === 0 || empty === 'allowed'));
    if (!isText) return false;
    if (scope === 'line') return index <= (this.#link.welcome?.lines ?? 0);
    return scope === 'system' || index <= places;
  }

  /** Asks once more where there was no room or no answer, and logs in again where the session has ended. */
  async #ask(asked: Asked, work: Work): Promise<Answer | NoAnswer> {
    for (let tries = 0; ; tries++) {
      if (work.isLost) return 'lost';
      try {
        const answer = await this.#link.ask(asked, { signal: work.signal });
        if (answer.type !== 'result' || tries >= RETRIES) return answer;
        if (answer.code === 'denied' && work.session !== undefined && tries === 0) {
          work.session.ended();
          await work.session.open();
        } else if (answer.code !== 'toomany') return answer;
      } catch (error) {
        if (isCtiError(error, 'driver.timeout')) {
          if (tries >= RETRIES || asked.type !== 'paramGet') return 'failed';
          continue;
        }
        if (work.found.size === 0) throw error;
        // The password was changed meanwhile, and what was done before counts all the same.
        if (isCtiError(error, 'auth.forbidden')) return 'denied';
        if (!isCtiError(error, 'driver.linkLost')) throw error;
        work.isLost = true;
      }
    }
  }
}

/** Looks them up, all or none. */
function checked(what: readonly (ParameterAt & { readonly value?: ParameterValue })[]): readonly Wanted[] {
  const { wanted, unknown } = lookUp(what);
  if (unknown.length > 0) {
    throw new CtiError('argument.invalid', 'the switch has no parameter of this id: see the catalogue', {
      details: { path: 'id', problems: unknown.length, all: [...new Set(unknown)].slice(0, 20) },
    });
  }
  const wrong = wanted.find(({ index }) => !Number.isInteger(index) || index < 0 || index > 65_535);
  if (wrong === undefined) return wanted;
  throw new CtiError('argument.invalid', 'an index is a whole number from 0 to 65535', {
    details: { path: 'index', parameter: wrong.id },
  });
}

function codeOf(word: string): ParameterCode {
  return CODES[word] ?? 'failed';
}

/** What reading back makes of a write: only what reads as it was written is `ok`. */
function verified({ value }: Wanted, was: ParameterCode, back: Found | undefined): Found {
  if (back === undefined || back.code !== 'ok') {
    return { code: back?.code === 'lost' ? 'lost' : was === 'ok' ? 'mismatch' : 'failed' };
  }
  if (isSameValue(value, back.value)) return back;
  return { ...back, code: was === 'ok' ? 'mismatch' : 'failed' };
}

function outcomes(what: readonly ParameterAt[], work: Work): readonly ParameterOutcome[] {
  return what.map(({ id, index }, at) => ({ id, index, ...(work.found.get(at) ?? { code: 'lost' }) }));
}
