import type { Clock, Logger, MessageRecord, RecordingId } from '@cordboard/cti-core';
import type { ResolvedConfig } from '@cordboard/cti-protocol';
import type { HostFunction } from '../questions/providers.js';
import type { AskedCommands } from '../shell/asked-commands.js';
import type { FlowRecords } from '../store/flow-records.js';
import { boxFunctions } from './box-functions.js';
import { BoxPins } from './box-pins.js';
import { CallOut } from './call-out.js';

/** What voice boxes work with. */
export interface VoiceBoxPorts {
  readonly boxes: ResolvedConfig['boxes'];
  readonly timeZone: string;
  readonly records: FlowRecords;
  readonly flush: () => Promise<void>;
  readonly commands: Pick<AskedCommands, 'do'>;
  readonly discard: (recordingId: RecordingId) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly note: (code: string) => void;
}

/** Voice boxes for their owners (R6): heard from any telephone by PIN, and called out. Starts nothing by itself. */
export class VoiceBoxes {
  readonly functions: Readonly<Record<string, HostFunction>>;
  readonly #callOut: CallOut;

  /** @throws {CtiError} `config.invalid` for a PIN that cannot be read */
  constructor(ports: VoiceBoxPorts) {
    const { boxes, records, flush, clock, timeZone, discard, commands, log, note } = ports;
    const pins = new BoxPins(boxes, clock);
    const wallMs = (): number => clock.wallMs();
    this.functions = boxFunctions({ pins, records, flush, discard, timeZone, wallMs });
    this.#callOut = new CallOut({ boxes, records, flush, commands, clock, log, note });
  }

  start(): Promise<void> {
    return this.#callOut.start();
  }

  /** Looks at a message that a flow keeps. */
  see(record: Pick<MessageRecord, 'box' | 'state'>): void {
    this.#callOut.see(record);
  }

  stop(): Promise<void> {
    return this.#callOut.stop();
  }
}
