import type { DriverFactory, LinkId } from '@cordboard/cti-core';
import { asId } from '@cordboard/cti-core';
import { afterEach, expect, test } from 'vitest';
import { coreMaker } from '../src/shell/core-maker.js';
import { CrashStorage } from './support/crash-storage.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

let floor: Floor | undefined;
afterEach(async () => {
  await floor?.end().catch(() => undefined);
  floor = undefined;
});

interface Line {
  readonly msg: string;
  readonly level: unknown;
  readonly [field: string]: unknown;
}
const lines = (of: Floor): Line[] => of.log.map((line) => JSON.parse(line) as Line);
const errors = (of: Floor): Line[] => lines(of).filter(({ msg }) => /fail|cannot/u.test(msg));

test('an engine that fails on an input is told as that, and the server lives on', async () => {
  const create = (): ReturnType<typeof coreMaker.create> => {
    const engine = coreMaker.create();
    return new Proxy(engine, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const [input] = args as [{ kind: string; event?: { type: string } }];
          if (name === 'apply' && input.event?.type === 'created') throw new TypeError(`no leg for ${CALLER}`);
          return value.apply(target, args);
        };
      },
    });
  };
  floor = await startFloor({ ports: { engine: { ...coreMaker, create } } });
  floor.phone.call(CALLER, '4008001000');
  await floor.server.settled();
  expect(errors(floor)).toMatchObject([
    {
      msg: 'the engine failed on an input, which is lost',
      kind: 'driver',
      code: 'server.internal',
      reason: 'TypeError',
    },
  ]);
  expect(floor.log.join('')).not.toContain(CALLER);
  expect((await floor.get('/readyz')).status).toBe(200);
});

test('a disk that fails is told as that, with its code', async () => {
  const journalStorage = new CrashStorage();
  floor = await startFloor({ ports: { journalStorage } });
  journalStorage.gate = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  floor.phone.call(CALLER, '4008001000');
  await floor.server.settled();
  const [told] = errors(floor);
  expect(told?.msg).toBe('the journal cannot be written: nothing is carried out any more');
  expect(JSON.stringify(told)).toContain('ENOSPC');
  for (const path of ['/healthz', '/readyz']) {
    const answer = await floor.get(path);
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'failed' }]);
  }
});

test('the server is ready while every switch is synced, says so in its metrics, and takes clients all the time', async () => {
  const linkId = asId<LinkId>('wire');
  let tell: Parameters<ReturnType<DriverFactory>['start']>[0] = () => undefined;
  const late: DriverFactory = (switchId) => ({
    switchId,
    profile: 'media',
    capabilities: new Set(),
    start: async (sink) => {
      tell = sink;
    },
    execute: async () => ({ outcome: 'refused', code: 'linkLost' }),
    openRecording: async () => undefined,
    stop: async () => undefined,
  });
  floor = await startFloor({ more: { late } });
  const ready = async (): Promise<unknown> => {
    const response = await floor?.get('/readyz');
    return { http: response?.status, ...((await response?.json()) as object) };
  };
  const links = { main: 'up', 'main/wire': 'up', late: 'down' };
  expect(await ready()).toEqual({ http: 503, status: 'linkDown', links, disk: expect.any(String) });
  // The process itself lacks nothing.
  expect(await (await floor.get('/healthz')).json()).toEqual({ status: 'ok', links, disk: expect.any(String) });
  const ann = await floor.client('agent');
  expect(await ann.command({ type: 'agent.logOn' })).toMatchObject({ outcome: { outcome: 'done' } });

  tell({ type: 'linkUp', linkId });
  expect(await ready()).toMatchObject({ http: 503, status: 'linkDown' });
  tell({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
  tell({ type: 'linkSynced', linkId, capabilities: [] });
  expect(await ready()).toMatchObject({ http: 200, status: 'ok', links: { late: 'up', 'late/wire': 'up' } });
  for (let time = 0; time < 3; time++) tell({ type: 'linkDown', linkId, reason: 'refused', capabilities: [] });
  expect(await ready()).toMatchObject({ http: 503, status: 'linkDown', links: { late: 'down', 'late/wire': 'down' } });
  const admin = await floor.token('admin');
  const metrics = async (): Promise<string[]> => {
    const response = await floor?.get('/metrics', admin);
    return ((await response?.text()) ?? '').split('\n').filter((line) => /^cordboard_(ready|link_up)/u.test(line));
  };
  expect(await metrics()).toEqual([
    'cordboard_ready 0',
    'cordboard_link_up{switch="main",link=""} 1',
    'cordboard_link_up{switch="late",link=""} 0',
    'cordboard_link_up{switch="main",link="wire"} 1',
    'cordboard_link_up{switch="late",link="wire"} 0',
  ]);
  tell({ type: 'linkSynced', linkId, capabilities: ['clear'] });
  expect(await ready()).toMatchObject({ http: 200, status: 'ok', links: { late: 'up', 'late/wire': 'up' } });
  // A second link that is lost leaves something to be done there, but not all.
  tell({ type: 'linkDown', linkId: asId<LinkId>('other'), reason: 'closed', capabilities: ['clear'] });
  expect(await ready()).toMatchObject({ http: 503, status: 'linkDown', links: { late: 'up', 'late/other': 'down' } });
  tell({ type: 'linkSynced', linkId: asId<LinkId>('other'), capabilities: ['clear'] });
  expect(await ready()).toMatchObject({ http: 200 });
  expect(await metrics()).toContain('cordboard_ready 1');

  const told = lines(floor).filter(({ switchId, msg }) => switchId === 'late' && msg.includes('link'));
  expect(told).toMatchObject([
    { msg: 'a link to a switch is up', linkId: 'wire' },
    { msg: 'a link to a switch is down', linkId: 'wire', reason: 'refused' },
    { msg: 'a link to a switch is up', linkId: 'wire' },
    { msg: 'a link to a switch is down', linkId: 'other', reason: 'closed' },
    { msg: 'a link to a switch is up', linkId: 'other' },
  ]);
});
