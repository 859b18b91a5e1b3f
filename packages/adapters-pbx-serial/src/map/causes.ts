import type { Refusal, Release, ReleaseCause } from '@cordboard/cti-core';

const CAUSES: Readonly<Record<string, ReleaseCause>> = {
  normal: 'normalClearing',
  busy: 'busy',
  noanswer: 'noAnswer',
  rejected: 'rejected',
  failed: 'failure',
  transferred: 'transferred',
  abandoned: 'cancelled',
  cut: 'failure',
  barred: 'blocked',
};

/** The end of a connection. `unknown` for a word of a newer version. Source: docs/protocols/kts-1.md, 6, `end`. */
export function releaseOf(end: string): Release {
  return { cause: CAUSES[end] ?? 'unknown', native: { text: end.toUpperCase() } };
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  unknowntype: 'notSupported',
  unsupported: 'notSupported',
  badfield: 'invalid',
  range: 'invalid',
  wrongstate: 'conflict',
  busy: 'conflict',
  slottaken: 'conflict',
  slotempty: 'gone',
  nosession: 'linkLost',
};

/** Why the PBX did not begin a service; `rejected` for all that says no more than no. Source: docs/protocols/kts-1.md, 16. */
export function refusalOfCode(code: string): Refusal {
  return REFUSALS[code] ?? 'rejected';
}
