import { createEngine, type Engine, type EngineInput } from '@cordboard/cti-core';
import { type Day, type Load, recordDay } from './engine/journal.js';
import { defineBench } from './lib/bench.js';
import { cpuUs, inTurns, liveBytes, resultOf } from './lib/measure.js';
import { median, rounded } from './lib/stats.js';

const staff = { agents: 1000, talking: 500, served: 100 };
const tiny = { agents: 40, talking: 10, served: 20 };

function applyAll(engine: Engine, inputs: readonly EngineInput[]): void {
  for (const input of inputs) engine.apply(input);
}

/** CPU of one input of the traffic, in a fresh engine in which the standing calls live. */
function usPerInput(day: Day): number {
  const engine = createEngine();
  applyAll(engine, day.opening);
  applyAll(engine, day.standing);
  const before = cpuUs();
  applyAll(engine, day.traffic);
  return (cpuUs() - before) / day.traffic.length;
}

/** The inputs of a day as the journal holds them. */
interface Texts {
  readonly opening: readonly string[];
  readonly standing: readonly string[];
}

function textsOf(day: Day): Texts {
  const lines = (inputs: readonly EngineInput[]): string[] => inputs.map((input) => JSON.stringify(input));
  return { opening: lines(day.opening), standing: lines(day.standing) };
}

/** What a live call weighs. The inputs come out of texts that live on, so that nothing but the engine grows between the two weighings. */
function bytesPerCall(texts: Texts, live: number): number {
  const engine = createEngine();
  applyTexts(engine, texts.opening);
  const before = liveBytes();
  applyTexts(engine, texts.standing);
  const after = liveBytes();
  if (engine.counters().liveCalls !== live) throw new Error('not every call lives');
  return (after - before) / live;
}

function applyTexts(engine: Engine, texts: readonly string[]): void {
  for (const text of texts) engine.apply(JSON.parse(text) as EngineInput);
}

/** The middle of three weighings, after one that warms the code up. */
function weigh(day: Day, live: number): number {
  const texts = textsOf(day);
  bytesPerCall(texts, live);
  return Math.round(median([1, 2, 3].map(() => bytesPerCall(texts, live))));
}

/** The floor: reading the same inputs from the journal's JSON and doing nothing with them. */
function usPerParse(day: Day): number {
  const texts = day.traffic.map((input) => JSON.stringify(input));
  const before = cpuUs();
  let kinds = 0;
  for (const text of texts) kinds += (JSON.parse(text) as EngineInput).kind.length;
  if (kinds === 0) throw new Error('nothing was read');
  return (cpuUs() - before) / texts.length;
}

export default defineBench({
  about:
    'Inputs of whole calls (flow, queue, agent, talk, end) in an engine of 1,000 agents in which 1,000 and 5,000 calls live: CPU an input, beside reading the same inputs from JSON; bytes a live call',
  async run({ report, say, smoke }) {
    const [few, many] = smoke ? [40, 200] : [1000, 5000];
    const load = (live: number): Load => ({ ...(smoke ? tiny : staff), live, traffic: smoke ? 30 : 2000 });
    const days = new Map([few, many].map((live) => [live, recordDay(load(live))]));
    const day = (live: number): Day => {
      const found = days.get(live);
      if (found === undefined) throw new Error('no such day');
      return found;
    };
    say(
      `${day(few).traffic.length} inputs of ${load(few).traffic} calls, after ${day(many).standing.length} of ${many}`,
    );
    const results = await inTurns(
      [
        { name: 'few', measure: async () => usPerInput(day(few)) },
        { name: 'many', measure: async () => usPerInput(day(many)) },
        { name: 'parse', measure: async () => usPerParse(day(many)) },
      ],
      smoke ? { repetitions: 1, warmUps: 0 } : {},
    );
    const us = (name: string): number => rounded(resultOf(results, name).median);
    const range = (name: string): readonly [number, number] => {
      const [low, high] = resultOf(results, name).range;
      return [rounded(low), rounded(high)];
    };
    const reading = { name: 'JSON.parse of the same inputs', value: us('parse') };
    const perSecond = (usEach: number): number => Math.round(1_000_000 / usEach);
    const readPerSecond = { name: reading.name, value: perSecond(us('parse')) };
    report({
      name: 'engine.live1000.cpuPerInput',
      value: us('few'),
      unit: 'us',
      reference: reading,
      range: range('few'),
    });
    report({
      name: 'engine.live5000.cpuPerInput',
      value: us('many'),
      unit: 'us',
      reference: reading,
      range: range('many'),
    });
    report({ name: 'engine.live1000.inputs', value: perSecond(us('few')), unit: '1/s', reference: readPerSecond });
    report({ name: 'engine.live5000.inputs', value: perSecond(us('many')), unit: '1/s', reference: readPerSecond });
    // Of the growth the least disturbed turns tell most: other work on the machine only ever adds.
    const least = { name: '1,000 live calls, least of all turns', value: range('few')[0] };
    report({ name: 'engine.idleGrowth.cpuPerInput', value: range('many')[0], unit: 'us', reference: least });
    const weight = { name: '1,000 live calls', value: weigh(day(few), few) };
    report({ name: 'engine.live1000.bytesPerCall', value: weight.value, unit: 'bytes', reference: weight });
    report({ name: 'engine.live5000.bytesPerCall', value: weigh(day(many), many), unit: 'bytes', reference: weight });
  },
});
