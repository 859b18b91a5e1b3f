import type { Clock } from '@cordboard/cti-core';
import { SerialPbx } from '@cordboard/simulator';

/** Callers of the sample, by turns. */
const CALLERS = ['13900000001', '13900000002', '13900000003', '02088886666'] as const;
/** Telephones at which somebody sits who is not you. */
const COLLEAGUES = ['802', '803', '804', '805'] as const;
const SECOND = 1_000;

/** A PBX of four lines and twelve telephones, with people at them. */
export interface World {
  readonly pbx: SerialPbx;
  /** Ends what people do. */
  stop(): void;
}

/**
 * Makes it. It listens on TCP, where a device server in front of a serial port would.
 * @param people - `busy`: callers come and colleagues telephone by themselves; `none`: nothing happens unless somebody does it
 */
export function makeWorld(clock: Clock, people: 'busy' | 'none'): World {
  const pbx = new SerialPbx({ clock, lines: 4, extensions: 12, line: { kind: 'tcp' } });
  const { memory, parameters } = pbx.pbx;
  // Lines 1 and 2 ring at 801, 802 and 803 by day, at 804 by night.
  for (const line of [1, 2]) {
    parameters.set({ item: 8, index: line, field: 1 }, Uint8Array.of(0b0000_0111));
    parameters.set({ item: 8, index: line, field: 2 }, Uint8Array.of(0b0000_1000));
  }
  memory.port(7).forward = '803';
  pbx.phone('808').dnd('on');
  const cancels = new Set<() => void>();
  const after = (ms: number, work: () => void): void => {
    const cancel = clock.setTimer(ms, () => {
      cancels.delete(cancel);
      work();
    });
    cancels.add(cancel);
  };
  const caller = (turn: number): void => {
    const from = CALLERS[turn % CALLERS.length] ?? CALLERS[0];
    const call = pbx.outside.call({ line: 1 + (turn % 2), number: from });
    after(40 * SECOND, () => call?.hangUp());
    // Nobody at your telephone: after a while a colleague takes it.
    after(14 * SECOND, () => {
      if (call?.answered() === false && !call.ended()) pbx.phone('803').lift();
    });
    after(25 * SECOND, () => caller(turn + 1));
  };
  const colleague = (turn: number): void => {
    const [own = '804', other = '805'] = [COLLEAGUES[(turn % 2) + 2], turn % 3 === 0 ? '9010622233' : '803'];
    const phone = pbx.phone(own);
    if (phone.status?.state === 'idle') {
      phone.dial(other);
      after(5 * SECOND, () => pbx.phone('803').status?.state === 'ringing' && pbx.phone('803').lift());
      after(18 * SECOND, () => phone.hangUp());
    }
    after(31 * SECOND, () => colleague(turn + 1));
  };
  if (people === 'busy') {
    after(3 * SECOND, () => caller(0));
    after(6 * SECOND, () => colleague(0));
  }
  return {
    pbx,
    stop() {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}
