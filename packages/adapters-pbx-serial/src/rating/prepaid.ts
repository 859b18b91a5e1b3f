import { type Clock, CtiError } from '@cordboard/cti-core';
import type { SmdrArchive } from '../smdr/archive-folder.js';
import type { SmdrRecord } from '../smdr/record.js';
import { type ClassControl, ClassKeeper } from './class-control.js';
import {
  type CreditAccount,
  chargeAccount,
  classOf,
  creditAccount,
  type Payer,
  payersOf,
  renewAccount,
} from './credit.js';
import { PrepaidLog } from './prepaid-log.js';
import { type CallCharge, rateCall } from './rate.js';
import type { RateBook } from './table.js';

/** What a pre-paid desk tells. Nothing of it may throw. */
export interface PrepaidSink {
  /** A call was taken from a balance. */
  readonly charged?: (told: {
    readonly account: CreditAccount;
    readonly record: SmdrRecord;
    readonly charge: CallCharge;
  }) => void;
  /** A call of somebody with an account has no price: nothing was taken, and a person has to look at it. */
  readonly unrated?: (told: {
    readonly account: CreditAccount;
    readonly record: SmdrRecord;
    readonly charge: CallCharge;
  }) => void;
  readonly warned?: (account: CreditAccount) => void;
  /** The PBX has this class now. */
  readonly classSet?: (payer: Payer, to: string) => void;
  /** It could not be set. It is tried again after 5 s to 5 min, but for what the PBX can never do. */
  readonly classFailed?: (payer: Payer, error: unknown) => void;
  /** Archive or balances could not be read or written: they are tried again with the next call. */
  readonly failed?: (error: unknown) => void;
}

/** What a pre-paid desk is made of. */
export interface PrepaidOptions {
  readonly clock: Clock;
  /** File of the balances, made when it is missing. One process works with it. */
  readonly file: string;
  readonly book: RateBook;
  /** Where calls come from; each is charged once, also after a crash in between. */
  readonly archive: SmdrArchive;
  readonly control: ClassControl;
  readonly sink?: PrepaidSink;
}

/** An account as it is opened. */
export type NewAccount = Omit<CreditAccount, 'state'>;

/** Pre-paid balances: calls are taken off, and who has nothing left gets the lower class until something is paid. */
export interface Prepaid {
  readonly accounts: readonly CreditAccount[];
  /** Lines of the file that could not be read: 1 after a crash is usual. */
  readonly damaged: number;
  /** Charges what the archive holds since it was last read, and sets the classes that should be set. */
  start(): Promise<void>;
  /** New records are in the archive. Returns at once; for the sink of an intake. */
  callsCame(): void;
  /** Resolves when what `callsCame` told of is charged. */
  settled(): Promise<void>;
  /** @throws {CtiError} `resource.conflict` it is open already, `argument.invalid` an amount that is not whole */
  openAccount(account: NewAccount): Promise<CreditAccount>;
  /** The class stays as it is. @throws {CtiError} `resource.notFound` */
  closeAccount(payer: Payer): Promise<void>;
  /**
   * Adds what was paid, or a correction.
   * @param payment - `ref` names it: the same one twice counts once
   * @throws {CtiError} `resource.notFound`, `argument.invalid`
   */
  credit(payer: Payer, payment: { readonly amountMinor: number; readonly ref: string }): Promise<CreditAccount>;
  /** Begins a new period. @throws {CtiError} as {@link credit} */
  renew(payer: Payer, period: { readonly quotaMinor: number; readonly ref: string }): Promise<CreditAccount>;
  /** Rates of the calls from now on. */
  useRates(book: RateBook): void;
  /** The PBX was restarted and may have forgotten its classes: all are set again. */
  setClassesAgain(): void;
  /** Ends it; what came is charged. May be called again. */
  stop(): Promise<void>;
}

class Desk implements Prepaid {
  readonly #options: PrepaidOptions;
  readonly #log: PrepaidLog;
  readonly #classes: ClassKeeper;
  #book: RateBook;
  #queue: Promise<unknown> = Promise.resolve();
  #isAsked = false;
  #stopped: Promise<void> | undefined;

