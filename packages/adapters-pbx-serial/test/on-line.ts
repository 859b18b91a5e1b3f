import type { Clock } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { type SerialFace, VirtualPbx } from '@cordboard/simulator';
import type { Transport } from '../src/profile/index.js';
import { type Fault, type LineEnd, line } from './kts/line.js';

/** A simulated PBX on one end of a line in memory, on a virtual clock. */
export interface OnLine {
  readonly clock: SimulatedClock;
  readonly pbx: VirtualPbx;
  readonly host: LineEnd;
  readonly transport: Transport;
  /** The port anew, as after a cable was put back: another end for the host. */
  connect(): LineEnd;
  /** Moves time until a promise is settled. @throws when it is not after so many virtual seconds */
  settle<T>(work: Promise<T>, withinS?: number): Promise<T>;
}

/** Puts a face on a line. */
export function onLine(face: SerialFace, { fault }: { readonly fault?: Fault } = {}): OnLine {
  const clock = new SimulatedClock();
  const pbx = new VirtualPbx({ clock, extensions: 16, lines: 4 });
  const { baudRate } = face.settings;
  let port: ReturnType<VirtualPbx['addPort']> | undefined;
  const connect = (): LineEnd => {
    port?.close();
    const [host, far] = line({ clock: clock as Clock, baudRate, ...(fault === undefined ? {} : { fault }) });
    const added = pbx.addPort(face, {
      clock,
      kind: 'serial',
      baudRate,
      queuedBytes: 0,
      cut: () => undefined,
      write: (bytes, options) => {
        far.write(bytes);
        const { sent } = options ?? {};
        if (sent !== undefined) clock.setTimer(far.busyUntilMs - clock.nowMs(), sent);
      },
    });
    far.on('data', (bytes: Uint8Array) => added.receive(bytes));
    port = added;
    return host;
  };
  const host = connect();
  pbx.powerOn();
  const settle = async <T>(work: Promise<T>, withinS = 600): Promise<T> => {
    let state: 'open' | 'settled' = 'open';
    const seen = work.finally(() => {
      state = 'settled';
    });
    seen.catch(() => undefined);
    for (let step = 0; step < withinS * 20 && state === 'open'; step += 1) await clock.tick(50);
    if (state === 'open') throw new Error(`not settled after ${withinS} virtual seconds`);
    return seen;
  };
  return { clock, pbx, host, transport: host.asTransport(), connect, settle };
}
