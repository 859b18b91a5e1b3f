import type { RandomStream } from '../random.js';

/**
 * Orders in which the recorded dialogues show the same things happening; each names recordings that show it (numbers as in the list of
 * recordings, `md` a point of the measured notes). Within one channel the order of CREATE, ANSWER, BRIDGE, HANGUP, HANGUP_COMPLETE, DESTROY never varies.
 */
export const ESL_ORDERS = {
  job: [
    { id: 'job.beforeExecute', share: 5, seen: '14, 15: the result, then the application' },
    { id: 'job.afterExecute', share: 3, seen: '09, 10, 43: the application has begun' },
  ],
  apiEvent: [
    {
      id: 'api.afterEvents',
      share: 5,
      seen: '09: API of uuid_kill behind CHANNEL_HANGUP, its number before it (md 28)',
    },
    { id: 'api.prompt', share: 3, seen: '24: API before its job' },
  ],
  updates: [
    { id: 'updates.aFirst', share: 5, seen: '09, 14, 43' },
    { id: 'updates.bFirst', share: 5, seen: '10, 13, 14' },
  ],
  unpark: [
    { id: 'unpark.bFirst', share: 5, seen: '43: B leaves its park first' },
    { id: 'unpark.aFirst', share: 3, seen: '43: after a transfer of both' },
  ],
  hangupTail: [
    { id: 'tail.interleaved', share: 5, seen: '09, 43: the legs end side by side' },
    { id: 'tail.partnerDone', share: 4, seen: '10, 15, 18: B has reported before A leaves the bridge' },
  ],
  hangupAll: [
    { id: 'all.aFirst', share: 5, seen: '14: first leg first' },
    { id: 'all.bFirst', share: 5, seen: '11, 43' },
  ],
} as const satisfies Record<string, readonly { readonly id: string; readonly share: number; readonly seen: string }[]>;

/** A situation in which orders vary. */
export type EslOrderGroup = keyof typeof ESL_ORDERS;
/** One order of things. */
export type EslOrder<G extends EslOrderGroup = EslOrderGroup> = (typeof ESL_ORDERS)[G][number]['id'];

/** Draws one order of a group by its shares; `plain` is always the first. */
export function drawEslOrder<G extends EslOrderGroup>(
  group: G,
  random: RandomStream,
  mode: 'drawn' | 'plain',
): EslOrder<G> {
  const variants: readonly { readonly id: EslOrder<G>; readonly share: number }[] = ESL_ORDERS[group];
  const [first] = variants;
  if (first === undefined) throw new RangeError('a group without orders');
  if (mode === 'plain') return first.id;
  let left = random.next() * variants.reduce((sum, { share }) => sum + share, 0);
  for (const { id, share } of variants) {
    left -= share;
    if (left < 0) return id;
  }
  return first.id;
}
