import { asId, type DeviceId, type DeviceView, type PhoneNumber } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { floorConfig } from '../../test/support/floor.js';
import { readServerConfig } from '../config/read.js';
import { maskEvent, maskSnapshot } from './mask.js';
import { MaskRules } from './mask-rules.js';
import { References } from './references.js';

const { tenant } = readServerConfig({ ...floorConfig('unused'), switches: { main: () => undefined } });
const rules = (maskClass: 'masked' | 'hidden') =>
  new MaskRules(maskClass, tenant, new References(new Uint8Array(32), 'main'));

const number = (raw: string): PhoneNumber => ({ raw, display: raw, presentation: 'allowed' });
const view: DeviceView = {
  device: asId<DeviceId>('main:extension:8001'),
  presence: 'busy',
  sinceMs: 5,
  sinceWallMs: 1005,
  detail: {
    state: 'talking',
    direction: 'in',
    line: asId<DeviceId>('main:line:3'),
    peer: asId<DeviceId>('main:external:13912345678'),
    party: { ...number('13912345678'), e164: '+8613912345678' },
    partyName: 'Mei 13912345678',
    forward: number('13700000000'),
  },
};

describe('a device on the board', () => {
  test.each(['masked', 'hidden'] as const)('shows no outside number to the class %s', (maskClass) => {
    const shown = maskEvent({ type: 'device', ...view }, rules(maskClass));
    const board = maskSnapshot({ kind: 'board', agents: [], queues: [], calls: [], devices: [view] }, rules(maskClass));
    for (const text of [JSON.stringify(shown), JSON.stringify(board)])
      expect(text).not.toMatch(/12345678|13700000000/u);
    expect(shown).toMatchObject({ device: view.device, presence: 'busy', sinceMs: 5, detail: { state: 'talking' } });
  });

  test('shows extensions, lines and slots to everybody', () => {
    const inside: DeviceView = {
      ...view,
      detail: { state: 'talking', peer: asId<DeviceId>('main:extension:8002'), party: number('8002'), partyName: 'Bo' },
    };
    expect(maskEvent({ type: 'device', ...inside }, rules('hidden'))).toEqual({ type: 'device', ...inside });
  });

  test('names a party by the reference that may be dialled, and nobody to whom nothing may be shown', () => {
    const [masked, hidden] = (['masked', 'hidden'] as const).map((maskClass) =>
      maskEvent({ type: 'device', ...view }, rules(maskClass)),
    );
    expect(masked).toMatchObject({ detail: { party: { raw: expect.stringMatching(/^ref:/u) } } });
    expect(hidden).toMatchObject({ detail: { party: { raw: '', display: '' } } });
    expect(hidden?.type === 'device' && hidden.detail?.partyName).toBeUndefined();
  });
});
