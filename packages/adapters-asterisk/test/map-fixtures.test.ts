import { readFileSync } from 'node:fs';
import { asId, connectionId, deviceId, type SwitchId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { MapEffect } from '../src/map/effects.js';
import type { Leg } from '../src/map/leg.js';
import { CallModel } from '../src/map/to-core.js';
import { decodeAriEvent } from '../src/wire/ari-decoder.js';

const MAIN = asId<SwitchId>('main');

interface Line {
  readonly link: string;
  readonly kind: string;
  readonly data: unknown;
}

/** A dialogue recorded on a real Asterisk: product, version and date stand in its first line. */
function recorded(name: string): Line[] {
  const text = readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as Line);
}

/** Replays what the switch said through the map; the recorder's own originates are planned as the driver would. */
function replay(name: string, transform: (events: unknown[]) => unknown[] = (events) => events): string[] {
  const model = new CallModel({ switchId: MAIN, trunks: [] });
  const told: string[] = [];
  const lines = recorded(name).filter((line) => line.link === 'ari');
  const events = transform(lines.filter((line) => line.kind === 'event').map((line) => line.data));
  for (const line of lines) {
    const request = line.data as { readonly method?: string; readonly path?: string };
    if (line.kind === 'request' && request.method === 'POST' && request.path?.startsWith('/channels?') === true) {
      model.add(planned(new URLSearchParams(request.path.split('?')[1])));
    }
  }
  for (const event of events) {
    const frame = decodeAriEvent(JSON.stringify(event));
    if (frame.type === 'unreadable') throw new Error('a recorded event is unreadable');
    for (const effect of model.apply(frame)) told.push(short(effect));
  }
  return told;
}

function planned(query: URLSearchParams): Leg {
  const id = query.get('channelId') ?? '';
  const [, address = ''] = (query.get('endpoint') ?? '').split('/');
  return {
    id,
    connectionId: connectionId(MAIN, id),
    device: deviceId(MAIN, 'extension', address),
    direction: 'outgoing',
    calling: { number: query.get('callerId') ?? '', presentation: 'allowed' },
    called: { number: address, presentation: 'allowed' },
    state: 'initiated',
    place: 'before',
    told: 'no',
    hold: 'none',
  };
}

function short(effect: MapEffect): string {
  switch (effect.kind) {
    case 'tell': {
      const { event } = effect;
      const on = 'connectionId' in event ? event.connectionId.slice('main~'.length) : '';
      switch (event.type) {
        case 'created':
          return `created ${on} ${event.direction} ${event.device} ${event.calling.number}>${event.called.number}`;
        case 'bridged':
        case 'unbridged':
          return `${event.type} ${on} ${event.bridgeId}`;
        case 'digit':
          return `digit ${on} ${event.digit} ${event.toneMs}`;
        case 'transferRequested':
          return `transferRequested ${on} ${event.kind} ${event.kind === 'blind' ? event.to.number : event.consultId}`;
        default:
          return `${event.type} ${on}`;
      }
    }
    case 'ended':
      return `ended ${effect.leg.id} ${effect.release.cause} ${effect.release.native?.q850} ${effect.release.native?.sip}`;
    case 'adopt':
      return `adopt ${effect.leg.id}`;
    case 'left':
      return `left ${effect.legId}`;
    case 'hangUp':
      return `hangUp ${effect.legId} ${effect.why}`;
    case 'emptyBridge':
      return `emptyBridge ${effect.bridgeId}`;
    case 'declineTransfer':
      return `declineTransfer ${effect.leg.id}`;
    case 'undo':
      return `undo ${effect.channelIds.join(' ')}; ${effect.places.map(({ legId, bridgeId }) => `${legId} to ${bridgeId}`).join(', ')}`;
  }
}

const caller = (id: string): string[] => [
  `created ${id} incoming main:trunk:trunk 13900000001>4001`,
  `adopt ${id}`,
  `connected ${id}`,
];
const agent = (id: string, extension: string): string[] => [
  `created ${id} outgoing main:extension:${extension} 13900000001>${extension}`,
  `alerting ${id}`,
  `connected ${id}`,
];

