import { asId, type BridgeId, type ConnectionId, type DeviceId, type RecordingId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { type KeptConnection, liveSnapshot } from './live-snapshot.js';

const party = { number: '', presentation: 'unavailable' as const };
const kept = (id: string, more: Partial<KeptConnection> = {}): KeptConnection => ({
  connectionId: asId<ConnectionId>(id),
  device: asId<DeviceId>('main:extension:8001'),
  direction: 'incoming',
  state: 'connected',
  calling: party,
  called: party,
  told: 'yes',
  hold: 'none',
  ...more,
});
const recording = (id: string, leg: KeptConnection) => ({ recordingId: asId<RecordingId>(id), leg });

describe('liveSnapshot', () => {
  it('shows what was told, and neither what was not nor its recording', () => {
    const a = kept('a', { hold: 'byDevice' });
    const b = kept('b', { told: 'no' });
    const event = liveSnapshot({
      connections: [a, b],
      bridgeOf: ({ connectionId }) => (connectionId === 'a' ? asId<BridgeId>('one') : undefined),
      observed: [],
      recordings: [recording('r', a), recording('s', b)],
      monitors: [{ supervisor: b, target: a, mode: 'whisper' }],
      devices: [],
    });
    expect(event).toEqual({
      type: 'snapshot',
      snapshot: {
        connections: [
          {
            connectionId: 'a',
            device: 'main:extension:8001',
            direction: 'incoming',
            state: 'connected',
            control: 'full',
            calling: party,
            called: party,
            bridgeId: 'one',
            heldByDevice: 'held',
          },
        ],
        recordings: [{ recordingId: 'r', connectionId: 'a' }],
        monitors: [{ connectionId: 'b', targetId: 'a', mode: 'whisper' }],
        devices: [],
      },
    });
  });
});
