import type { KeypadOrder } from '@cordboard/adapters-pbx-serial';
import { CtiError } from '@cordboard/cti-core';
import type { ExitCode } from '../commands/context.js';
import type { PbxRun } from './run.js';

/** What an order needs to know. */
export interface OrderOptions {
  readonly pin?: string;
  readonly extension?: string;
  readonly level?: number;
  readonly prefix?: string;
  readonly sure?: 'yes';
}

/** Gives an order by the keypad. */
export async function giveOrder(what: string, options: OrderOptions, run: PbxRun): Promise<ExitCode> {
  const { keypad, context, form } = run;
  if (keypad === undefined) {
    throw new CtiError(
      'argument.invalid',
      'orders are for --profile ws824-keypad: other PBXs have commands of their own',
    );
  }
  const order = orderOf(what, options);
  const isOutside = order.type === 'lock' || order.type === 'unlock';
  await keypad.order(order, { signal: context.signal, ...(isOutside ? {} : { password: await run.password() }) });
  context.output.out(
    form === 'json' ? JSON.stringify({ order: order.type, code: 'unverified' }) : `${order.type}: taken`,
  );
  return 0;
}

/** The order that was asked for; the clock is set to that of this machine. @throws {CtiError} `argument.invalid` */
export function orderOf(what: string, options: OrderOptions, now: Date = new Date()): KeypadOrder {
  const { pin = '', extension, level = 0, prefix = '', sure } = options;
  const two = (part: number): string => String(part).padStart(2, '0');
  switch (what) {
    case 'clock': {
      const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
      return { type: 'clock', at: `${date}T${two(now.getHours())}:${two(now.getMinutes())}` };
    }
    case 'lock':
    case 'unlock':
      return { type: what, pin };
    case 'initialise':
      if (sure === 'yes') return { type: what };
      throw new CtiError(
        'argument.invalid',
        'initialise puts everything back as the factory had it: --yes if that is meant',
      );
    case 'clearCharges':
      return { type: what };
    case 'clearClass':
      return { type: what, ...(extension === undefined ? {} : { extension }) };
    case 'restrict':
      return { type: what, level, prefix };
    default:
      throw new CtiError('argument.invalid', 'the keypad has no such order', { details: { path: 'what' } });
  }
}
