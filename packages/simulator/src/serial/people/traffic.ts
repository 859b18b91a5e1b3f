import { inMs, type Time } from '../../floor/time.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { SerialPbx } from '../serial-pbx.js';

/** People who call by themselves, by chance. */
export interface Traffic {
  /** Mean time between callers from outside; default: none. */
  readonly callEvery?: Time;
  /** Mean time between calls that extensions make to numbers outside; default: none. */
  readonly dialEvery?: Time;
  /** Mean time between calls from one extension to another; default: none. */
  readonly insideEvery?: Time;
  /** Mean length of a conversation. Default 45 s. */
  readonly talkFor?: Time;
  /** Callers without an answer give up after so long. Default 30 s. */
  readonly patience?: Time;
  /** Share of callers who withhold their number, 0-1. Default 0.1. */
  readonly withheld?: number;
}

const NAMES = ['张三', '李四', '王五', 'Anna Berg', 'ACME 公司', '欧阳娜娜'];

/** Lets people call by chance, the same ones for the same seed. @returns their end */
export function startTraffic(sim: SerialPbx, traffic: Traffic): () => void {
  const random = randomStream(sim.pbx.setup.seed, 'traffic');
  const { callEvery, dialEvery, insideEvery } = traffic;
  const stops: (() => void)[] = [];
  const every = (mean: Time | undefined, work: () => void): void => {
    if (mean === undefined) return;
    let cancel: () => void = () => undefined;
    const next = (): void => {
      cancel = sim.pbx.clock.setTimer(Math.max(50, random.exponential(inMs(mean))), () => {
        work();
        next();
      });
    };
    next();
    stops.push(() => cancel());
  };
  every(callEvery, () => comeIn(sim, traffic, random));
  every(dialEvery, () =>
    dialFrom(sim, traffic, { random, to: `${sim.pbx.setup.accessDigit}${sim.outside.randomNumber()}#` }),
  );
  every(insideEvery, () => {
    const to = random.pick(sim.pbx.extensions()).ext;
    dialFrom(sim, traffic, { random, to });
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function comeIn(sim: SerialPbx, traffic: Traffic, random: RandomStream): void {
  const { patience = 30_000, talkFor = 45_000, withheld = 0.1 } = traffic;
  const isWithheld = random.chance(withheld);
  const number = sim.outside.randomNumber();
  const name = random.pick(NAMES);
  const talkMs = random.exponential(inMs(talkFor));
  const caller = sim.outside.call(isWithheld ? {} : { number, name });
  if (caller === undefined) return;
  const giveUp = sim.pbx.clock.setTimer(inMs(patience), () => caller.hangUp());
  caller.onAnswered(() => {
    giveUp();
    sim.pbx.clock.setTimer(talkMs, () => caller.hangUp());
  });
}

function dialFrom(sim: SerialPbx, traffic: Traffic, how: { readonly random: RandomStream; readonly to: string }): void {
  const { random, to } = how;
  const idle = sim.pbx.extensions().filter(({ state, ext }) => state === 'idle' && ext !== to);
  const talkMs = random.exponential(inMs(traffic.talkFor ?? 45_000));
  if (idle.length === 0) return;
  const phone = sim.phone(random.pick(idle).ext);
  phone.dial(to);
  sim.pbx.clock.setTimer(10_000 + talkMs, () => phone.hangUp());
}
