// A process of its own: reads the recorded dialogues through one contender and compares every key with what was sent.
import { connect } from 'node:net';
import { AmiDecoder, AmiMessage } from '@cordboard/adapters-asterisk/ami';
import { tellParent } from '../lib/child.js';
import { recordedMessages } from '../lib/recorded.js';
import { oddEvents } from './traffic.js';

const [kind, port] = process.argv.slice(2);
const sent = [...recordedMessages('ami'), ...oddEvents];

/** What a message says, told by the protocol's rules alone: lines of key, colon, at most one space, value. */
const wanted = sent.map((text) =>
  text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    if (colon < 0) return [line, ''];
    const value = line.slice(colon + 1);
    return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
  }),
);

let at = 0;
let equal = 0;
const take = (same: boolean): void => {
  at += 1;
  if (same) equal += 1;
  if (at === sent.length) tellParent({ type: 'compared', share: equal / sent.length, messages: sent.length });
};

if (kind === 'cordboard') {
  const decoder = new AmiDecoder();
  const socket = connect(Number(port), '127.0.0.1', () => socket.write('Action: Login\r\nActionID: 1\r\n\r\n'));
  socket.on('data', (chunk) => {
    decoder.push(chunk, (frame) => {
      if (!(frame instanceof AmiMessage) || frame.type !== 'event') return;
      take(JSON.stringify(frame.headers()) === JSON.stringify(wanted[at]));
    });
  });
} else {
  const { default: AsteriskManager } = await import('asterisk-manager');
  const manager = new AsteriskManager(Number(port), '127.0.0.1', 'u', 's', true);
  manager.on('managerevent', (event) => {
    // It lower-cases keys by design, so keys are compared that way; of repeated keys all values must be there.
    const values = new Map<string, string[]>();
    for (const [key, value] of wanted[at] ?? []) {
      values.set(key.toLowerCase(), [...(values.get(key.toLowerCase()) ?? []), value]);
    }
    take([...values].every(([key, list]) => JSON.stringify([event[key]].flat()) === JSON.stringify(list)));
  });
}
