import type { DeviceId, DriverEvent, SwitchSnapshot } from '@cordboard/cti-core';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';
import type { BoardState } from './board.js';
import { callOfExt, callOfLine, callOfSlot } from './call-keys.js';
import type { Calls } from './calls.js';
import type { CallKey } from './connections.js';
import type { Devices } from './devices.js';
import { otherNumber } from './parties.js';
import { type Shown, showExt, showLine, showSlot } from './presence.js';

/** What a device is doing. */
type PresenceEvent = Extract<DriverEvent, { readonly type: 'devicePresence' }>;

/** What a {@link BoardView} is made of. */
export interface BoardViewOptions {
  readonly devices: Devices;
  readonly calls: Calls;
  readonly board: () => BoardState;
  /** Slots that the PBX has, told as free where the PBX names none. */
  readonly slots: number;
}

/** The live board: what each extension, line and slot is doing, whoever's call it is. */
export class BoardView {
  readonly #options: BoardViewOptions;
  /** A message may leave the class out, which is unchanged then. */
  readonly #classes = new Map<string, number>();

  constructor(options: BoardViewOptions) {
    this.#options = options;
  }

  /** What a message changes on the board; `undefined` for one that changes nothing. */
  show(message: KtsMessage): PresenceEvent | undefined {
    const { devices } = this.#options;
    switch (message.type) {
      case 'extState':
        return { type: 'devicePresence', device: devices.id(`x${message.ext}`), ...this.#ext(message) };
      case 'lineState':
        return { type: 'devicePresence', device: devices.id(`l${message.line}`), ...this.#line(message) };
      case 'parkState':
        return { type: 'devicePresence', device: devices.id(`s${message.slot}`), ...this.#slot(message) };
      default:
        return undefined;
    }
  }

  /** The line and its telephones, when caller ID has told late who calls. */
  showLineCall(line: MessageOf<'lineState'>): PresenceEvent[] {
    const state = this.#options.board();
    const call = callOfLine(line);
    if (call === undefined) return [];
    const exts = [...state.exts.values()].filter((ext) => callOfExt(ext, state) === call);
    return [line, ...exts].flatMap((message) => this.show(message) ?? []);
  }

  /** Every device. */
  all(): SwitchSnapshot['devices'] {
    const { devices, board, slots } = this.#options;
    const state = board();
    const shown: { device: DeviceId; presence: Shown['presence']; detail: Shown['detail'] }[] = [];
    for (const ext of state.exts.values()) shown.push({ device: devices.id(`x${ext.ext}`), ...this.#ext(ext) });
    for (const line of state.lines.values()) shown.push({ device: devices.id(`l${line.line}`), ...this.#line(line) });
    const numbers = new Set([...Array.from({ length: slots }, (_, at) => at + 1), ...state.slots.keys()]);
    for (const slot of numbers) shown.push({ device: devices.id(`s${slot}`), ...this.#slot(state.slots.get(slot)) });
    return shown;
  }

  #ext(message: MessageOf<'extState'>): Shown {
    const { ext, cls, dir } = message;
    if (cls !== undefined && this.#options.board().exts.has(ext)) this.#classes.set(ext, cls);
    const call = callOfExt(message, this.#options.board());
    return showExt(message, {
      ...this.#beside(call, { dir, number: otherNumber(message) }),
      classOfService: this.#classes.get(ext),
    });
  }

  #line(message: MessageOf<'lineState'>): Shown {
    return showLine(message, this.#beside(callOfLine(message), message));
  }

  #slot(message: MessageOf<'parkState'> | undefined): Shown {
    const call = message?.parkState === 'taken' ? callOfSlot(message, this.#options.board()) : undefined;
    return showSlot(message, this.#beside(call, { dir: 'in' }));
  }

  #beside(
    call: CallKey | undefined,
    told: { readonly dir?: string | undefined; readonly number?: string | undefined },
  ) {
    const { devices, calls } = this.#options;
    const party = calls.callers.partyOf(call, told);
    return {
      devices,
      party: call === undefined || (party.number === '' && party.name === undefined) ? undefined : party,
      nativeCallRef: call === undefined ? undefined : calls.connections.refOf(call),
    };
  }
}