  constructor(options: PrepaidOptions, log: PrepaidLog) {
    const { clock, control, sink } = options;
    this.#options = options;
    this.#log = log;
    this.#book = options.book;
    this.#classes = new ClassKeeper({
      clock,
      control,
      set: (payer, to) => {
        this.#inTurn(() => this.#log.write({ t: 'applied', payer, to })).catch((error) => sink?.failed?.(error));
        sink?.classSet?.(payer, to);
      },
      failed: (payer, error) => sink?.classFailed?.(payer, error),
    });
  }

  get accounts(): readonly CreditAccount[] {
    return this.#log.accounts;
  }

  get damaged(): number {
    return this.#log.damaged;
  }

  async start(): Promise<void> {
    await this.#inTurn(() => this.#charge());
    for (const account of this.accounts) this.#wantClass(account);
  }

  callsCame(): void {
    if (this.#isAsked || this.#stopped !== undefined) return;
    this.#isAsked = true;
    this.#inTurn(() => {
      this.#isAsked = false;
      return this.#charge();
    }).catch((error) => this.#options.sink?.failed?.(error));
  }

  async settled(): Promise<void> {
    await this.#queue;
  }

  openAccount(account: NewAccount): Promise<CreditAccount> {
    return this.#inTurn(async () => {
      const { payer } = account;
      if (this.#log.account(payer) !== undefined)
        throw new CtiError('resource.conflict', 'this account is open already');
      for (const amount of [account.balanceMinor, account.warnAtMinor ?? 0])
        creditAccount({ ...account, state: 'normal' }, amount);
      // A credit of nothing finds the state.
      const { account: checked } = creditAccount({ ...account, state: 'normal' }, 0);
      await this.#log.write({ t: 'account', account: checked });
      this.#wantClass(checked);
      return checked;
    });
  }

  closeAccount(payer: Payer): Promise<void> {
    return this.#inTurn(async () => {
      this.#known(payer);
      await this.#log.write({ t: 'closed', payer });
      this.#classes.forget(payer);
    });
  }

  credit(
    payer: Payer,
    { amountMinor, ref }: { readonly amountMinor: number; readonly ref: string },
  ): Promise<CreditAccount> {
    return this.#inTurn(async () => {
      const before = this.#known(payer);
      if (this.#log.hasRef(ref)) return before;
      creditAccount(before, amountMinor);
      await this.#log.write({ t: 'credit', payer, amountMinor, ref });
      return this.#changed(payer);
    });
  }

  renew(
    payer: Payer,
    { quotaMinor, ref }: { readonly quotaMinor: number; readonly ref: string },
  ): Promise<CreditAccount> {
    return this.#inTurn(async () => {
      const before = this.#known(payer);
      if (this.#log.hasRef(ref)) return before;
      renewAccount(before, quotaMinor);
      await this.#log.write({ t: 'renew', payer, quotaMinor, ref });
      return this.#changed(payer);
    });
  }

  useRates(book: RateBook): void {
    this.#book = book;
  }

  setClassesAgain(): void {
    this.#classes.again();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await this.#classes.stop();
    await this.#queue;
    await this.#log.close();
  }

  /** One change at a time, so that each sees what the one before made. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #known(payer: Payer): CreditAccount {
    const account = this.#log.account(payer);
    if (account === undefined) throw new CtiError('resource.notFound', 'there is no such account');
    return account;
  }

  #changed(payer: Payer): CreditAccount {
    const account = this.#known(payer);
    this.#wantClass(account);
    return account;
  }

  #wantClass(account: CreditAccount): void {
    this.#classes.want(account.payer, classOf(account), this.#log.applied(account.payer));
  }

  async #charge(): Promise<void> {
    for await (const { records, cursor } of this.#options.archive.follow(this.#log.cursor)) {
      const bills = records.flatMap((record) => this.#billOf(record) ?? []);
      const charges = bills.flatMap(({ payer, charge }): [Payer, number][] =>
        charge.outcome === 'rated' && charge.costMinor > 0 ? [[payer, charge.costMinor]] : [],
      );
      await this.#log.write({ t: 'calls', cursor: { ...cursor }, charges });
      this.#tell(bills);
    }
  }

  #billOf(record: SmdrRecord): Bill | undefined {
    for (const payer of payersOf(record)) {
      const before = this.#log.account(payer);
      if (before !== undefined) return { payer, record, before, charge: rateCall(record, this.#book) };
    }
    return undefined;
  }

  #tell(bills: readonly Bill[]): void {
    const { sink } = this.#options;
    // Balances as they were before this piece, taken down call by call.
    const running = new Map<string, CreditAccount>();
    for (const { payer, record, before, charge } of bills) {
      const key = `${payer.by} ${payer.id}`;
      const account = running.get(key) ?? before;
      if (charge.outcome === 'unrated') sink?.unrated?.({ account, record, charge });
      if (charge.outcome !== 'rated') continue;
      const after = chargeAccount(account, charge.costMinor);
      running.set(key, after.account);
      sink?.charged?.({ account: after.account, record, charge });
      if (after.decisions.some(({ type }) => type === 'warn')) sink?.warned?.(after.account);
    }
    for (const { payer } of running.values()) this.#wantClass(this.#known(payer));
  }
}

interface Bill {
  readonly payer: Payer;
  readonly record: SmdrRecord;
  readonly before: CreditAccount;
  readonly charge: CallCharge;
}

/**
 * Opens pre-paid balances. A call is charged to the first of personal password, DISA password, account code and extension that has an account; how far the archive was read
 * and what was taken for it are one line on the disk, so that a crash neither forgets a call nor charges it twice.
 *
 * Rejects with what the disk says.
 */
export async function openPrepaid(options: PrepaidOptions): Promise<Prepaid> {
  return new Desk(options, await PrepaidLog.open(options.file));
}
