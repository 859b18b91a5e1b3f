import type { ConnectionId, ConnectionSnapshot, DriverEvent } from '@cordboard/cti-core';
import { Probe, type ProbeCommand } from '@cordboard/driver-kit/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KtsWorld, type KtsWorldOptions } from './driver/world.js';

/** A connection as its events have left it. */
interface Known {
  device: string;
  ref: string | undefined;
  state: string;
  held: boolean;
  slot: number | undefined;
}

/** What events alone tell of the connections that live. */
function follow(events: readonly DriverEvent[]): Map<ConnectionId, Known> {
  const known = new Map<ConnectionId, Known>();
  for (const event of events) {
    if (event.type === 'snapshot') {
      known.clear();
      for (const one of event.snapshot.connections) known.set(one.connectionId, shown(one));
      continue;
    }
    if (!('connectionId' in event)) continue;
    const { connectionId } = event;
    if (event.type === 'created')
      known.set(connectionId, {
        device: event.device,
        ref: event.nativeCallRef,
        state: 'initiated',
        held: false,
        slot: undefined,
      });
    if (event.type === 'cleared') known.delete(connectionId);
    const one = known.get(connectionId);
    if (one === undefined) continue;
    if (event.type === 'alerting' || event.type === 'connected') one.state = event.type;
    if (event.type === 'heldByDevice') one.held = true;
    if (event.type === 'retrievedByDevice') one.held = false;
    if (event.type === 'movedCall') one.ref = event.nativeCallRef;
    if (event.type === 'parked') one.slot = event.slot ?? undefined;
  }
  return known;
}

const shown = (one: ConnectionSnapshot): Known => ({
  device: one.device,
  ref: one.nativeCallRef,
  state: one.state,
  held: one.heldByDevice !== undefined,
  slot: one.parkedAt,
});

const asRows = (known: Map<ConnectionId, Known>): string[] =>
  [...known].map(([id, one]) => `${id} ${JSON.stringify(one)}`).sort();

const STEPS = [
  'callIn',
  'callIn2',
  'answerByHand',
  'answer',
  'lift',
  'hangUp',
  'clear',
  'hold',
  'holdByHand',
  'retrieve',
  'inside',
  'insideByHand',
  'outside',
  'outsideByHand',
  'transfer',
  'transferTo',
  'conference',
  'conferenceTo',
  'park',
  'unpark',
  'pickUp',
  'pickUpFrom',
  'page',
  'redial',
  'farAnswers',
  'farHangsUp',
  'farHangsUp2',
  'keys',
  'cut',
  'cutInTheMiddle',
] as const;

interface Step {
  readonly what: (typeof STEPS)[number];
  readonly who: number;
  readonly whom: number;
  readonly thenMs: number;
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom(...STEPS),
    who: fc.integer({ min: 0, max: 2 }),
    whom: fc.integer({ min: 0, max: 2 }),
    thenMs: fc.constantFrom(0, 40, 300, 1_500, 6_000, 40_000),
  }),
  { minLength: 5, maxLength: 40 },
);

/** The connections of one phone, what it talks in first. */
function ofPhone(probe: Probe, device: string): { active?: ConnectionId; held?: ConnectionId; ringing?: ConnectionId } {
  const found: { active?: ConnectionId; held?: ConnectionId; ringing?: ConnectionId } = {};
  for (const [id, one] of follow(probe.events)) {
    if (one.device !== device) continue;
    if (one.held) found.held = id;
    else if (one.state === 'alerting') found.ringing = id;
    else found.active = id;
  }
  return found;
}

