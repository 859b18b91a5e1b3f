import { defineBench, type Figure } from './lib/bench.js';
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
    const figure = (name: string, of: (one: Shift) => number, beside: Pick<Figure, 'unit' | 'reference'>): void => {
      const values = shifts.map(of);
      const [least, most] = rangeOf(values);
      report({ name, value: rounded(median(values)), ...beside, range: [rounded(least), rounded(most)] });
    };
    const aim = { unit: 's', reference: { name: 'aim', value: 2 } };
    figure('shift.seconds', ({ seconds }) => seconds, aim);
    figure('shift.cpuSeconds', ({ cpuSeconds }) => cpuSeconds, aim);
    figure('shift.cpuPerInput', ({ cpuSeconds, inputs }) => (cpuSeconds * 1e6) / inputs, { unit: 'us' });
    // Taken in the processes of the shifts: the machine's own speed is in both.
    const parse = rounded(median(shifts.map(({ parseSeconds }) => parseSeconds)));
    figure('shift.besideParse', ({ seconds }) => seconds, {
      unit: 's',
      reference: { name: 'JSON.parse of as many inputs', value: parse },
    });
  },
});
