// A process of its own for one contender: reads one WebSocket full of events and says what each cost.
import { decodeAriEvent } from '@cordboard/adapters-asterisk/ari';
import WebSocket from 'ws';
import { tellParent } from '../lib/child.js';
import { cpuUs } from '../lib/measure.js';

/** Reads events; `seen` gets each one's number, or `undefined` where the contender does not look inside. */
type Reader = (port: number, seen: (seq: unknown) => void) => Promise<() => void>;

const overWs =
  (read: (text: Buffer, seen: (seq: unknown) => void) => void): Reader =>
  (port, seen) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ari/events?app=cordboard`, { perMessageDeflate: false });
    socket.on('message', (data) => read(data as Buffer, seen));
    return Promise.resolve(() => socket.terminate());
  };

const readers: Readonly<Record<string, Reader>> = {
  ws: overWs((_data, seen) => seen(undefined)),
  'ws + JSON.parse': overWs((data, seen) => seen(JSON.parse(data.toString()).seq)),
  cordboard: overWs((data, seen) => {
    const event = decodeAriEvent(data.toString());
    if (event.type === 'unreadable' || event.type === 'unknown') throw new Error(`${event.type} event`);
    seen('seq' in event ? event.seq : undefined);
  }),
  'ari-client': async (port, seen) => {
    const { default: ari } = await import('ari-client');
    const client = await ari.connect(`http://127.0.0.1:${port}`, 'u', 's');
    client.on('*', (event) => seen(event.seq));
    // Its start-up reads documents over HTTP; that is not what is measured.
    started = cpuUs();
    await client.start('cordboard');
    return () => client.stop();
  },
};

let started = 0;

async function measure(reader: Reader, { port, count }: { port: number; count: number }): Promise<void> {
  let got = 0;
  let outOfOrder = 0;
  let whole: (() => void) | undefined;
  const complete = new Promise<void>((resolve) => {
    whole = resolve;
  });
  let used = 0;
  started = cpuUs();
  const close = await reader(port, (seq) => {
    if (seq !== undefined && seq !== got) outOfOrder += 1;
    got += 1;
    if (got !== count) return;
    used = cpuUs() - started;
    whole?.();
  });
  await complete;
  close();
  tellParent({ type: 'measured', usPerEvent: used / count, outOfOrder });
}

const reader = readers[process.argv[2] ?? ''];
if (!reader) throw new Error(`no contender is called ${process.argv[2]}`);
process.on('message', (message: { readonly port: number; readonly count: number }) => {
  measure(reader, message).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
tellParent({ type: 'ready' });
