import { asId, type CallId, type ConnectionId, type DriverEvent, type SwitchId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { KtsMessage } from '../wire/kts/index.js';
import { Board } from './board.js';
import { Calls } from './calls.js';
import { Devices } from './devices.js';
import { resync, snapshotOf } from './resync.js';

const SWITCH = asId<SwitchId>('m');
const id = (text: string): ConnectionId => asId<ConnectionId>(`m~${text}`);
type Ext = Partial<Extract<KtsMessage, { type: 'extState' }>>;
type Line = Partial<Extract<KtsMessage, { type: 'lineState' }>>;
const ext = (number: string, extState: NonNullable<Ext['extState']>, more: Ext = {}): KtsMessage => ({
  ...more,
  type: 'extState',
  ext: number,
  extState,
});
const line = (number: number, lineState: NonNullable<Line['lineState']>, more: Line = {}): KtsMessage => ({
  ...more,
  type: 'lineState',
  line: number,
  lineState,
});

/** What was told, in words: `x801.7` is the connection of extension 801 that began in call 7. */
function bench() {
  const board = new Board();
  const story: string[] = [];
  const name = (connection: ConnectionId): string =>
    connection.replace(/^m~(?:1\.)?/u, '').replace(/^(\d+)\.(.*)$/u, '$2.$1');
  const words = (event: DriverEvent): string => {
    if (!('connectionId' in event)) return event.type;
    const who = name(event.connectionId);
    switch (event.type) {
      case 'created': {
        const direction = event.direction === 'incoming' ? 'in' : 'out';
        return `${who} created ${direction} ${event.calling.number || '?'}>${event.called.number || '?'}`;
      }
      case 'cleared':
        return `${who} ${event.release.cause}`;
      case 'movedCall':
        return `${who} moved to ${event.nativeCallRef.replace(/^1\./u, '')}`;
      case 'parked':
        return `${who} ${event.slot === null ? 'unparked' : `parked ${event.slot}`}`;
      case 'identified':
        return `${who} identified ${event.calling?.number ?? event.called?.number}`;
      case 'heldByDevice':
        return `${who} held`;
      case 'retrievedByDevice':
        return `${who} retrieved`;
      case 'replaced':
        return `${who} replaced by ${name(event.by)}`;
      case 'digit':
        return `${who} key ${event.digit}`;
      default:
        return `${who} ${event.type}`;
    }
  };
  const devices = new Devices({ switchId: SWITCH, lines: new Map() });
  const calls = new Calls({
    switchId: SWITCH,
    devices,
    board: () => board,
    tell: (event) => story.push(words(event)),
    epochOf: () => undefined,
  });
  calls.connections.boot = 1;
  /** Tells these, one after the other. @returns what the driver made of them */
  const tell = (...messages: readonly KtsMessage[]): string[] => {
    story.length = 0;
    for (const message of messages) {
      board.take(message);
      calls.take(message);
    }
    return [...story];
  };
  const begun = (number: string, call?: number): string[] => {
    story.length = 0;
    calls.begun({
      ext: number,
      connectionId: id('ours'),
      callId: asId<CallId>('call'),
      ...(call === undefined ? {} : { call: `c${call}` as const }),
    });
    return [...story];
  };
  const shown = (): string[] => {
    resync(calls, { board, awayMs: 1_000 });
    return snapshotOf(calls, devices).map(
      (one) =>
        `${name(one.connectionId)} ${one.state}${one.heldByDevice === undefined ? '' : ' held'}${one.parkedAt === undefined ? '' : ` parked ${one.parkedAt}`}`,
    );
  };
  return { tell, begun, calls, board, devices, shown, story };
}

const TALK = { call: 7, line: 3, number: '139', dir: 'in' } as const;
const talking = (): readonly KtsMessage[] => [
  line(3, 'ring', { call: 7, number: '139', dir: 'in' }),
  ext('801', 'ring', TALK),
  line(3, 'talk', { call: 7, peer: '801', number: '139', dir: 'in' }),
  ext('801', 'talk', TALK),
];

describe('connections of what a PBX tells', () => {
  it('are those of the page’s own session: rings, is answered, is parked', () => {
    const { tell } = bench();
    expect(
      tell(
        line(3, 'ring', { call: 7, dir: 'in' }),
        ext('801', 'ring', { call: 7, line: 3, dir: 'in' }),
        { type: 'callerId', line: 3, presentation: 'number', call: 7, number: '13912345678' },
        line(3, 'talk', { call: 7, peer: '801', number: '13912345678', dir: 'in' }),
        ext('801', 'talk', { call: 7, line: 3, number: '13912345678', dir: 'in' }),
        { type: 'parkState', slot: 1, parkState: 'taken', call: 7, line: 3, peer: '801' },
        line(3, 'parked', { call: 7, number: '13912345678', dir: 'in' }),
        ext('801', 'idle'),
      ),
    ).toEqual([
      'l3.7 created in ?>?',
      'x801.7 created out ?>801',
      'x801.7 alerting',
      'l3.7 identified 13912345678',
      'x801.7 identified 13912345678',
      'l3.7 connected',
      'x801.7 connected',
      'l3.7 parked 1',
      'x801.7 transferred',
    ]);
  });

  it('go on when the phone that held lies idle, as a PBX may tell it whose page says that held calls stay held', () => {
    const { tell, shown } = bench();
    tell(...talking());
    expect(
      tell(
        line(3, 'held', { call: 7, peer: '801', dir: 'in' }),
        ext('801', 'hold', TALK),
        ext('801', 'dial', { call: 8, dir: 'internal' }),
        ext('802', 'ring', { call: 8, peer: '801', dir: 'internal' }),
        ext('801', 'idle', { end: 'normal' }),
        ext('802', 'idle', { end: 'abandoned' }),
      ),
    ).toEqual([
      'x801.7 held',
      'x801.8 created in 801>?',
      'x802.8 created out 801>802',
      'x802.8 alerting',
      'x801.8 normalClearing',
      'x802.8 cancelled',
    ]);
    expect(shown().sort()).toEqual(['l3.7 connected', 'x801.7 connected held']);
    expect(tell(line(3, 'talk', { call: 7, peer: '801', dir: 'in' }), ext('801', 'talk', TALK))).toEqual([
      'x801.7 retrieved',
    ]);
    tell(line(3, 'held', { call: 7, peer: '801', dir: 'in' }), ext('801', 'hold', TALK), ext('801', 'idle'));
    expect(tell(line(3, 'wrap', { end: 'normal' }))).toEqual(['l3.7 normalClearing', 'x801.7 normalClearing']);
  });

  const joins: readonly (readonly [string, readonly KtsMessage[]])[] = [
    [
      'the one who leaves first',
      [
        ext('801', 'idle', { end: 'transferred' }),
        ext('802', 'intalk', { call: 5, peer: '803', dir: 'internal' }),
        ext('803', 'intalk', { call: 5, peer: '802', dir: 'internal' }),
      ],
    ],
    [
      'the one who leaves last',
      [
        ext('803', 'intalk', { call: 5, peer: '802', dir: 'internal' }),
        ext('802', 'intalk', { call: 5, peer: '803', dir: 'internal' }),
        ext('801', 'idle', { end: 'transferred' }),
      ],
    ],
  ];
  it.each(joins)('are joined when two inside calls become the older one, told %s', (_, messages) => {
    const { tell, shown } = bench();
    const inside = (call: number, peer: string): Ext => ({ call, peer, dir: 'internal' });
    tell(
      ext('803', 'dial', inside(5, '801')),
      ext('801', 'ring', inside(5, '803')),
      ext('801', 'intalk', inside(5, '803')),
      ext('803', 'intalk', inside(5, '801')),
      ext('801', 'hold', inside(5, '803')),
      ext('801', 'dial', inside(6, '802')),
      ext('802', 'ring', inside(6, '801')),
      ext('802', 'intalk', inside(6, '801')),
      ext('801', 'intalk', inside(6, '802')),
    );
    const told = tell(...messages);
    expect([...told].sort()).toEqual([
      'x801.5 transferred',
      'x801.6 transferred',
      'x802.6 identified 803',
      'x802.6 moved to 5',
      'x803.5 identified 802',
    ]);
    expect(shown().sort()).toEqual(['x802.6 connected', 'x803.5 connected']);
  });

  it('are joined when two outside lines become one call', () => {
    const { tell } = bench();
    tell(...talking(), line(3, 'held', { call: 7, peer: '801', dir: 'in' }), ext('801', 'hold', TALK));
    tell(
      line(4, 'dial', { call: 9, peer: '801', number: '138', dir: 'out' }),
      ext('801', 'dial', { call: 9, line: 4, number: '138', dir: 'out' }),
      line(4, 'talk', { call: 9, peer: '801', number: '138', dir: 'out' }),
      ext('801', 'talk', { call: 9, line: 4, number: '138', dir: 'out' }),
    );
    expect(
      tell(
        ext('801', 'idle', { end: 'transferred' }),
        line(4, 'talk', { call: 7, number: '138', dir: 'out' }),
        line(3, 'talk', { call: 7, number: '139', dir: 'in' }),
      ),
    ).toEqual(['x801.7 transferred', 'x801.9 transferred', 'l4.9 moved to 7']);
  });

  it('stay when another call rings at a phone that talks, and when that rings no more', () => {
    const { tell } = bench();
    tell(...talking());
    expect(
      tell(
        line(4, 'ring', { call: 9, number: '138', dir: 'in' }),
        ext('801', 'ring', { call: 9, line: 4, number: '138', dir: 'in' }),
        ext('801', 'talk', TALK),
        line(4, 'wrap', { end: 'abandoned' }),
      ),
    ).toEqual([
      'l4.9 created in 138>?',
      'x801.9 created out 138>801',
      'x801.9 alerting',
      'l4.9 cancelled',
      'x801.9 cancelled',
    ]);
  });

  it('are put on hold when the phone takes a call that waits', () => {
    const { tell } = bench();
    tell(...talking(), ext('801', 'ring', { call: 9, line: 4, dir: 'in' }), ext('801', 'talk', TALK));
    expect(
      tell(line(4, 'talk', { call: 9, peer: '801', dir: 'in' }), ext('801', 'talk', { call: 9, line: 4, dir: 'in' })),
    ).toEqual(['l4.9 created in ?>?', 'l4.9 connected', 'x801.9 connected', 'x801.7 held']);
  });

  it('have the id that was chosen, whether CALLED names the call or not', () => {
    for (const call of [8, undefined]) {
      const { tell, begun } = bench();
      expect(begun('801', call)).toEqual([]);
      expect(
        tell(ext('801', 'ring', { call: 9, dir: 'in', number: '139' }), ext('801', 'idle', { end: 'abandoned' })),
        'another call rings there',
      ).toEqual(['x801.9 created out 139>801', 'x801.9 alerting', 'x801.9 cancelled']);
      expect(tell(ext('801', 'offhook', { call: 8, dir: 'out' }))).toEqual(['ours created in 801>?']);
    }
  });

  it('are replaced by the one that was chosen when they were there before the answer', () => {
    const { tell, begun, calls } = bench();
    tell(ext('801', 'offhook', { call: 8 }));
    expect(begun('801', 8)).toEqual(['ours created in 801>?', 'x801.8 replaced by ours', 'x801.8 replaced']);
    expect(begun('801', 8)).toEqual([]);
    expect(tell(ext('801', 'dial', { call: 8, number: '139', dir: 'out' }))).toEqual(['ours identified 139']);
    expect(calls.connections.size).toBe(1);
  });

  it('begin and end when a service that had begun comes to nothing', () => {
    const { tell, begun } = bench();
    begun('801', 8);
    expect(tell(ext('801', 'idle', { end: 'noanswer' }))).toEqual(['ours created in 801>?', 'ours noAnswer']);
  });

  it('are of the line’s call, or of one of their own, where a PBX tells no numbers of calls', () => {
    const { tell, shown } = bench();
    expect(
      tell(
        line(3, 'ring', { dir: 'in' }),
        ext('801', 'ring', { line: 3, dir: 'in' }),
        ext('801', 'talk', { line: 3, dir: 'in' }),
        ext('802', 'offhook'),
        ext('802', 'intalk', { peer: '804' }),
      ),
    ).toEqual([
      'l3.l3 created in ?>?',
      'l3.x801 created out ?>801',
      'l3.x801 alerting',
      'l3.x801 connected',
      'x802.x802 created in 802>804',
      'x802.x802 connected',
    ]);
    expect(shown()).toHaveLength(3);
  });

  it('are parked who is left in an inside call, and taken back', () => {
    const { tell } = bench();
    const inside = (peer: string): Ext => ({ call: 5, peer, dir: 'internal' });
    tell(ext('803', 'intalk', inside('801')), ext('801', 'ring', inside('803')), ext('801', 'intalk', inside('803')));
    expect(
      tell(
        { type: 'parkState', slot: 2, parkState: 'taken', call: 5, peer: '801' },
        ext('801', 'idle'),
        ext('803', 'intalk', { call: 5 }),
      ),
    ).toEqual(['x803.5 parked 2', 'x801.5 transferred']);
    expect(tell({ type: 'parkState', slot: 2, parkState: 'free' }, ext('802', 'intalk', inside('803')))).toEqual([
      'x803.5 unparked',
      'x802.5 created in 802>803',
      'x802.5 connected',
    ]);
  });

  it('wait for the reason of an end that none was told of, and not for ever', () => {
    const { tell, calls, story } = bench();
    tell(...talking());
    expect(tell(ext('801', 'idle'))).toEqual([]);
    expect(calls.isInDoubt).toBe(true);
    expect(tell(line(3, 'wrap', { end: 'normal' }))).toEqual(['l3.7 normalClearing', 'x801.7 normalClearing']);
    expect(calls.isInDoubt).toBe(false);
    tell(...talking());
    expect(tell(ext('801', 'idle'))).toEqual([]);
    expect(tell(ext('802', 'talk', TALK))).toEqual([
      '2.x802.7 created in 139>802',
      '2.x802.7 connected',
      '2.x801.7 transferred',
    ]);
    tell(line(3, 'idle', { end: 'normal' }), ext('802', 'idle', { end: 'normal' }), ...talking(), ext('801', 'idle'));
    story.length = 0;
    calls.endDoubts();
    expect(story).toEqual(['3.x801.7 normalClearing']);
  });

  it('tell keys as whom a phone calls before the answer, and one by one after it', () => {
    const { tell } = bench();
    tell(ext('801', 'offhook', { call: 8 }));
    expect(
      tell({ type: 'digits', ext: '801', digits: '80', call: 8 }, { type: 'digits', ext: '801', digits: '2' }),
    ).toEqual(['x801.8 identified 80', 'x801.8 identified 802']);
    tell(ext('801', 'intalk', { call: 8, peer: '802', dir: 'internal' }));
    expect(tell({ type: 'digits', ext: '801', digits: '1P*F', call: 8 })).toEqual(['x801.8 key 1', 'x801.8 key *']);
  });

  it('have another id when the PBX gives a number again, and the same when it shows them again', () => {
    const { tell, calls, board, shown } = bench();
    tell(...talking());
    const first = calls.connections.all.map((one) => one.connectionId);
    expect(shown()).toHaveLength(2);
    expect(calls.connections.all.map((one) => one.connectionId)).toEqual(first);
    // After more than a minute the number may be another call’s: another caller says so.
    board.take(line(3, 'talk', { call: 7, peer: '801', number: '138', dir: 'in' }));
    board.take(ext('801', 'talk', { ...TALK, number: '138' }));
    resync(calls, { board, awayMs: 61_000 });
    expect(calls.connections.all.some((one) => first.includes(one.connectionId))).toBe(false);
    const second = calls.connections.all.map((one) => one.connectionId);
    tell(line(3, 'idle', { end: 'normal' }), ext('801', 'idle', { end: 'normal' }), ...talking());
    const third = calls.connections.all.map((one) => one.connectionId);
    expect(new Set([...first, ...second, ...third]).size).toBe(6);
  });
});
