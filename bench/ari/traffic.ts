import { pick, randomOf } from '../lib/random.js';

const people = ['Ann Example', 'Müller & Söhne', '王小明', 'José Ñandú', ''] as const;
const states = ['Down', 'Ring', 'Ringing', 'Up'] as const;

type Random = () => number;

function channelOf(random: Random): object {
  const call = Math.floor(random() * 5_000);
  return {
    id: `17952999${call}.${call}`,
    name: `PJSIP/trunk-${call.toString(16).padStart(8, '0')}`,
    state: pick(random, states),
    protocol_id: `${call.toString(36)}-9f3e1c@10.0.0.17`,
    caller: { name: pick(random, people), number: `1390000${call}` },
    connected: { name: '', number: '' },
    accountcode: `site-${call % 20}`,
    dialplan: { context: 'cordboard-in', exten: '8100', priority: 2, app_name: 'Stasis', app_data: 'cordboard,in' },
    creationtime: '2026-11-21T22:26:32.230+0000',
    language: 'en',
  };
}

function bridgeOf(random: Random): object {
  return {
    id: `b-${Math.floor(random() * 5_000)}`,
    technology: 'simple_bridge',
    bridge_type: 'mixing',
    bridge_class: 'stasis',
    creator: 'Stasis',
    name: '',
    channels: [`17952999${Math.floor(random() * 5_000)}.1`, `17952999${Math.floor(random() * 5_000)}.2`],
    creationtime: '2026-11-21T22:26:32.248+0000',
    video_mode: 'none',
  };
}

const kinds: readonly ((random: Random) => object)[] = [
  (random) => ({ type: 'StasisStart', args: ['in', '8100'], channel: channelOf(random) }),
  (random) => ({ type: 'ChannelStateChange', channel: channelOf(random) }),
  (random) => ({ type: 'ChannelEnteredBridge', bridge: bridgeOf(random), channel: channelOf(random) }),
  (random) => ({ type: 'ChannelLeftBridge', bridge: bridgeOf(random), channel: channelOf(random) }),
  (random) => ({ type: 'ChannelDtmfReceived', digit: '5', duration_ms: 120, channel: channelOf(random) }),
  (random) => ({ type: 'Dial', dialstatus: 'RINGING', forward: '', dialstring: '8001', peer: channelOf(random) }),
  (random) => ({ type: 'ChannelDestroyed', cause: 16, cause_txt: 'Normal Clearing', channel: channelOf(random) }),
  (random) => ({ type: 'StasisEnd', channel: channelOf(random) }),
];

/** The same events for the same count, of about 640 bytes each; `seq` rises by one. */
export function syntheticEvents(count: number): string[] {
  const random = randomOf(20_261_121);
  return Array.from({ length: count }, (_, seq) =>
    JSON.stringify({
      ...pick(random, kinds)(random),
      timestamp: '2026-11-21T22:26:32.241+0000',
      asterisk_id: '52:54:00:12:34:56',
      application: 'cordboard',
      seq,
    }),
  );
}
