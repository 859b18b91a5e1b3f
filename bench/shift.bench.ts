import { defineBench } from './lib/bench.js';
import { startChild } from './lib/child.js';
import { median, rangeOf, rounded } from './lib/stats.js';

const CALLS = 20_000;
const HOURS = 8;
const SHIFTS = 7;

interface Shift {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly parseSeconds: number;
  readonly inputs: number;
  readonly answered: number;
  readonly cdrs: number;
}

export default defineBench({
  about:
    'A whole shift on the simulator in virtual time: 8 hours, 100 agents, 20,000 calls; events are numbered, and not made for nobody. The middle of seven, each in a process of its own',
  async run({ report, say, smoke }) {
    const calls = smoke ? 200 : CALLS;
    const hours = smoke ? 0.1 : HOURS;
    const shifts: Shift[] = [];
    for (let left = smoke ? 1 : SHIFTS; left > 0; left -= 1) {
      const child = startChild(new URL('./shift/day.ts', import.meta.url), [String(calls), String(hours)]);
      try {
        shifts.push(await child.message<Shift>('shift'));
      } finally {
        await child.stop();
      }
    }
    for (const { cdrs, answered, inputs } of shifts) {
      say(`${cdrs} calls kept, ${answered} answered, ${inputs} inputs`);
      if (cdrs !== calls) throw new Error(`${calls} calls came and ${cdrs} were kept`);
    }
    const reference = { name: 'aim', value: 2 };
    const figure = (name: string, unit: string, of: (one: Shift) => number): void => {
      const values = shifts.map(of);
      const [least, most] = rangeOf(values);
      const beside = unit === 's' ? { reference } : {};
      report({ name, value: rounded(median(values)), unit, ...beside, range: [rounded(least), rounded(most)] });
    };
    figure('shift.seconds', 's', (one) => one.seconds);
    figure('shift.cpuSeconds', 's', (one) => one.cpuSeconds);
    figure('shift.cpuPerInput', 'us', (one) => (one.cpuSeconds * 1e6) / one.inputs);
    // The machine's own speed goes into this as well as into the shift beside which it was taken.
    const parse = rounded(median(shifts.map((one) => one.parseSeconds)));
    const ratios = shifts.map((one) => one.seconds / one.parseSeconds);
    const [least, most] = rangeOf(ratios);
    report({
      name: 'shift.besideParse',
      value: rounded(median(ratios)),
      unit: 'ratio',
      reference: { name: 'seconds of JSON.parse of as many inputs', value: parse },
      range: [rounded(least), rounded(most)],
    });
  },
});
