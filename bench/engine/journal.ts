import { type ConnectionId, connectionId, createEngine, type EngineInput } from '@cordboard/cti-core';
import { configOf, FLOW_NUMBER, queueOf, type Staff, switchId, trunk } from './floor.js';
import { Recorder } from './recorder.js';

/** How much is going on. */
export interface Load extends Staff {
  /** Calls that live on through the whole measurement: those that agents talk in, then half in a queue and half in the flow. */
  readonly live: number;
  /** Calls that come, are served and end while it is measured. */
  readonly traffic: number;
}

/** A recorded day in its parts. */
export interface Day {
  /** Boot, link, agents. */
  readonly opening: readonly EngineInput[];
  /** The calls that live on. */
  readonly standing: readonly EngineInput[];
  /** The traffic that is measured. */
  readonly traffic: readonly EngineInput[];
}

const GAP_MS = 100;
const TALK_MS = 3000;

/** Records a day: the same load gives the same inputs. @throws {Error} when not every call got where it should */
export function recordDay(load: Load): Day {
  const engine = createEngine();
  const recorder = new Recorder(engine);
  let calls = 0;
  const arrive = (key: '1' | '2' | '3' | undefined): ConnectionId => {
    calls += 1;
    const id = connectionId(switchId, `c${calls}`);
    const calling = { number: `139${String(10_000_000 + calls)}`, presentation: 'allowed' as const };
    const called = { number: FLOW_NUMBER, presentation: 'allowed' as const };
    recorder.event({
      type: 'created',
      connectionId: id,
      device: trunk,
      direction: 'incoming',
      control: 'full',
      calling,
      called,
    });
    if (key !== undefined) recorder.event({ type: 'digit', connectionId: id, digit: key });
    return id;
  };
  recorder.boot(configOf(load));
  for (let index = 0; index < load.agents; index += 1) {
    recorder.online(index);
    recorder.command(index, { type: 'agent.logOn' });
    if (queueOf(load, index) !== 'waiting') recorder.command(index, { type: 'agent.ready' });
  }
  const opened = recorder.journal.length;
  for (let call = 0; call < load.live; call += 1) {
    arrive(call < load.talking ? '2' : call % 2 === 0 ? '3' : undefined);
  }
  const stood = recorder.journal.length;
  const standing = Math.min(load.live, load.talking);
  expect(recorder.talking.size === 2 * standing, `${recorder.talking.size} parties talk, not ${2 * standing}`);
  serve(recorder, load.traffic, () => arrive('1'));
  expect(recorder.talking.size === 2 * standing, 'a served call lives on');
  expect(engine.counters().liveCalls === load.live, `${engine.counters().liveCalls} calls live, not ${load.live}`);
  const { journal } = recorder;
  return { opening: journal.slice(0, opened), standing: journal.slice(opened, stood), traffic: journal.slice(stood) };
}

/** Lets callers come one after the other; each talks for a while and hangs up. */
function serve(recorder: Recorder, count: number, arrive: () => ConnectionId): void {
  const ends: { readonly atMs: number; readonly id: ConnectionId }[] = [];
  let served = 0;
  const hangUp = (untilMs: number): void => {
    for (let next = ends[0]; next !== undefined && next.atMs <= untilMs; next = ends[0]) {
      ends.shift();
      recorder.runTo(next.atMs);
      served += recorder.talking.delete(next.id) ? 1 : 0;
      recorder.event({ type: 'cleared', connectionId: next.id, release: { cause: 'normalClearing' } });
    }
  };
  for (let call = 0; call < count; call += 1) {
    const atMs = recorder.atMs + GAP_MS;
    hangUp(atMs);
    recorder.runTo(atMs);
    const id = arrive();
    ends.push({ atMs: recorder.atMs + TALK_MS, id });
  }
  hangUp(Number.POSITIVE_INFINITY);
  recorder.runTo(recorder.atMs + 60_000);
  expect(served === count, `${served} of ${count} calls were served`);
}

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
