import { FLOOR_NUMBER, randomStream, VirtualFloor } from '@cordboard/simulator';
import { defineBench } from './lib/bench.js';
import { cpuUs } from './lib/measure.js';
import { rounded } from './lib/stats.js';

const HOUR_MS = 3_600_000;
const AGENTS = 100;
const CALLS = 20_000;
const HOURS = 8;
/** 100 agents are three quarters busy: 20,000 calls in eight hours of 80 s talk and 10 s work after it. */
const TALK_MEAN_MS = 80_000;

/** One shift: callers by a Poisson process, each rung through to the longest idle agent. @returns CDRs kept and inputs applied */
function shift(calls: number, hours: number): { cdrs: number; inputs: number; answered: number } {
  const names = Array.from({ length: AGENTS }, (_, n) => `agent${n}`);
  let inputs = 0;
  let cdrs = 0;
  let answered = 0;
  const floor = new VirtualFloor({
    seed: 1,
    queues: { support: { agents: names, ringTimeoutMs: 20_000, afterCallWorkMs: 10_000 } },
    journal: 'drop',
    events: 'drop',
    oracle: 'none',
  });
  floor.onApplied = (_, effects) => {
    inputs++;
    for (const effect of effects) {
      if (effect.kind !== 'record' || effect.record.table !== 'cdr') continue;
      cdrs++;
      if (effect.record.value.outcome === 'answered') answered++;
    }
  };
  const random = randomStream(1, 'shift');
  const { clock, pbx } = floor;
  for (const agent of floor.agents) agent.onRing = () => ({ does: 'answer', afterMs: random.int(1_000, 6_000) });
  let left = calls;
  const arrive = (): void => {
    if (left-- <= 0) return;
    const caller = pbx.party(`+86139${String(left).padStart(8, '0')}`);
    const talkMs = random.exponential(TALK_MEAN_MS);
    caller.hooks = {
      // A method has its name by itself: benches are compiled as they are loaded, and that gives a name to each function in a field as it is made.
      bridged(leg) {
        clock.setTimer(talkMs, () => pbx.hangUp(leg));
      },
    };
    pbx.dial(caller, FLOOR_NUMBER);
    clock.setTimer(random.exponential((hours * HOUR_MS) / calls), arrive);
  };
  clock.setTimer(1_000, arrive);
  floor.run((hours + 0.5) * HOUR_MS);
  return { cdrs, inputs, answered };
}

export default defineBench({
  about:
    'A whole shift on the simulator in virtual time: 8 hours, 100 agents, 20,000 calls; events are numbered, and not made for nobody',
  async run({ report, say, smoke }) {
    await Promise.resolve();
    const calls = smoke ? 200 : CALLS;
    const hours = smoke ? 0.1 : HOURS;
    const startedMs = performance.now();
    const before = cpuUs();
    const { cdrs, inputs, answered } = shift(calls, hours);
    const seconds = (performance.now() - startedMs) / 1_000;
    const usedUs = cpuUs() - before;
    say(`${cdrs} calls kept, ${answered} answered, ${inputs} inputs`);
    if (cdrs !== calls) throw new Error(`${calls} calls came and ${cdrs} were kept`);
    const reference = { name: 'aim', value: 2 };
    report({ name: 'shift.seconds', value: rounded(seconds), unit: 's', reference });
    report({ name: 'shift.cpuSeconds', value: rounded(usedUs / 1e6), unit: 's', reference });
    report({ name: 'shift.cpuPerInput', value: rounded(usedUs / inputs), unit: 'us' });
  },
});
