import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { Bundle } from '../streams/bundle.js';
import { textFrame } from '../streams/frame.js';
import type { Outlet } from '../streams/hub.js';
import { Outbox } from './outbox.js';

function begin() {
  const writes: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      writes.push(chunk.toString('latin1'));
      done();
    },
  });
  const due: Outlet[] = [];
  const bundle = (text: string) => new Bundle(Buffer.from(text));
  return { outbox: new Outbox(socket), writes, due, bundle, socket };
}

test('what was gathered leaves in one write and in order, before anything that is sent after it', () => {
  const { outbox, writes, due, bundle } = begin();
  outbox.take(bundle('1'), due);
  outbox.take(bundle('2'), due);
  expect([writes, due]).toEqual([[], [outbox]]);
  outbox.send('three');
  outbox.take(bundle('4'), due);
  outbox.write([Buffer.from('5'), Buffer.from('6')]);
  expect(writes).toEqual(['12', textFrame('three').toString('latin1'), '4', '5', '6']);
  outbox.release();
  outbox.release();
  expect(writes).toHaveLength(5);
  outbox.take(bundle('7'), due);
  expect(due).toHaveLength(3);
  for (const one of due) one.release();
  expect(writes.slice(5)).toEqual(['7']);
});

test('more than 64 KiB leave in several writes, whole frames each', () => {
  const { outbox, writes, due, bundle } = begin();
  for (const name of ['a', 'b', 'c']) outbox.take(bundle(name.repeat(30_000)), due);
  outbox.release();
  expect(writes.map((text) => [text.length, text[0], text.at(-1)])).toEqual([
    [60_000, 'a', 'b'],
    [30_000, 'c', 'c'],
  ]);
});

test('nothing is written to a socket that is gone', () => {
  const { outbox, writes, due, bundle, socket } = begin();
  outbox.take(bundle('1'), due);
  socket.destroy();
  outbox.send('2');
  outbox.write([Buffer.from('3')]);
  expect(writes).toEqual([]);
});
