import { CtiError } from '@cordboard/cti-core';
import type { SmdrRecord } from '../smdr/record.js';

/** Who pays. */
export interface Payer {
  readonly by: 'extension' | 'accountCode' | 'personalPassword' | 'disaPassword';
  /** Number of the extension, the account code, or the key of the password; never the password. */
  readonly id: string;
}

/** A pre-paid balance. Classes are the PBX's own numbers of what may be dialled. */
export interface CreditAccount {
  readonly payer: Payer;
  /** Minor units; below zero when the last call cost more than was left. */
  readonly balanceMinor: number;
  readonly normalClass: string;
  /** While nothing is left. */
  readonly restrictedClass: string;
  readonly state: 'normal' | 'restricted';
  /** A warning is due when the balance falls to this; default: never. */
  readonly warnAtMinor?: number;
}

/** What is to be done at the PBX or told to people. */
export type CreditDecision =
  | { readonly type: 'setClass'; readonly payer: Payer; readonly to: string; readonly why: 'overQuota' | 'restored' }
  | { readonly type: 'warn'; readonly payer: Payer; readonly balanceMinor: number };

/** An account after something happened, and what follows from it. */
export interface CreditOutcome {
  readonly account: CreditAccount;
  readonly decisions: readonly CreditDecision[];
}

function changed(account: CreditAccount, balanceMinor: number): CreditOutcome {
  const state = balanceMinor <= 0 ? 'restricted' : 'normal';
  const { payer, warnAtMinor } = account;
  const decisions: CreditDecision[] = [];
  if (state !== account.state) {
    const to = state === 'restricted' ? account.restrictedClass : account.normalClass;
    decisions.push({ type: 'setClass', payer, to, why: state === 'restricted' ? 'overQuota' : 'restored' });
  }
  const crossed = warnAtMinor !== undefined && balanceMinor <= warnAtMinor && account.balanceMinor > warnAtMinor;
  if (crossed && state === 'normal') decisions.push({ type: 'warn', payer, balanceMinor });
  return { account: { ...account, balanceMinor, state }, decisions };
}

function whole(amountMinor: number, least: number): number {
  if (Number.isSafeInteger(amountMinor) && amountMinor >= least) return amountMinor;
  throw new CtiError('argument.invalid', 'an amount is a whole number of minor units', {
    details: { path: 'amountMinor' },
  });
}

/**
 * Takes the cost of a call from a balance. With nothing left the class drops, once.
 *
 * @throws {CtiError} `argument.invalid` for a negative or broken amount
 */
export function chargeAccount(account: CreditAccount, costMinor: number): CreditOutcome {
  return changed(account, account.balanceMinor - whole(costMinor, 0));
}

/**
 * Adds money, or corrects a charge (a negative amount takes). Above zero the class is restored.
 *
 * @throws {CtiError} `argument.invalid` for a broken amount
 */
export function creditAccount(account: CreditAccount, amountMinor: number): CreditOutcome {
  return changed(account, account.balanceMinor + whole(amountMinor, -Number.MAX_SAFE_INTEGER));
}

/** Begins a new period with a full quota: what was left or owed before is gone. @throws {CtiError} `argument.invalid` for a broken amount */
export function renewAccount(account: CreditAccount, quotaMinor: number): CreditOutcome {
  return changed(account, whole(quotaMinor, 0));
}

/** Which class the PBX should have: for a PBX that lost its memory, or a command whose outcome is not known. */
export const classOf = (account: CreditAccount): string =>
  account.state === 'restricted' ? account.restrictedClass : account.normalClass;

/** Who pays for a call, the most particular first: password of a person, DISA password, account code, extension. The first that has an account pays. */
export function payersOf({ personalCode, disaCode, accountCode, extension }: SmdrRecord): readonly Payer[] {
  const told: readonly (readonly [Payer['by'], string | undefined])[] = [
    ['personalPassword', personalCode],
    ['disaPassword', disaCode],
    ['accountCode', accountCode],
    ['extension', extension],
  ];
  return told.flatMap(([by, id]) => (id === undefined || id === '' ? [] : [{ by, id }]));
}
