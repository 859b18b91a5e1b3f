import { LawChecker } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import type { SwitchEvent } from '../src/map/event.js';
import { EVENTS_IGNORED, EVENTS_READ, SUBCLASSES_READ } from '../src/map/events.js';
import { changed, dialled, eventsOf, Maps, planned, TRACES } from './recorded.js';

if (TRACES.length === 0) console.info('skipped: recorded dialogues of FreeSWITCH are not on this machine');

/** Breaks of the laws of the contract in what the maps told. */
function breaks(maps: Maps): readonly string[] {
  const laws = new LawChecker();
  laws.take({ type: 'linkUp', linkId: 'esl' as never });
  laws.take({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
  laws.take({ type: 'linkSynced', linkId: 'esl' as never, capabilities: [] });
  for (const event of maps.told) laws.take(event);
  return laws.breaks.map(({ law, what }) => `${law}: ${what}`);
}

/** The event as if the dialplan had marked every channel for us. */
function marked(event: SwitchEvent): SwitchEvent {
  return changed(event, { variable_cordboard: event.get('variable_cordboard') ?? 'phone' });
}

describe.skipIf(TRACES.length === 0)('recorded dialogues through the map', () => {
  const cases = TRACES.flatMap(eventsOf).map((each) => [each.name, each.trace, each.events] as const);

  it.each(cases)('%s: each event is read or left alone for a reason', (_name, _trace, events) => {
    const read: readonly string[] = EVENTS_READ;
    const subclasses: readonly string[] = SUBCLASSES_READ;
    const undecided = new Set<string>();
    for (const event of events) {
      if (event.name === 'CUSTOM') continue;
      // An event sent to a live channel comes without a name.
      if (event.name !== '' && !read.includes(event.name) && !(event.name in EVENTS_IGNORED)) undecided.add(event.name);
    }
    expect([...undecided]).toEqual([]);
    expect(subclasses.length).toBe(5);
  });

  it.each(cases)(
    '%s: told in order, whoever dialled, and told once when everything comes twice',
    (_name, trace, events) => {
      const own = dialled(trace);
      for (const view of [(event: SwitchEvent) => event, marked]) {
        const [once, twice] = [new Maps(), new Maps()];
        for (const maps of [once, twice]) for (const each of own) maps.model.add(planned(each));
        for (const event of events) {
          once.take(view(event));
          twice.take(view(event));
          twice.take(view(event));
        }
        expect(breaks(once)).toEqual([]);
        expect(breaks(twice)).toEqual([]);
        const states = (maps: Maps): string[] =>
          maps.told.filter(({ type }) => type !== 'digit').map(({ type }) => type);
        expect(states(twice)).toEqual(states(once));
      }
    },
  );

  it.each(cases)('%s: nothing breaks when any event is lost', (_name, trace, events) => {
    const own = dialled(trace);
    const step = Math.max(1, Math.floor(events.length / 25));
    for (let lost = 0; lost < events.length; lost += step) {
      const maps = new Maps();
      for (const each of own) maps.model.add(planned(each));
      for (const [at, event] of events.entries()) if (at !== lost) maps.take(marked(event));
      expect(breaks(maps)).toEqual([]);
    }
  });

  it('tells how each originate ended', () => {
    const trace = TRACES.find(({ name }) => name === '24-originate-fail');
    if (trace === undefined) return;
    const maps = new Maps();
    for (const each of dialled(trace)) maps.model.add(planned(each));
    for (const event of eventsOf(trace)[0]?.events ?? []) maps.take(event);
    const ends = maps.told.flatMap((event) =>
      event.type === 'cleared'
        ? [
            `${event.release.cause} ${event.release.native?.q850} ${event.release.native?.sip} ${event.release.native?.text}`,
          ]
        : [],
    );
    expect([...new Set(ends)].sort()).toMatchInlineSnapshot(`
      [
        "busy 17 486 USER_BUSY",
        "busy 17 undefined USER_BUSY",
        "cancelled undefined undefined ORIGINATOR_CANCEL",
        "congestion 34 undefined NORMAL_CIRCUIT_CONGESTION",
        "congestion 38 undefined NETWORK_OUT_OF_ORDER",
        "congestion 41 503 NORMAL_TEMPORARY_FAILURE",
        "congestion 41 undefined NORMAL_TEMPORARY_FAILURE",
        "deviceUnreachable 27 undefined DESTINATION_OUT_OF_ORDER",
        "forcedRelease undefined undefined MANAGER_REQUEST",
        "noAnswer 19 undefined NO_ANSWER",
        "normalClearing 16 undefined NORMAL_CLEARING",
        "rejected 21 603 CALL_REJECTED",
        "rejected 21 undefined CALL_REJECTED",
        "unallocatedNumber 1 404 UNALLOCATED_NUMBER",
        "unallocatedNumber 1 undefined UNALLOCATED_NUMBER",
      ]
    `);
  });

  it('takes a phone that asked for a blind transfer for what it is, and keeps its connection until it is cleared', () => {
    const trace = TRACES.find(({ name }) => name === '44-sip-refer-blind');
    if (trace === undefined) return;
    const maps = new Maps();
    for (const event of eventsOf(trace)[0]?.events ?? []) {
      const phone = event.get('Channel-Name')?.includes('/1016@') === true;
      // As if we had dialled both: in the recording the switch did.
      const id = event.get('Unique-ID') ?? '';
      if (event.name === 'CHANNEL_CREATE') maps.model.add(planned({ id, user: phone ? '1016' : '1000' }));
      maps.take(event);
      const leg = maps.model.leg(id);
      if (event.name === 'CHANNEL_ANSWER' && leg !== undefined) leg.state = 'connected';
    }
    const asked = maps.told.filter(({ type }) => type === 'transferRequested');
    expect(asked).toMatchObject([{ kind: 'blind', to: { number: '1002' } }]);
    expect(maps.others).toContain('ghost');
  });
});
