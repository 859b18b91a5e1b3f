import { describe, expect, it } from 'vitest';
import type { MessageOf } from '../wire/kts/index.js';
import { LinkRequests } from './pbx-requests.js';
import type { Answer, Asked } from './requests.js';

function bench() {
  const asked: Asked[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const requests = new LinkRequests({
    welcome: undefined,
    ask: (one) => {
      asked.push(one);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  return { asked, answers, requests };
}

describe('LinkRequests', () => {
  it('asks, and gives the answer', async () => {
    const { requests, answers, asked } = bench();
    const answer = requests.ask({ type: 'clockGet' }, { signal: new AbortController().signal });
    answers[0]?.({ type: 'clock', ref: 1, at: '2026-11-22T09:30:00' });
    expect(await answer).toMatchObject({ type: 'clock' });
    expect(asked).toEqual([{ type: 'clockGet' }]);
  });

  it('gives up by its signal, and asks nothing after it', async () => {
    const { requests, asked } = bench();
    const abort = new AbortController();
    const answer = requests.ask({ type: 'clockGet' }, { signal: abort.signal });
    abort.abort();
    await expect(answer).rejects.toMatchObject({ code: 'wait.aborted' });
    await expect(requests.ask({ type: 'clockGet' }, { signal: abort.signal })).rejects.toMatchObject({
      code: 'wait.aborted',
    });
    expect(asked).toHaveLength(1);
  });

  it('tells each listener of its type, until its end', () => {
    const { requests } = bench();
    const heard: string[] = [];
    const listener = ({ ext }: MessageOf<'hotelState'>): void => void heard.push(ext);
    const ends = [requests.on('hotelState', listener), requests.on('hotelState', listener)];
    requests.on('paramChanged', () => heard.push('param'));
    const message = { type: 'hotelState', hotelOp: 'dnd', ext: '801', on: true } as const;
    requests.deliver(message);
    expect(heard).toEqual(['801', '801']);
    for (const end of ends) {
      end();
      end();
    }
    requests.deliver(message);
    expect(heard).toEqual(['801', '801']);
  });
});
