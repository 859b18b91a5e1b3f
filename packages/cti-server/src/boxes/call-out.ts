import { asId, type ClientCommand, type Clock, type Logger, type MessageRecord } from '@cordboard/cti-core';
import type { ResolvedConfig } from '@cordboard/cti-protocol';
import type { AskedCommands } from '../shell/asked-commands.js';
import type { FlowRecords } from '../store/flow-records.js';

/** What call-outs work with. */
export interface CallOutPorts {
  readonly boxes: ResolvedConfig['boxes'];
  readonly records: Pick<FlowRecords, 'oldestNew'>;
  readonly flush: () => Promise<void>;
  readonly commands: Pick<AskedCommands, 'do'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly note: (code: string) => void;
}

/** The recording of a message is being finished when its record comes. */
const FIRST_MS = 5000;
const ACTOR = { userId: asId<never>('call-out'), role: 'admin' } as const;

/** Calls the owner of a voice box when a message lies in it (R6), again and again until it was heard or the tries are used up. One call at a time for a box. */
export class CallOut {
  readonly #ports: CallOutPorts;
  readonly #rounds = new Map<string, { left: number; cancel: () => void }>();
  readonly #running = new Set<Promise<void>>();
  #life: 'open' | 'stopped' = 'open';

  constructor(ports: CallOutPorts) {
    this.#ports = ports;
  }

  /** Goes on with boxes that had new messages when the server stopped. */
  async start(): Promise<void> {
    for (const box of Object.keys(this.#ports.boxes)) {
      if ((await this.#ports.records.oldestNew(box)) !== undefined) this.#begin(box);
    }
  }

  /** A message has come into its box. */
  see(record: Pick<MessageRecord, 'box' | 'state'>): void {
    if (record.state === 'new') this.#begin(record.box);
  }

  async stop(): Promise<void> {
    this.#life = 'stopped';
    for (const { cancel } of this.#rounds.values()) cancel();
    this.#rounds.clear();
    await Promise.allSettled(this.#running);
  }

  #begin(box: string): void {
    const choice = Object.hasOwn(this.#ports.boxes, box) ? this.#ports.boxes[box]?.callOut : undefined;
    if (choice === undefined || this.#life === 'stopped') return;
    const before = this.#rounds.get(box);
    // Another message while the owner is being called: all tries again, at the times that are set already.
    if (before !== undefined) before.left = choice.tries;
    else this.#plan(box, { left: choice.tries, inMs: FIRST_MS });
  }

  #plan(box: string, round: { readonly left: number; readonly inMs: number }): void {
    const cancel = this.#ports.clock.setTimer(round.inMs, () => {
      const work = this.#call(box).finally(() => this.#running.delete(work));
      this.#running.add(work);
    });
    this.#rounds.set(box, { left: round.left, cancel });
  }

  async #call(box: string): Promise<void> {
    const { records, flush, commands, boxes, log, note } = this.#ports;
    const round = this.#rounds.get(box);
    const choice = boxes[box]?.callOut;
    if (round === undefined || choice === undefined) return;
    try {
      await flush();
      if ((await records.oldestNew(box)) === undefined) return void this.#rounds.delete(box);
      const command: ClientCommand = { type: 'flow.call', to: choice.number, flow: choice.flow, data: { box } };
      await commands.do(ACTOR, command);
    } catch {
      note('callOut.failed');
      log.warn('the owner of a voice box could not be called', { box });
    }
    round.left -= 1;
    if (this.#life === 'stopped') return;
    if (round.left > 0) this.#plan(box, { left: round.left, inMs: choice.everyMs });
    else this.#rounds.delete(box);
  }
}
