// A process of its own for one shift: what it measures includes the warm-up that every process has, and no other shift's.
import type { EngineInput } from '@cordboard/cti-core';
import { FLOOR_NUMBER, randomStream, VirtualFloor } from '@cordboard/simulator';
import { tellParent } from '../lib/child.js';
import { cpuUs } from '../lib/measure.js';

const HOUR_MS = 3_600_000;
const AGENTS = 100;
/** 100 agents are three quarters busy: 20,000 calls in eight hours of 80 s talk and 10 s work after it. */
const TALK_MEAN_MS = 80_000;
/** Enough of a shift to have all kinds of inputs in their proportions: 500 calls at the rate of the whole. */
const SAMPLE_CALLS = 500;
const SAMPLE_HOURS = 0.2;

/** One shift: callers by a Poisson process, each rung through to the longest idle agent. @returns CDRs kept and inputs applied */
function shift(
  { calls, hours }: { readonly calls: number; readonly hours: number },
  saw: (input: EngineInput) => void = () => undefined,
): { cdrs: number; inputs: number; answered: number } {
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
  floor.onApplied = (input, effects) => {
    inputs++;
    saw(input);
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

/** What JSON.parse takes for as many inputs as were applied: those of a short shift over and over. */
function parseSeconds(inputs: number): number {
  const texts: string[] = [];
  shift({ calls: SAMPLE_CALLS, hours: SAMPLE_HOURS }, (input) => texts.push(JSON.stringify(input)));
  const startedMs = performance.now();
  for (let n = 0; n < inputs; n += 1) JSON.parse(texts[n % texts.length] ?? '');
  return (performance.now() - startedMs) / 1_000;
}

const [calls, hours] = process.argv.slice(2).map(Number);
if (calls === undefined || hours === undefined) throw new Error('expected how many calls and how many hours');
const startedMs = performance.now();
const before = cpuUs();
const counts = shift({ calls, hours });
const seconds = (performance.now() - startedMs) / 1_000;
const cpuSeconds = (cpuUs() - before) / 1e6;
tellParent({ type: 'shift', seconds, cpuSeconds, parseSeconds: parseSeconds(counts.inputs), ...counts });
// The channel to the parent would keep it alive.
process.disconnect();
