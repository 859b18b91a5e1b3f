import { asId, type RecordingId } from '@cordboard/cti-core';
import type { HostFunction } from '../questions/providers.js';
import { offsetOf, zoneClock } from '../shell/zone-offset.js';
import type { FlowRecords } from '../store/flow-records.js';
import type { BoxPins } from './box-pins.js';

/** What the functions of voice boxes work with. */
export interface BoxFunctionPorts {
  readonly pins: Pick<BoxPins, 'try'>;
  readonly records: Pick<FlowRecords, 'message' | 'oldestNew' | 'markMessage'>;
  /** Records that were kept a moment ago are among them. */
  readonly flush: () => Promise<void>;
  readonly discard: (recordingId: RecordingId) => void;
  readonly timeZone: string;
  readonly wallMs: () => number;
}

const STATES = ['new', 'heard', 'handled'] as const;

/** The functions of `mailbox` flows (R6): open a box, its oldest new message, mark or delete one. Their declarations are the DSL's `openBox`, `nextMessage`, `markMessage`. */
export function boxFunctions(ports: BoxFunctionPorts): Readonly<Record<string, HostFunction>> {
  const { pins, records } = ports;
  const zone = zoneClock(ports.timeZone);
  return {
    'cordboard-open-box@1': ({ pass }) => ({ way: pins.try(pass.box ?? '', pass.pin ?? '') }),
    'cordboard-next-message@1': async ({ pass }) => {
      await ports.flush();
      const found = await records.oldestNew(pass.box ?? '');
      if (found === undefined) return { way: 'none' };
      const { recordingId, caller, leftWallMs } = found.record;
      const local = new Date(leftWallMs + offsetOf(zone, leftWallMs) * 60_000).toISOString();
      return {
        way: 'message',
        values: { recording: recordingId, caller: caller.raw, date: local.slice(0, 10), time: local.slice(11, 16) },
      };
    },
    'cordboard-mark-message@1': async ({ pass }) => {
      await ports.flush();
      const found = await records.message(pass.recording ?? '');
      if (found === undefined || found.record.box !== pass.box) return { way: 'gone' };
      const state = STATES.find((one) => one === pass.state);
      if (state !== undefined) {
        const mark = { id: found.record.recordingId, state, by: 'mailbox', atWallMs: Math.floor(ports.wallMs()) };
        await records.markMessage(mark);
        return { way: 'done' };
      }
      if (pass.state !== 'deleted') throw new Error('no such state of a message');
      ports.discard(asId(found.record.recordingId));
      return { way: 'done' };
    },
  };
}
