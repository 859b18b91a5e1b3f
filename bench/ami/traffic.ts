import { pick, randomOf } from '../lib/random.js';

const names = [
  'Newchannel',
  'Newstate',
  'DialBegin',
  'BridgeEnter',
  'NewConnectedLine',
  'VarSet',
  'Hangup',
  'Newexten',
] as const;
const people = ['Ann Example', 'Müller & Söhne', '王小明', 'José Ñandú', 'Support 2'] as const;
const states = ['Down', 'Ring', 'Ringing', 'Up'] as const;
const contexts = ['from-trunk', 'from-phones', 'cordboard-in', 'queue-support'] as const;

/** One event of 22 keys and about 575 bytes, the shape of Asterisk's channel events; `Seq` rises by one. */
function eventOf(random: () => number, seq: number): string {
  const call = Math.floor(random() * 5_000);
  const unique = `17952999${String(call).padStart(4, '0')}.${call}`;
  const state = Math.floor(random() * states.length);
  const exten = String(8_000 + Math.floor(random() * 200));
  return [
    `Event: ${pick(random, names)}`,
    'Privilege: call,all',
    `SequenceNumber: ${1_000_000 + seq}`,
    'File: manager_channels.c',
    'Line: 692',
    'Func: channel_snapshot_update',
    'SystemName: pbx-one.example.net',
    `Timestamp: 1795299992.${String(seq % 1_000_000).padStart(6, '0')}`,
    `Channel: PJSIP/trunk-${call.toString(16).padStart(8, '0')}`,
    `ChannelState: ${state}`,
    `ChannelStateDesc: ${states[state] ?? 'Down'}`,
    `CallerIDNum: 1390000${String(call).padStart(4, '0')}`,
    `CallerIDName: ${pick(random, people)}`,
    `ConnectedLineNum: ${exten}`,
    `ConnectedLineName: ${pick(random, people)}`,
    'Language: en',
    `AccountCode: site-${call % 20}`,
    `Context: ${pick(random, contexts)}`,
    `Exten: ${exten}`,
    'Priority: 4',
    `Uniqueid: ${unique}`,
    `Linkedid: ${unique}`,
    `Seq: ${seq}`,
  ].join('\r\n');
}

/** The same events for the same count, each with its blank line. */
export function syntheticEvents(count: number): string[] {
  const random = randomOf(20_261_121);
  return Array.from({ length: count }, (_, seq) => `${eventOf(random, seq)}\r\n\r\n`);
}

/** What Asterisk's applications can make of keys and values: repeated keys, odd spaces, colons, texts of other scripts. */
export const oddEvents: readonly string[] = [
  ['Event: UserEvent', 'UserEvent: odd', 'Dup: 1', 'Dup: 2', 'dup: 3'],
  ['Event: UserEvent', 'UserEvent: spaces', 'Lead:   three', 'Trail: two  ', 'None:x', 'Empty:', 'Space: '],
  ['Event: UserEvent', 'UserEvent: c;d e | f & g: h%25 \\ i', 'Colon: a: b: c', 'Equals: a=b=c'],
  ['Event: VarSet', 'Channel: PJSIP/a-1', 'Variable: AGENT_STATUS', 'Value: ', 'Uniqueid: 1.1'],
  ['Event: VarSet', 'Channel: PJSIP/a-1', 'Variable: RTPAUDIOQOS', 'Value:   minrxlost=000.000;  maxrxlost=000.000;'],
  ['Event: Newchannel', 'CallerIDName: Grüße 日本 🎧', 'ChanVariable(PJSIP/a-1): X=1', 'ChanVariable(PJSIP/a-1): Y=2'],
  ['Event: UserEvent', 'Event: again', 'ActionID: 7', 'Response: no'],
].map((lines) => lines.join('\r\n'));
