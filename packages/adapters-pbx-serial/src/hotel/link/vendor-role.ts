import type { FiasFieldId, FiasRecord, FiasRecordId } from '../fias/index.js';
import { AliveTalk, type FiasRole, type RoleHost } from './role.js';

/** What the PBX's side tells of itself, and which records with which fields it uses. */
export interface FiasDescription {
  /** `V#`, default `1.0`. */
  readonly version: string;
  /** `IF`: `PB` a PBX, `VM` a voice mail. */
  readonly family: string;
  readonly records: { readonly [R in FiasRecordId]?: readonly FiasFieldId[] };
}

/** What a PBX with this product behind it uses. */
export const PBX_DESCRIPTION: FiasDescription = {
  version: '1.0',
  family: 'PB',
  records: {
    GI: ['RN', 'G#', 'GN', 'GF', 'GL', 'GS', 'CS', 'SF'],
    GO: ['RN', 'G#', 'GS', 'SF'],
    GC: ['RN', 'RO', 'G#', 'GN', 'GF', 'GL', 'GS', 'CS'],
    RE: ['RN', 'RS', 'ML', 'CS', 'DN'],
    WR: ['RN', 'DA', 'TI'],
    WC: ['RN', 'DA', 'TI'],
    WA: ['RN', 'AS', 'DA', 'TI'],
    PS: ['RN', 'PT', 'TA', 'MP', 'DD', 'DU', 'DA', 'TI', 'P#', 'SO'],
    PA: ['RN', 'AS', 'DA', 'TI', 'P#'],
    NS: ['DA', 'TI'],
    NE: ['DA', 'TI'],
  },
};

/**
 * The PBX's side: LS, then on the hotel system's LS (or when nothing comes) LD, one LR for each record and LA; alive when LA is answered. Each later LS of the hotel
 * system begins it again.
 */
export class VendorRole implements FiasRole {
  readonly #host: RoleHost;
  readonly #description: FiasDescription;
  readonly #talk: AliveTalk;
  #state: 'starting' | 'described' | 'alive' = 'starting';
  #cancel: (() => void) | undefined;
  #cancelBound: (() => void) | undefined;

  constructor(host: RoleHost, description: FiasDescription) {
    this.#host = host;
    this.#description = description;
    this.#talk = new AliveTalk(host);
  }

  begin(): void {
    const { clock, timings, say, stamp } = this.#host;
    this.#bound();
    say('LS', stamp());
    this.#cancel = clock.setTimer(timings.startMs, () => this.#describe());
  }

  take(record: FiasRecord): 'mine' | 'business' {
    switch (record.id) {
      case 'LS':
        if (this.#state === 'alive') {
          this.#host.again();
          this.#bound();
        }
        this.#describe();
        return 'mine';
      case 'LA':
        if (this.#state === 'alive') this.#talk.heard();
        else if (this.#state === 'described') this.#alive();
        else this.#describe();
        return 'mine';
      case 'LE':
        this.#host.over('closed');
        return 'mine';
      case 'LD':
      case 'LR':
        return 'mine';
      default:
        // A system that sends guests has understood what it was told.
        if (this.#state === 'described') this.#alive();
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

  #bound(): void {
    const { clock, timings, over } = this.#host;
    this.#cancelBound?.();
    this.#cancelBound = clock.setTimer(timings.handshakeMs, () => over('timeout'));
  }

  #describe(): void {
    const { say, stamp, clock, timings } = this.#host;
    const { version, family, records } = this.#description;
    this.#cancel?.();
    this.#state = 'described';
    say('LD', { ...stamp(), 'V#': version, IF: family });
    for (const [id, fields] of Object.entries(records)) say('LR', { RI: id, FL: fields.join('') });
    this.#talk.say(() => {
      if (this.#state !== 'described') return;
      this.#cancel?.();
      this.#cancel = clock.setTimer(Math.max(1_000, timings.handshakeMs / 3), () => this.#describe());
    });
  }

  #alive(): void {
    this.close();
    this.#state = 'alive';
    this.#host.alive();
  }
}