/** Dialogue -> what the driver makes of it. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'agent-call': [
    ...caller('1795300452.2'),
    'bridged 1795300452.2 b1',
    ...agent('agent-1', '8001'),
    'bridged agent-1 b1',
    'unbridged 1795300452.2 b1',
    'left 1795300452.2',
    'unbridged agent-1 b1',
    'emptyBridge b1',
    'left agent-1',
    'ended agent-1 normalClearing 16 undefined',
  ],
  'consult-and-complete': [
    ...caller('1795300481.46'),
    'bridged 1795300481.46 b1',
    ...agent('agent-1', '8001'),
    'bridged agent-1 b1',
    'unbridged agent-1 b1',
    'bridged agent-1 b2',
    ...agent('agent-2', '8002'),
    'bridged agent-2 b2',
    'unbridged agent-2 b2',
    'bridged agent-2 b1',
    'unbridged agent-1 b2',
    'emptyBridge b2',
    'left agent-1',
    'ended agent-1 normalClearing 16 undefined',
    'unbridged agent-2 b1',
    'left agent-2',
    'ended agent-2 normalClearing 16 undefined',
  ],
  'inbound-abandoned': [
    'created 1795300452.1 incoming main:trunk:trunk 13900000001>4001',
    'adopt 1795300452.1',
    'left 1795300452.1',
  ],
  'inbound-menu': [
    ...caller('1795300451.0'),
    'digit 1795300451.0 1 120',
    'digit 1795300451.0 2 120',
    'left 1795300451.0',
  ],
  'phone-hold': [
    ...caller('1795300455.10'),
    'bridged 1795300455.10 b1',
    ...agent('agent-1', '8001'),
    'bridged agent-1 b1',
    'heldByDevice agent-1',
    'retrievedByDevice agent-1',
  ],
  'phone-dials': [
    'created 1795300475.40 incoming main:extension:8001 8001>8002',
    'adopt 1795300475.40',
    'created far-1 outgoing main:extension:8002 8001>8002',
    'alerting far-1',
    'connected far-1',
    'connected 1795300475.40',
    'bridged 1795300475.40 b1',
    'bridged far-1 b1',
    'digit 1795300475.40 7 180',
    'unbridged far-1 b1',
    'left far-1',
    'ended far-1 normalClearing 16 undefined',
  ],
  'refer-blind': [
    ...caller('1795300460.16'),
    'bridged 1795300460.16 b1',
    ...agent('agent-1', '8001'),
    'bridged agent-1 b1',
    'unbridged agent-1 b1',
    'transferRequested agent-1 blind 8002',
    'undo 1795300461.19 1795300461.18; agent-1 to b1',
    'left agent-1',
  ],
  restart: [
    ...caller('1795300487.0'),
    'bridged 1795300487.0 b1',
    ...agent('agent-1', '8001'),
    'bridged agent-1 b1',
    'unbridged agent-1 b1',
    'unbridged 1795300487.0 b1',
    'emptyBridge b1',
    'left agent-1',
    'left 1795300487.0',
    'ended agent-1 shutdown 16 undefined',
  ],
};

describe('recorded dialogues through the map', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    expect(replay(name)).toEqual(expected);
  });

  it('tells how each originate ended', () => {
    expect(replay('originate-causes').filter((line) => line.startsWith('ended'))).toEqual([
      'ended c-busy busy 17 486',
      'ended c-noanswer noAnswer 19 480',
      'ended c-cancelled normalClearing 16 undefined',
      'ended c-404 unallocatedNumber 1 404',
      'ended c-503 congestion 34 503',
      'ended c-603 rejected 21 603',
    ]);
  });

  it('names the consultation of an attended transfer and takes back what Asterisk did', () => {
    expect(replay('refer-attended').slice(-7)).toEqual([
      'retrievedByDevice agent-1',
      'unbridged 1795300462.22 b2',
      'unbridged agent-1 b1',
      'left 1795300462.22',
      'transferRequested agent-1 attended main~1795300462.22',
      'undo 1795300463.25 1795300463.24; agent-1 to b1',
      'left agent-1',
    ]);
  });

  it('tells no snoop channel as a connection', () => {
    expect(replay('supervise').filter((line) => /^(created|connected|bridged) s\d/.test(line))).toEqual([]);
  });

  it.each(Object.keys(EXPECTED))('%s: states are told once, also when every event comes twice', (name) => {
    const twice = replay(name, (events) => events.flatMap((event) => [event, event]));
    const once = replay(name);
    const states = (lines: string[]): string[] =>
      lines.filter((line) => !/^(digit|emptyBridge|undo|transferRequested)/.test(line));
    expect(states(twice)).toEqual(states(once));
  });

  it.each(Object.keys(EXPECTED))(
    '%s: nothing throws when events are lost, and nothing is told of who was never created',
    (name) => {
      for (let lost = 0; lost < 40; lost++) {
        const told = replay(name, (events) => events.filter((_, at) => at !== lost));
        const created = new Set<string>();
        for (const line of told) {
          const [what, on = ''] = line.split(' ');
          if (what === 'created') expect(created.has(on)).toBe(false);
          if (what === 'created') created.add(on);
          else if (['connected', 'alerting', 'bridged', 'unbridged', 'digit', 'ended'].includes(what ?? ''))
            expect(created).toContain(on);
        }
      }
    },
  );
});
