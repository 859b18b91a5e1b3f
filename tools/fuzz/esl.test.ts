import { afterEach, expect, it } from 'vitest';
import { Maps } from '../../packages/adapters-freeswitch/test/recorded.js';
import { eslSubject } from './esl.js';

type Model = { apply: (event: unknown) => unknown; add: (leg: object) => void };
const prototype = Object.getPrototypeOf(new Maps().model) as Model;
const { apply } = prototype;

afterEach(() => {
  prototype.apply = apply;
});

/** What is wrong with each good input of the corpus, once through. */
function faults(): (string | undefined)[] {
  const subject = eslSubject();
  // Fewer than it takes for a story, which has a bound of its own.
  return subject.corpus.slice(0, 20).map((input) => subject.feed(input, () => 0.5).fault);
}

it('finds nothing wrong with good frames', () => {
  expect(faults().filter((fault) => fault !== undefined)).toEqual([]);
});

it('finds a map that holds more channels than an event can speak of', () => {
  let made = 0;
  prototype.apply = function keeping(this: Model, event) {
    for (let n = 0; n < 5; n++) {
      made += 1;
      this.add({ id: `kept-${made}`, connectionId: `main~kept-${made}`, place: { kind: 'alone' } });
    }
    return apply.call(this, event);
  };
  expect(faults().filter((fault) => fault?.startsWith('the maps hold'))).not.toEqual([]);
});
