// A process of its own for one contender: reads one connection full of events and says what each cost.
import { connect } from 'node:net';
import { AmiDecoder, AmiMessage } from '@cordboard/adapters-asterisk/ami';
import { tellParent } from '../lib/child.js';
import { cpuUs } from '../lib/measure.js';

/** Reads until `count` events came; `seen` gets each event's number, or `undefined` where the contender does not look inside. */
type Reader = (port: number, seen: (seq: string | undefined) => void) => () => void;

const login = 'Action: Login\r\nActionID: 1\r\nUsername: u\r\nSecret: s\r\n\r\n';
const end = Buffer.from('\r\n\r\n');

/** The least that anyone must do: find where messages end. */
const floor: Reader = (port, seen) => {
  const socket = connect(port, '127.0.0.1', () => socket.write(login));
  let rest = Buffer.alloc(0);
  let first = true;
  socket.on('data', (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(end, from);
      if (at < 0) break;
      from = at + end.length;
      if (first) first = false;
      else seen(undefined);
    }
    rest = Buffer.from(bytes.subarray(from));
  });
  return () => socket.destroy();
};

const keysOfDriver = ['Channel', 'ChannelStateDesc', 'CallerIDNum', 'Uniqueid', 'Linkedid'];

const cordboard =
  (readAll: 'all keys' | 'five keys'): Reader =>
  (port, seen) => {
    const decoder = new AmiDecoder();
    const socket = connect(port, '127.0.0.1', () => socket.write(login));
    let length = 0;
    socket.on('data', (chunk) => {
      decoder.push(chunk, (frame) => {
        if (!(frame instanceof AmiMessage) || frame.type !== 'event') return;
        length += frame.name.length;
        if (readAll === 'all keys') {
          const headers = frame.headers();
          seen(headers.at(-1)?.[1]);
          return;
        }
        for (const key of keysOfDriver) length += frame.get(key)?.length ?? 0;
        seen(frame.get('Seq'));
      });
    });
    socket.once('close', () => {
      if (length === 0) process.exitCode = 1;
    });
    return () => socket.destroy();
  };

const { default: AsteriskManager } = await import('asterisk-manager');
const peer: Reader = (port, seen) => {
  const manager = new AsteriskManager(port, '127.0.0.1', 'u', 's', true);
  manager.on('managerevent', (event) => seen(event.seq as string));
  return () => manager.disconnect();
};

const readers: Readonly<Record<string, Reader>> = {
  floor,
  cordboard: cordboard('five keys'),
  'cordboard all keys': cordboard('all keys'),
  'asterisk-manager': peer,
};

function measure(reader: Reader, { port, count }: { port: number; count: number }): void {
  let got = 0;
  let outOfOrder = 0;
  const before = cpuUs();
  const close = reader(port, (seq) => {
    if (seq !== undefined && Number(seq) !== got) outOfOrder += 1;
    got += 1;
    if (got < count) return;
    const used = cpuUs() - before;
    close();
    tellParent({ type: 'measured', usPerEvent: used / count, outOfOrder });
  });
}

const reader = readers[process.argv[2] ?? ''];
if (!reader) throw new Error(`no contender is called ${process.argv[2]}`);
process.on('message', (message: { readonly port: number; readonly count: number }) => {
  measure(reader, message);
});
tellParent({ type: 'ready' });
