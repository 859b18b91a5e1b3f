import { afterEach, expect, it } from 'vitest';
import { V253Decoder } from '../../packages/adapters-usbbox/src/wire/v253/decoder.js';
import { v253Subject } from './v253.js';

const { prototype } = V253Decoder;
const { push } = prototype;

afterEach(() => {
  prototype.push = push;
});

/** What is wrong with each good input of the corpus, once through. */
function faults(): string[] {
  const subject = v253Subject();
  return subject.corpus.flatMap((input) => subject.feed(input, () => 0.5).fault ?? []);
}

it('finds nothing wrong with good streams', () => {
  expect(faults()).toEqual([]);
});

it('finds a decoder that forgets at the end of a piece', () => {
  prototype.push = function forgetting(this: V253Decoder, bytes) {
    push.call(this, bytes);
    this.toText();
  };
  expect(faults()).toContain('reads otherwise in pieces');
});
