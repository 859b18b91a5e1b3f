import type { VirtualPbx } from '../pbx/pbx.js';
import type { ServiceName, ServiceRequest, ServiceResult } from '../pbx/services.js';
import type { ExtensionStatus } from '../pbx/status.js';
import { activeLeg } from '../pbx/status-of.js';

/** The hands at one telephone: what its user does there, not a computer. Without power nothing happens. */
export class Phone {
  /** Its number. */
  readonly number: string;
  readonly #pbx: VirtualPbx;

  constructor(pbx: VirtualPbx, number: string) {
    this.#pbx = pbx;
    this.number = number;
  }

  /** What the PBX says of it. */
  get status(): ExtensionStatus | undefined {
    return this.#pbx.extension(this.number);
  }

  /** Lifts the handset: answers what rings, else hears the dial tone. */
  lift(): void {
    this.#pbx.hand(this.number, (ext, { keys }) => keys.lift(ext, 'off'));
  }

  /** Presses the loudspeaker key; as {@link lift}. */
  handsFree(): void {
    this.#pbx.hand(this.number, (ext, { keys }) => keys.lift(ext, 'handsFree'));
  }

  /** Puts the handset down, or ends what the loudspeaker plays. */
  hangUp(): void {
    this.#pbx.hand(this.number, (ext, { keys }) => keys.putDown(ext));
  }

  /** Presses keys, `0-9*#A-D`, all at this moment. */
  press(digits: string): void {
    for (const key of digits) this.#pbx.hand(this.number, (ext, { keys }) => keys.press(ext, key));
  }

  /** Lifts where needed, and presses keys 200 ms apart: an extension, or the access digit and a number. @returns what stops it */
  dial(digits: string): () => void {
    const hasTone = this.status?.state === 'offHook';
    if (!hasTone) this.lift();
    let cancel: () => void = () => undefined;
    const next = (rest: string): void => {
      if (rest === '') return;
      cancel = this.#pbx.clock.setTimer(200, () => {
        this.press(rest.slice(0, 1));
        next(rest.slice(1));
      });
    };
    next(digits);
    return () => cancel();
  }

  /** Answers what rings: lifts the handset. */
  answer(): void {
    this.lift();
  }

  /** The key that silences what rings. */
  reject(): ServiceResult {
    return this.#key('hangUp');
  }

  /** The hold key. */
  hold(): ServiceResult {
    return this.#key('hold');
  }
  /** The line key of a held call. */
  retrieve(how: { readonly line?: number; readonly call?: number } = {}): ServiceResult {
    return this.#key('retrieve', how);
  }
  /** The transfer key, with a target; without: joins the held party and the one talked with. */
  transfer(to?: string): ServiceResult {
    return this.#key('transfer', to === undefined ? {} : { to });
  }
  /** The conference key; with a target it is called in. */
  conference(to?: string): ServiceResult {
    return this.#key('conference', to === undefined ? {} : { to });
  }
  /** Parks; without a slot in the first free one. */
  park(slot?: number): ServiceResult {
    return this.#key('park', slot === undefined ? {} : { slot });
  }
  /** Takes what is parked. */
  unpark(slot: number): ServiceResult {
    return this.#key('unpark', { slot });
  }
  /** Takes what rings at another telephone, or at any of the group. */
  pickUp(from?: string): ServiceResult {
    return this.#key('pickUp', from === undefined ? {} : { to: from });
  }
  /** Speaks through the loudspeakers of a zone, 0 (all) to 9. */
  page(zone: number): ServiceResult {
    return this.#key('page', { to: String(zone) });
  }
  /** The redial key. */
  redial(): ServiceResult {
    return this.#key('redial');
  }
  /** The flash key. */
  flash(): ServiceResult {
    return this.#key('flash');
  }
  /** A key of the speed dial: an entry of item 20. */
  speedDial(entry: number): ServiceResult {
    const to = this.#pbx.parameters.text(20, entry);
    return to === '' ? { code: 'noDevice' } : this.#key('make', { to });
  }

  /** The do-not-disturb key. */
  dnd(mode: 'on' | 'off'): void {
    const index = Number(this.number);
    this.#pbx.setParameter({ item: 10, index, field: 1 }, mode === 'on');
    this.#pbx.hand(this.number, (ext, { hotel }) => hotel.tell(ext, { what: 'dnd', on: mode === 'on' }));
  }

  /** Forwards its calls; empty: no more. */
  forward(to: string): void {
    this.#pbx.hand(this.number, (ext, { core }) => {
      core.memory.port(ext.port).forward = to;
      core.touch(ext);
    });
  }

  /** Leaves a message at another telephone: its lamp is lit. */
  leaveMessage(at: string, mode: 'on' | 'off' = 'on'): void {
    this.#pbx.hand(at, (ext, { core, hotel }) => {
      core.memory.port(ext.port).lamp = mode === 'on';
      core.touch(ext);
      hotel.tell(ext, { what: 'lamp', on: mode === 'on' });
    });
  }

  /** The maid dials the state of the room, 1-6. */
  roomStatus(status: number): void {
    this.#pbx.hotel({ op: 'room', ext: this.number, status });
    this.#pbx.hand(this.number, (ext, { hotel }) => hotel.tell(ext, { what: 'status', status }));
  }

  /** A telephone without a loudspeaker cannot be taken off-hook by a computer. Default: it can. */
  setKind(kind: 'keyTelephone' | 'plain'): void {
    this.#pbx.hand(this.number, (ext) => {
      ext.handsFree = kind === 'keyTelephone';
    });
  }

  /** Its plug is pulled, or put back. */
  setService(mode: 'in' | 'out'): void {
    this.#pbx.hand(this.number, (ext, { core, keys }) => {
      if (mode === 'out') {
        if (activeLeg(ext) !== undefined) keys.putDown(ext);
        for (const leg of [...ext.legs]) this.#key('hangUp', { call: leg.call.id });
      }
      ext.outOfService = mode === 'out';
      core.touch(ext);
    });
  }

  #key(service: ServiceName, how: Omit<ServiceRequest, 'service' | 'ext'> = {}): ServiceResult {
    return this.#pbx.carryOut({ service, ext: this.number, ...how });
  }
}
