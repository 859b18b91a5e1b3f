import { type FiasRecord, fiasValue, readFieldList } from '../fias/index.js';
import { AliveTalk, type FiasRole, type RoleHost } from './role.js';

/** What the vendor's side wants to get and says that it sends, as its LR records tell. */
export interface FiasWishes {
  /** Fields that it knows of a record; `undefined`: it does not use that record. */
  fieldsOf(record: string): ReadonlySet<string> | undefined;
}

/** The hotel system's side: LS until the vendor describes itself, LA in answer to its LA. */
export class PmsRole implements FiasRole, FiasWishes {
  readonly #host: RoleHost;
  readonly #talk: AliveTalk;
  readonly #wishes = new Map<string, ReadonlySet<string>>();
  #state: 'starting' | 'described' | 'alive' = 'starting';
  #saidStartAtMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #cancelBound: (() => void) | undefined;

  constructor(host: RoleHost) {
    this.#host = host;
    this.#talk = new AliveTalk(host);
  }

  fieldsOf(record: string): ReadonlySet<string> | undefined {
    return this.#wishes.get(record);
  }

  begin(): void {
    this.#bound();
    this.#sayStart();
  }

  take(record: FiasRecord): 'mine' | 'business' {
    const { clock, timings } = this.#host;
    switch (record.id) {
      case 'LS':
        this.#anew();
        if (clock.nowMs() - this.#saidStartAtMs >= timings.startMs) this.#sayStart();
        return 'mine';
      case 'LD':
        this.#anew();
        this.#cancel?.();
        this.#state = 'described';
        this.#wishes.clear();
        return 'mine';
      case 'LR':
        this.#wish(record);
        return 'mine';
      case 'LA':
        if (this.#state === 'alive') this.#talk.heard();
        else if (this.#state === 'described') this.#alive();
        else this.#sayStart();
        return 'mine';
      case 'LE':
        this.#host.over('closed');
        return 'mine';
      default:
        return 'business';
    }
  }

  askAlive(): void {
    this.#talk.say();
  }

  close(): void {
    this.#cancel?.();
    this.#cancelBound?.();
  }

  #wish(record: FiasRecord): void {
    const id = fiasValue(record, 'RI');
    if (id !== undefined && this.#wishes.size < MAX_WISHES)
      this.#wishes.set(id, new Set(readFieldList(fiasValue(record, 'FL') ?? '')));
  }

  #anew(): void {
    if (this.#state === 'alive') {
      this.#host.again();
      this.#bound();
    }
    this.#state = 'starting';
  }

  #bound(): void {
    const { clock, timings, over } = this.#host;
    this.#cancelBound?.();
    this.#cancelBound = clock.setTimer(timings.handshakeMs, () => over('timeout'));
  }

  #sayStart(): void {
    const { say, stamp, clock, timings } = this.#host;
    this.#cancel?.();
    this.#saidStartAtMs = clock.nowMs();
    say('LS', stamp());
    this.#cancel = clock.setTimer(Math.max(1_000, timings.startMs * 2), () => this.#sayStart());
  }

  #alive(): void {
    this.close();
    this.#state = 'alive';
    this.#talk.say();
    this.#host.alive();
  }
}

const MAX_WISHES = 64;
