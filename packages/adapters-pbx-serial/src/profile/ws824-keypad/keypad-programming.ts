import {
  CtiError,
  isCtiError,
  type Logger,
  type ParameterAt,
  type ParameterCode,
  type ParameterOutcome,
  type ParameterValue,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import { compileItem, compileOrder, hasPlace, type KeypadOrder, keypadFault } from './compile.js';
import {
  type KeypadItem,
  type KeypadModel,
  type KeypadParameter,
  keypadItems,
  type RestrictionTables,
} from './items.js';
import type { KeypadLine } from './keypad-line.js';
import { KEYPAD_TIMES, type KeypadOutcome, KeypadSession, type KeypadTimes } from './keypad-session.js';

/** How a switch is programmed by its keypad. */
export interface KeypadProgrammingOptions {
  readonly line: KeypadLine;
  readonly log: Logger;
  readonly model: KeypadModel;
  /**
   * What enters programming, with `{password}` where it goes. Default of `ws824`: `#787{password}`. For the others no public document says it: to be taken from the manual.
   */
  readonly enter?: string;
  readonly tables?: RestrictionTables;
  readonly times?: Partial<KeypadTimes>;
}

/** A sitting over several items. */
interface Group {
  readonly item: KeypadItem;
  readonly index: number;
  readonly values: Map<string, { readonly at: number; readonly value: ParameterValue }>;
}

const CODES: Readonly<Record<KeypadOutcome, ParameterCode>> = {
  taken: 'unverified',
  refused: 'range',
  silent: 'failed',
};

/**
 * The facet `programming` of a switch that is programmed at its keypad. It can only write: the switch says by a tone that it took something, which is `unverified`, never
 * `ok`. `range`: it gave busy tone twice, and does not say why. `failed`: no tone came. Reading is `unsupported`. Parameters that one code of the language writes together have
 * to be given together.
 */
export class KeypadProgramming implements ProgrammingFacet {
  readonly catalogue: readonly KeypadParameter[];
  readonly #options: KeypadProgrammingOptions;
  readonly #items: readonly KeypadItem[];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: KeypadProgrammingOptions) {
    this.#options = options;
    this.#items = keypadItems(options.model, options.tables);
    this.catalogue = this.#items.flatMap((item) => item.parameters);
  }

  /**
   * Answers `unsupported` for all: nothing can be read at a keypad.
   * @throws {CtiError} `argument.invalid` an id that is not in the catalogue
   */
  async get(what: readonly ParameterAt[]): Promise<readonly ParameterOutcome[]> {
    for (const { id } of what) this.#itemOf(id);
    return what.map(({ id, index }) => ({ id, index, code: 'unsupported' }));
  }

  /**
   * Writes parameters, item by item in the order in which each is first named.
   *
   * @throws {CtiError} `argument.invalid` an id that is not in the catalogue, or parameters that go together are missing; `auth.forbidden` the password was refused; `driver.refused`
   *   no dial tone, or programming cannot be entered; `device.lost` before the first item (later ones are `lost`); `wait.aborted`
   */
  set(
    what: readonly (ParameterAt & { readonly value: ParameterValue })[],
    options: { readonly signal: AbortSignal; readonly password: string },
  ): Promise<readonly ParameterOutcome[]> {
    return this.#inTurn(async () => {
      const groups = this.#groupsOf(what);
      const codes = new Map<number, ParameterCode>();
      const session = this.#sessionOf(options);
      try {
        for (const group of groups) await this.#write(group, { session, codes });
      } finally {
        await session.close();
      }
      return what.map(({ id, index, value }, at) => {
        const code = codes.get(at) ?? 'lost';
        return { id, index, code, ...(code === 'unverified' ? { value } : {}) };
      });
    });
  }

  /**
   * Carries out an order. Resolves when the switch said that it took it.
   *
   * @throws {CtiError} `command.notSupported`, `argument.invalid` as of {@link compileOrder}; `driver.refused` busy tone, or none; as of {@link KeypadProgramming.set}
   */
  order(order: KeypadOrder, options: { readonly signal: AbortSignal; readonly password?: string }): Promise<void> {
    return this.#inTurn(async () => {
      const { steps, where } = compileOrder(this.#options.model, order);
      const { password, signal } = options;
      const isInside = where === 'programming';
      if (isInside && password === undefined) throw missing();
      const session = this.#sessionOf({ signal, ...(isInside && password !== undefined ? { password } : {}) });
      try {
        const outcome = await session.run(order.type, steps);
        if (outcome === 'taken') return;
        throw new CtiError('driver.refused', `the switch did not take the order ${order.type}`, {
          details: { reason: outcome },
        });
      } finally {
        await session.close();
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #sessionOf({ signal, password }: { readonly signal: AbortSignal; readonly password?: string }): KeypadSession {
    const { line, log, times } = this.#options;
    const enter = password === undefined ? undefined : this.#enter(password);
    return new KeypadSession({
      line,
      log,
      signal,
      times: { ...KEYPAD_TIMES, ...times },
      ...(enter === undefined ? {} : { enter }),
    });
  }

  #enter(password: string): string {
    const { model, enter = model === 'ws824' ? '#787{password}' : undefined } = this.#options;
    if (enter === undefined) {
      throw new CtiError(
        'command.notSupported',
        `no public document says how programming of ${model} is entered: give enter`,
      );
    }
    if (!/^[0-9*#]*\{password\}[0-9*#]*$/u.test(enter) || !/^\d{1,16}$/u.test(password)) throw missing();
    return enter.replace('{password}', password);
  }

  #itemOf(id: string): KeypadItem {
    const item = this.#items.find(({ parameters }) => parameters.some((one) => one.id === id));
    if (item !== undefined) return item;
    throw new CtiError('argument.invalid', 'the keypad of the switch has no parameter of this id: see the catalogue', {
      details: { path: 'id', parameter: id },
    });
  }

  /** Puts together what one code writes. */
  #groupsOf(what: readonly (ParameterAt & { readonly value: ParameterValue })[]): readonly Group[] {
    const groups: Group[] = [];
    what.forEach(({ id, index, value }, at) => {
      const item = this.#itemOf(id);
      const open = groups.find((one) => one.item === item && one.index === index && !one.values.has(id));
      const group = open ?? { item, index, values: new Map() };
      if (open === undefined) groups.push(group);
      group.values.set(id, { at, value });
    });
    for (const { item, values } of groups) {
      const lacking = item.parameters.filter(({ id }) => !values.has(id)).map(({ id }) => id);
      if (lacking.length > 0) {
        throw new CtiError('argument.invalid', 'the keypad writes these parameters only together with others', {
          details: { path: 'id', parameter: item.item, all: lacking },
        });
      }
    }
    return groups;
  }

  async #write(
    { item, index, values }: Group,
    { session, codes }: { readonly session: KeypadSession; readonly codes: Map<number, ParameterCode> },
  ): Promise<void> {
    const rows = item.parameters.flatMap((parameter) => {
      const given = values.get(parameter.id);
      return given === undefined ? [] : [{ ...given, fault: keypadFault(parameter, given.value) }];
    });
    const tell = (code: ParameterCode): void => {
      for (const { at } of rows) codes.set(at, code);
    };
    if (!hasPlace(item, index)) return tell('noDevice');
    if (rows.some(({ fault }) => fault !== undefined)) {
      // Nothing of the item was written: those that were right are told so too.
      for (const { at, fault } of rows) codes.set(at, fault ?? 'failed');
      return;
    }
    try {
      tell(
        CODES[
          await session.run(
            item.item,
            compileItem(
              item,
              index,
              rows.map(({ value }) => value),
            ),
          )
        ],
      );
    } catch (error) {
      if (!isCtiError(error, 'device.lost') || codes.size === 0) throw error;
      tell('lost');
    }
  }
}

function missing(): CtiError {
  return new CtiError('argument.invalid', 'a keypad needs the system password, of digits', {
    details: { path: 'password' },
  });
}
