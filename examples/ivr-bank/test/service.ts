export const CARD = '6222020200112233445';
export const PIN = '482913';

interface Request {
  readonly url: string;
  readonly key: string;
  readonly body?: Readonly<Record<string, string>>;
}

/** The bank's service in memory: one account, and orders that are booked once for each Idempotency-Key. */
export class BankService {
  /** Numbers of orders by key. */
  readonly booked = new Map<string, string>();
  readonly #balance: number;

  constructor(balance = 123_456) {
    this.#balance = balance;
  }

  answer({ url, key, body = {} }: Request): { readonly status: number; readonly body?: unknown } {
    switch (new URL(url).pathname) {
      case '/sessions':
        if (body.card !== CARD || body.pin !== PIN) return { status: 401, body: {} };
        return { status: 201, body: { account: 'A-77', level: 'gold' } };
      case '/balance':
        return body.account === 'A-77' ? { status: 200, body: { balance: this.#balance } } : { status: 404 };
      case '/orders': {
        const known = this.booked.get(key);
        if (known === undefined && this.booked.size > 0) return { status: 409, body: {} };
        const number = known ?? '5501';
        this.booked.set(key, number);
        return { status: 201, body: { number } };
      }
      default:
        return { status: 404 };
    }
  }
}
