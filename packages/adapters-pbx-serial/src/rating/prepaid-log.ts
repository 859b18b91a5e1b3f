import { z } from 'zod';
import { type LineFile, openLineFile } from '../hotel/ledger/line-file.js';
import type { ArchiveCursor } from '../smdr/archive-folder.js';
import { keyOf } from './class-control.js';
import { type CreditAccount, chargeAccount, creditAccount, type Payer, renewAccount } from './credit.js';

const minor = z.number().int();
const payer = z.object({
  by: z.enum(['extension', 'accountCode', 'personalPassword', 'disaPassword']),
  id: z.string().min(1).max(64),
});
const account = z.object({
  payer,
  balanceMinor: minor,
  normalClass: z.string().max(16),
  restrictedClass: z.string().max(16),
  state: z.enum(['normal', 'restricted']),
  warnAtMinor: minor.optional(),
});
const cursor = z.record(z.string(), z.number().int().min(0));
const reference = z.string().max(128);

const entrySchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('account'), account, applied: z.string().optional() }),
  z.object({ t: z.literal('closed'), payer }),
  /** Calls of a piece of the archive, and where it ends: both or neither. */
  z.object({ t: z.literal('calls'), cursor, charges: z.array(z.tuple([payer, minor.min(0)])) }),
  z.object({ t: z.literal('credit'), payer, amountMinor: minor, ref: reference }),
  z.object({ t: z.literal('renew'), payer, quotaMinor: minor.min(0), ref: reference }),
  z.object({ t: z.literal('applied'), payer, to: z.string() }),
  /** What a file that was written anew begins with. */
  z.object({ t: z.literal('state'), cursor, refs: z.array(reference) }),
]);
/** One line of the log. */
export type PrepaidEntry = z.infer<typeof entrySchema>;

/** References of payments that are remembered. */
const REFS_KEPT = 50_000;
/** Lines beyond the accounts after which the file is written anew. */
const SLACK = 20_000;

/** Balances on the disk: every line is a change, and what has happened is what the lines say. */
export class PrepaidLog {
  readonly #file: LineFile;
  readonly #accounts = new Map<string, CreditAccount>();
  readonly #applied = new Map<string, string>();
  readonly #refs = new Set<string>();
  #cursor: ArchiveCursor = {};
  #lines = 0;
  /** Lines that could not be read when it was opened. */
  readonly damaged: number;

  private constructor(file: LineFile) {
    this.#file = file;
    let damaged = file.content.damaged;
    for (const line of file.content.lines) {
      const entry = readEntry(line);
      if (entry === undefined) damaged += 1;
      else this.#apply(entry);
    }
    this.damaged = damaged;
  }

  static async open(path: string): Promise<PrepaidLog> {
    return new PrepaidLog(await openLineFile(path));
  }

  get accounts(): readonly CreditAccount[] {
    return [...this.#accounts.values()];
  }

  get cursor(): ArchiveCursor {
    return this.#cursor;
  }

  account(of: Payer): CreditAccount | undefined {
    return this.#accounts.get(keyOf(of));
  }

  applied(of: Payer): string | undefined {
    return this.#applied.get(keyOf(of));
  }

  hasRef(ref: string): boolean {
    return this.#refs.has(ref);
  }

  /** Writes a change and makes it; nothing is changed when the disk says no. */
  async write(entry: PrepaidEntry): Promise<void> {
    await this.#file.append([JSON.stringify(entry)]);
    this.#apply(entry);
    if (this.#lines > this.#accounts.size + SLACK) await this.#shorten();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #shorten(): Promise<void> {
    await this.#file.replace(() => this.#state().map((entry) => JSON.stringify(entry)));
    this.#lines = this.#accounts.size + 1;
  }

  #state(): PrepaidEntry[] {
    return [
      { t: 'state', cursor: { ...this.#cursor }, refs: [...this.#refs] },
      ...this.accounts.map((one): PrepaidEntry => {
        const applied = this.applied(one.payer);
        return { t: 'account', account: one, ...(applied === undefined ? {} : { applied }) } as PrepaidEntry;
      }),
    ];
  }

  #apply(entry: PrepaidEntry): void {
    this.#lines += 1;
    switch (entry.t) {
      case 'account':
        this.#accounts.set(keyOf(entry.account.payer), entry.account as CreditAccount);
        if (entry.applied !== undefined) this.#applied.set(keyOf(entry.account.payer), entry.applied);
        return;
      case 'closed':
        this.#accounts.delete(keyOf(entry.payer));
        this.#applied.delete(keyOf(entry.payer));
        return;
      case 'calls':
        for (const [of, costMinor] of entry.charges) this.#change(of, (one) => chargeAccount(one, costMinor).account);
        this.#cursor = entry.cursor;
        return;
      case 'credit':
        this.#remember(entry.ref);
        return this.#change(entry.payer, (one) => creditAccount(one, entry.amountMinor).account);
      case 'renew':
        this.#remember(entry.ref);
        return this.#change(entry.payer, (one) => renewAccount(one, entry.quotaMinor).account);
      case 'applied':
        this.#applied.set(keyOf(entry.payer), entry.to);
        return;
      case 'state':
        this.#cursor = entry.cursor;
        for (const ref of entry.refs) this.#remember(ref);
    }
  }

  #change(of: Payer, change: (account: CreditAccount) => CreditAccount): void {
    const before = this.#accounts.get(keyOf(of));
    if (before !== undefined) this.#accounts.set(keyOf(of), change(before));
  }

  #remember(ref: string): void {
    this.#refs.add(ref);
    if (this.#refs.size > REFS_KEPT) this.#refs.delete(this.#refs.values().next().value ?? '');
  }
}

function readEntry(line: string): PrepaidEntry | undefined {
  try {
    const read = entrySchema.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    // Its checksum was right, so it is of another version: told with the damaged ones.
    return undefined;
  }
}
