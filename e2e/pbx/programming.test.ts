import { compareBackup, formatBackup, parseBackup, restoreBackup, takeBackup } from '@cordboard/adapters-pbx-serial';
import type { ParameterOutcome, ProgrammingFacet } from '@cordboard/cti-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, PbxFloor } from './floor.js';

let floor: PbxFloor;
beforeAll(async () => {
  floor = await PbxFloor.open({ pace: 'none' });
});
afterAll(() => floor?.close());

interface Wish {
  readonly id: string;
  readonly index: number;
  readonly value: number | boolean | string | readonly number[];
}

/** 300 parameters of every kind, none of them with its factory value. */
function wishes(): readonly Wish[] {
  const extensions = Array.from({ length: 16 }, (_, at) => 801 + at);
  const lines = [1, 2, 3, 4, 5, 6, 7, 8];
  const each = extensions.flatMap((index, at): Wish[] => [
    { id: 'classOfService.day', index, value: 2 + (at % 5) },
    { id: 'classOfService.night', index, value: 6 - (at % 4) },
    { id: 'callerIdDisplay', index, value: at % 2 },
    { id: 'alarm.time', index, value: `0${6 + (at % 3)}:${10 + at}` },
    { id: 'warningTone', index, value: 3 + at },
    { id: 'allowedLines.day', index, value: [1, 2 + (at % 7)] },
    { id: 'insideCallsBarred', index, value: true },
  ]);
  const ofLines = lines.flatMap((index): Wish[] => [
    { id: 'ringAssignment.day', index, value: [index, index + 8] },
    { id: 'delayedRing.night', index, value: index },
    { id: 'gain.in', index, value: index === 5 ? 12 : 1 + index },
    { id: 'attendant', index, value: `${800 + index}` },
  ]);
  const speedDial = Array.from({ length: 77 }, (_, at): Wish[] => [
    { id: 'speedDial.number', index: 1 + at, value: `0106600${1_000 + at}` },
    { id: 'speedDial.name', index: 1 + at, value: `Kunde ${at} 客户` },
  ]).flat();
  return [
    ...each,
    ...ofLines,
    ...speedDial,
    { id: 'dayNight.mode', index: 0, value: 1 },
    { id: 'outsideToOutside', index: 0, value: true },
  ];
}

test('300 parameters are written from the desk of the administrator, each verified, and stand in the PBX', async () => {
  const items = wishes().slice(0, 300);
  expect(items).toHaveLength(300);
  const dry = await write(items, 'dryRun');
  expect(new Set(dry.map(({ code, change }) => `${code} ${change}`))).toEqual(new Set(['ok changes']));
  const written = await write(items, 'write');
  expect(written.filter(({ code }) => code !== 'ok')).toEqual([]);
  expect(written.map(({ value }) => value)).toEqual(items.map(({ value }) => value));
  const { parameters } = floor.box.pbx;
  expect(parameters.text(20, 1)).toBe('01066001000');
  expect(parameters.number(28, 1)).toBe(2);
  expect((await write(items, 'dryRun')).every(({ change }) => change === 'same')).toBe(true);
});

test('what is out of range is refused one by one, and stops nothing', async () => {
  const outcomes = await write(
    [
      { id: 'classOfService.day', index: 801, value: 9 },
      { id: 'classOfService.day', index: 899, value: 2 },
      { id: 'gain.in', index: 1, value: 3 },
    ],
    'write',
  );
  expect(outcomes.map(({ code }) => code)).toEqual(['range', 'noDevice', 'ok']);
});

test('backup, wipe, restore: the file and the PBX are equal again', async () => {
  const { signal } = new AbortController();
  const programming = floor.facets.programming as ProgrammingFacet;
  const extent = { signal, password: PASSWORD } as const;
  const head = { wallMs: Date.now(), profile: 'kts-bin/1' };
  const file = parseBackup(formatBackup(await takeBackup(programming, extent, head)));
  expect((await compareBackup(programming, file, extent)).differences).toEqual([]);
  floor.box.pbx.memory.parameters.clear();
  const wiped = await compareBackup(programming, file, extent);
  expect(wiped.differences.length).toBeGreaterThan(250);
  await restoreBackup(programming, file, extent);
  expect((await compareBackup(programming, file, extent)).differences).toEqual([]);
});

async function write(items: readonly Wish[], mode: 'write' | 'dryRun') {
  const answer = await floor.post<{ items: (ParameterOutcome & { change?: string })[] }>(
    '/v1/switches/kts/parameters/write',
    { items, password: PASSWORD, mode },
  );
  return answer.items;
}
