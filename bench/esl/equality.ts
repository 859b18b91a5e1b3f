// A process of its own: reads the recorded dialogues through one contender and compares every header with what was sent.
import { connectEsl } from '@cordboard/adapters-freeswitch/esl';
// A reader of the protocol that shares nothing with the decoder, and what bytes must become as text.
import { readAll } from '../../packages/adapters-freeswitch/test/oracle.js';
import { textOfBytes } from '../../packages/adapters-freeswitch/test/plain.js';
import { tellParent } from '../lib/child.js';
import { recordedEvents } from './recorded.js';

type Pair = readonly [name: string, value: string];

const [kind, port, format] = process.argv.slice(2);
const form = format === 'json' ? 'json' : 'plain';
const sent: readonly (readonly Pair[])[] = recordedEvents(form).flatMap(({ frame }) =>
  readAll(frame).map(({ inner }) => inner.map(([name, value]): Pair => [textOfBytes(name), textOfBytes(value)])),
);

let at = 0;
let equal = 0;
let told = false;
const tell = (crash?: string): void => {
  if (told) return;
  told = true;
  tellParent({ type: 'compared', share: equal / sent.length, equal, delivered: at, events: sent.length, crash });
};
const take = (same: boolean): void => {
  at += 1;
  if (same) equal += 1;
  if (at === sent.length) tell();
};
// A client that throws out of its socket's listener takes its process down: what it has handed on until then counts.
process.on('uncaughtException', (error) => tell(`${error.name}: ${error.message}`));

/** For clients that keep one value for a name: the values that it was sent with must all be there. */
function holdsEach(wanted: readonly Pair[], have: (name: string) => unknown): boolean {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of wanted) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].every(
    ([name, set]) => JSON.stringify([have(name)].flat().map(String).join('|:')) === JSON.stringify(asOne(set)),
  );
}

/** A list is one header to them, whichever way they hand it on. */
function asOne(values: ReadonlySet<string>): string {
  return [...values].map((value) => value.replace(/^ARRAY::/, '')).join('|:');
}

if (kind === 'cordboard') {
  const client = await connectEsl({ port: Number(port), password: 'ClueCon', format: form });
  client.on('*', (event) => {
    const wanted = sent[at] ?? [];
    let header = 0;
    let same = true;
    event.each((name, value) => {
      same &&= name === wanted[header]?.[0] && value === wanted[header]?.[1];
      header += 1;
    });
    take(same && header === wanted.length);
  });
  client.subscribe({ events: ['ALL'] }).catch(() => undefined);
} else {
  const { default: modesl } = await import('modesl');
  const connection = new modesl.Connection('127.0.0.1', Number(port), 'ClueCon', () => {
    connection.on('esl::event::**', (event) => {
      // Answers to what it asks come by the same way.
      if (told || /^(command\/reply|auth\/request)$/.test(String(event.getHeader('Content-Type')))) return;
      const value = (name: string): unknown => {
        const text = event.getHeader(name);
        return typeof text === 'string' ? text.replace(/^ARRAY::/, '') : text;
      };
      take(holdsEach(sent[at] ?? [], value));
    });
    connection.events(form, 'all', () => undefined);
  });
}
