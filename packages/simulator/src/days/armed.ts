import type { DriverCommand, DriverCommandType, DriverEvent } from '@cordboard/cti-core';
import type { CommandFault, EventFault, SwitchFaults } from '../switch/model.js';
import type { Fault } from './day.js';

type CommandTrouble = Extract<Fault, { command: string }>;
type EventTrouble = Extract<Fault, { event: string }>;

/** Faults that wait for something to hit: each strikes the first command or event that fits, once. */
export class ArmedFaults implements SwitchFaults {
  readonly #commands: CommandTrouble[] = [];
  readonly #events: EventTrouble[] = [];
  readonly #cuts: { readonly at: DriverCommandType; readonly cut: () => void }[] = [];
  readonly #pauses: (() => void)[] = [];
  readonly #struck: (kind: Fault['kind']) => void;

  constructor(struck: (kind: Fault['kind']) => void) {
    this.#struck = struck;
  }

  arm(fault: CommandTrouble | EventTrouble): void {
    if ('command' in fault) this.#commands.push(fault);
    else this.#events.push(fault);
  }

  /** Breaks the link when the next command of a type is on the wire. */
  cutAt(at: DriverCommandType, cut: () => void): void {
    this.#cuts.push({ at, cut });
  }

  /** When the next recording is paused. */
  atPause(act: () => void): void {
    this.#pauses.push(act);
  }

  command(command: DriverCommand): CommandFault | undefined {
    const cutAt = this.#cuts.findIndex(({ at }) => at === command.type);
    if (cutAt >= 0) for (const { cut } of this.#cuts.splice(cutAt, 1)) cut();
    if (command.type === 'controlRecording' && command.mode === 'pause') this.#pauses.shift()?.();
    if (this.#commands.length === 0) return undefined;
    const at = this.#commands.findIndex((fault) => fault.command === command.type);
    const fault = this.#commands[at];
    if (fault === undefined) return undefined;
    this.#commands.splice(at, 1);
    this.#struck(fault.kind);
    if (fault.kind === 'commandRefused') return { refuse: fault.code };
    if (fault.kind === 'commandUnconfirmed') return 'lost';
    return fault.done === 'done' ? 'muteDone' : 'mute';
  }

  event(event: DriverEvent): EventFault | undefined {
    if (this.#events.length === 0) return undefined;
    const at = this.#events.findIndex((fault) => fault.event === event.type);
    const fault = this.#events[at];
    if (fault === undefined) return undefined;
    this.#events.splice(at, 1);
    this.#struck(fault.kind);
    if (fault.kind === 'eventLate') return { lateMs: fault.lateMs };
    return fault.kind === 'eventDoubled' ? 'double' : 'reorder';
  }
}