async function play(world: KtsWorld, probe: Probe, { what, who, whom }: Step): Promise<void> {
  const phone = world.phones[who] ?? world.phones[0];
  const other = world.phones[whom] ?? world.phones[1];
  const { active, held, ringing } = ofPhone(probe, phone.device);
  const give = (command: ProbeCommand): void => void probe.give(command);
  const mark = { callId: probe.callId() };
  const bring = { connectionId: probe.connectionId(), device: phone.device, mark };
  switch (what) {
    case 'callIn':
      if (world.outsider.line === undefined) await world.outsider.dial();
      return;
    case 'callIn2':
      if (world.callers[1].line === undefined) await world.callers[1].dial();
      return;
    case 'answerByHand':
      return phone.answer();
    case 'answer':
      if (ringing !== undefined) give({ type: 'answer', connectionId: ringing });
      return;
    case 'lift':
      return world.sim.hand(phone.number, (ext, { keys }) => keys.lift(ext, 'off'));
    case 'hangUp':
      return phone.hangUp();
    case 'clear':
      if (active !== undefined) give({ type: 'clear', connectionId: active, cause: 'normalClearing' });
      return;
    case 'hold':
      if (active !== undefined) give({ type: 'hold', connectionId: active });
      return;
    case 'holdByHand':
      return phone.hold();
    case 'retrieve':
      if (held !== undefined) give({ type: 'retrieve', connectionId: held });
      return;
    case 'inside':
      return give({ type: 'makeCall', ...bring, to: other.number });
    case 'insideByHand':
      return phone.dial(other.number);
    case 'outside':
      return give({ type: 'makeCall', ...bring, to: world.callers[whom % 2]?.number ?? '', trunk: world.trunk });
    case 'outsideByHand':
      return phone.dial(world.callers[whom % 2]?.number ?? '');
    case 'transfer':
      if (active !== undefined && held !== undefined) give({ type: 'transfer', connectionId: active, heldId: held });
      return;
    case 'transferTo':
      if (active !== undefined) give({ type: 'singleStepTransfer', connectionId: active, to: other.number });
      return;
    case 'conference':
      if (active !== undefined && held !== undefined) give({ type: 'conference', connectionId: active, heldId: held });
      return;
    case 'conferenceTo':
      if (active !== undefined) give({ type: 'singleStepConference', connectionId: active, to: other.number });
      return;
    case 'park':
      if (active !== undefined) give({ type: 'park', connectionId: active, slot: 1 + whom });
      return;
    case 'unpark':
      return give({ type: 'unpark', ...bring, slot: 1 + whom });
    case 'pickUp':
      return give({ type: 'pickUp', ...bring });
    case 'pickUpFrom':
      return give({ type: 'pickUp', ...bring, from: other.device });
    case 'page':
      return give({ type: 'page', ...bring, zone: 1 });
    case 'redial':
      return give({ type: 'redial', ...bring });
    case 'farAnswers':
      return world.callers[whom % 2]?.answer();
    case 'farHangsUp':
      return world.outsider.hangUp();
    case 'farHangsUp2':
      return world.callers[1].hangUp();
    case 'keys':
      return phone.press('7');
    case 'cutInTheMiddle':
      // People go on while the PBX tells its snapshot.
      return world.cutLink(50);
    case 'cut':
      return compare(world, probe);
  }
}

/** What the events have left is what the PBX shows when it is asked. */
async function compare(world: KtsWorld, probe: Probe): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    // Whatever is on its way has arrived, and nothing is in doubt any more.
    await world.pass(4_000);
    let changes = 0;
    const end = world.sim.subscribe((news) => {
      if (news.type === 'extension' || news.type === 'line' || news.type === 'slot') changes += 1;
    });
    const before = asRows(follow(probe.events));
    const since = probe.mark;
    await world.cutLink(200);
    await probe.sees('linkSynced', { since });
    end();
    // Something rang long enough just now: look again.
    if (changes > 0) continue;
    const at = probe.events.findLastIndex((event) => event.type === 'snapshot');
    return expect(asRows(follow(probe.events.slice(at, at + 1)))).toEqual(before);
  }
  expect.fail('the PBX never came to rest');
}

async function run(how: KtsWorldOptions, list: readonly Step[]): Promise<number> {
  const world = new KtsWorld({ baudRate: 115_200, ...how });
  const probe = new Probe(world, 'rnd');
  await probe.start();
  for (const step of list) {
    await play(world, probe, step);
    await world.pass(step.thenMs);
  }
  await compare(world, probe);
  expect(probe.laws.breaks).toEqual([]);
  expect(probe.replyFaults).toEqual([]);
  await world.reset();
  await world.pass(60_000);
  expect(asRows(follow(probe.events))).toEqual([]);
  await probe.finish();
  await world.close();
  return probe.events.length;
}

const runs = Number(process.env.CORDBOARD_RUNS ?? 25);

describe('whatever people and commands do, events and snapshots tell the same', () => {
  for (const how of [
    { profile: 'kts-bin/1', face: 'simulator' },
    { profile: 'kts-ascii/1', face: 'simulator' },
    { profile: 'kts-bin/1', face: 'simulator', baudRate: 2_400 },
    { profile: 'kts-bin/1', order: 'extensionsFirst' },
    { profile: 'kts-ascii/1', order: 'linesFirst' },
  ] as const satisfies readonly KtsWorldOptions[]) {
    it(`${how.profile} ${'order' in how ? how.order : how.face} ${'baudRate' in how ? how.baudRate : ''}`, async () => {
      let events = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (list) => {
          events += await run(how, list);
        }),
        { seed: 20_261_122, numRuns: runs },
      );
      expect(events).toBeGreaterThan(runs * 20);
    }, 560_000);
  }
});
