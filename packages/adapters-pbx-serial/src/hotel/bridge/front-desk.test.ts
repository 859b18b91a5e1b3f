import { asId } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { type FiasRecordId, type FiasValues, fiasRecord } from '../fias/index.js';
import { roomsOf } from '../rooms.js';
import { FrontDesk } from './front-desk.js';

const phone = (room: string): string => `main:extension:8${room}`;
function begin(guests: Readonly<Record<string, readonly string[]>> = {}) {
  const desk = new FrontDesk({
    rooms: roomsOf({ prefix: '8' }),
    switchId: asId('main'),
    classes: { checkedIn: 2, byLevel: [7, 5, 4, 1] },
    guests: new Map(Object.entries(guests)),
  });
  const take = (id: FiasRecordId, values: FiasValues = {}) =>
    desk.take(fiasRecord(id, { ...(id === 'DS' || id === 'DE' ? { DA: '261122', TI: '120000' } : {}), ...values }));
  return { desk, take };
}

describe('a check-in', () => {
  test('opens the telephone with the name and the class of who came: that of the record, else that of guests', () => {
    const { take, desk } = begin();
    expect(take('GI', { RN: '101', 'G#': '1', GN: 'Doe', GS: 'N' }).commands).toEqual([
      { type: 'checkIn', room: phone('101'), classOfService: 2, name: 'Doe' },
    ]);
    expect(take('GI', { RN: '102', 'G#': '2', GN: 'Roe', GS: 'N', CS: '3' }).commands).toEqual([
      { type: 'checkIn', room: phone('102'), classOfService: 1, name: 'Roe' },
    ]);
    expect([desk.guestsOf('101'), desk.guestsOf('102'), desk.guestsOf('103')]).toEqual([['1'], ['2'], []]);
  });

  test('told again changes nothing; of somebody who shares the room nothing at its telephone', () => {
    const { take, desk } = begin();
    const first = { RN: '101', 'G#': '1', GN: 'Doe', GS: 'Y' };
    take('GI', first);
    expect(take('GI', first)).toEqual({ commands: [], changed: [] });
    expect(take('GI', { ...first, 'G#': '2', GN: 'Roe' })).toEqual({
      commands: [],
      changed: ['101'],
      happened: { event: 'checkIn', room: '101' },
    });
    expect(desk.guestsOf('101')).toEqual(['1', '2']);
    // Another name is told of the first guest alone.
    expect(take('GI', { ...first, 'G#': '2', GN: 'Poe' }).commands).toEqual([]);
    expect(take('GI', { ...first, GN: 'Coe' }).commands).toEqual([{ type: 'name', room: phone('101'), name: 'Coe' }]);
  });

  test('of somebody who shares with nobody, where another one still is, checks that one out before', () => {
    const { take, desk } = begin({ 101: ['1'] });
    const { commands, ...more } = take('GI', { RN: '101', 'G#': '2', GN: 'Roe', GS: 'N' });
    expect(commands.map(({ type }) => type)).toEqual(['checkOut', 'checkIn']);
    expect(more).toEqual({ changed: ['101'], awakeless: ['101'], happened: { event: 'checkIn', room: '101' } });
    expect(desk.guestsOf('101')).toEqual(['2']);
  });
});

describe('a check-out', () => {
  test.each<[string, FiasValues, readonly string[], readonly string[]]>([
    ['of the only guest', { 'G#': '1', GS: 'N' }, ['1'], ['checkOut']],
    ['of one of two', { 'G#': '1', GS: 'Y' }, ['1', '2'], []],
    ['of one of two, of whom the record does not say so', { 'G#': '1', GS: 'N' }, ['1', '2'], []],
    ['of a stranger who shares', { 'G#': '9', GS: 'Y' }, ['1'], []],
    ['of a stranger who shares with nobody', { 'G#': '9', GS: 'N' }, ['1'], ['checkOut']],
    ['of a room that is empty', { 'G#': '9', GS: 'N' }, [], ['checkOut']],
  ])('%s', (_who, values, guests, commands) => {
    const { take, desk } = begin({ 101: guests });
    const done = take('GO', { RN: '101', ...values });
    expect(done.commands.map(({ type }) => type)).toEqual(commands);
    expect(done.happened).toEqual({ event: 'checkOut', room: '101' });
    expect(desk.guestsOf('101')).toEqual(commands.length > 0 ? [] : guests.filter((one) => one !== values['G#']));
  });
});

test('an inspected room is told by whether somebody is in it, each status once', () => {
  const { desk } = begin({ 101: ['1'] });
  const status = (room: string, word: 'inspected' | 'dirtyVacant') =>
    desk.report({ type: 'roomStatus', room: asId<never>(phone(room)), status: word }, room);
  expect([status('101', 'inspected'), status('102', 'inspected')]).toEqual([
    { RN: '101', RS: '6' },
    { RN: '102', RS: '5' },
  ]);
  expect([status('102', 'inspected'), status('102', 'dirtyVacant')]).toEqual([undefined, { RN: '102', RS: '1' }]);
});

test('after a move the old room is as new: what its telephone tells is told, though the guest before had it so', () => {
  const { take, desk } = begin();
  take('GI', { RN: '101', 'G#': '1', GN: 'Doe', GS: 'N' });
  take('RE', { RN: '101', DN: 'Y', ML: 'Y' });
  const on = { type: 'doNotDisturb', room: asId<never>(phone('101')), mode: 'on' } as const;
  expect(desk.report(on, '101')).toBeUndefined();
  const { commands, moved } = take('GC', { RN: '102', RO: '101', 'G#': '1', GS: 'N' });
  expect([commands[0], moved]).toEqual([
    { type: 'move', room: phone('101'), to: phone('102') },
    { from: '101', to: '102' },
  ]);
  expect([desk.guestsOf('101'), desk.guestsOf('102')]).toEqual([[], ['1']]);
  expect(desk.report(on, '101')).toEqual({ RN: '101', DN: 'Y' });
});

describe('a swap', () => {
  test('empties the rooms that it does not name, and says nothing of the others', () => {
    const { take, desk } = begin({ 101: ['1'], 102: ['2'] });
    take('DS');
    take('GI', { RN: '101', 'G#': '1', GS: 'N' });
    const { commands, awakeless } = take('DE');
    expect([commands, awakeless]).toEqual([[{ type: 'checkOut', room: phone('102') }], ['102']]);
    expect([desk.guestsOf('101'), desk.guestsOf('102'), desk.isSwapping]).toEqual([['1'], [], false]);
  });

  test('without any guest is not believed of a house that has some, and is of an empty one', () => {
    const { take, desk } = begin({ 101: ['1'] });
    take('DS');
    const full = take('DE');
    expect([full.commands, full.trouble, desk.guestsOf('101')]).toEqual([[], 'emptySwap', ['1']]);
    const empty = begin();
    empty.take('DS');
    expect(empty.take('DE')).toEqual({ commands: [], changed: [], awakeless: [] });
  });
});
