import { afterEach, describe, expect, it, vi } from 'vitest';
import { RecordFlow } from '../../src/serial/kts/records.js';
import { Reliable } from '../../src/serial/kts/reliable.js';
import { KtsServices } from '../../src/serial/kts/services.js';
import { Billing } from '../../src/serial/pbx/billing.js';
import { Calls } from '../../src/serial/pbx/calls.js';
import { PbxCore } from '../../src/serial/pbx/core.js';
import { Incoming } from '../../src/serial/pbx/incoming.js';
import { Joining } from '../../src/serial/pbx/joining.js';
import { Outgoing } from '../../src/serial/pbx/outgoing.js';
import { Parameters } from '../../src/serial/pbx/parameters.js';
import { VirtualPbx } from '../../src/serial/pbx/pbx.js';
import { PbxClock } from '../../src/serial/pbx/pbx-clock.js';
import { Pipe } from '../../src/serial/port/pipe.js';
import { CALLS } from './checks/calls.js';
import { DETAILS } from './checks/details.js';
import { HOTEL } from './checks/hotel.js';
import { LINK } from './checks/link.js';
import { PARAMETERS } from './checks/parameters.js';
import { RECORDS } from './checks/records.js';

const CHECKS = [...LINK, ...CALLS, ...RECORDS, ...PARAMETERS, ...HOTEL, ...DETAILS];

/** A PBX with one thing wrong: `plant` breaks it, and one of the checks named in `by` must notice. */
interface Planted {
  readonly name: string;
  readonly by: string;
  plant(): void;
}

/** Puts something in the place of a method; `sound` is what was there. */
function replace<T extends object, K extends keyof T>(where: T, method: K, make: (sound: T[K]) => T[K]): void {
  const broken = make(where[method]);
  vi.spyOn(where as Record<K, () => unknown>, method as never).mockImplementation(broken as never);
}

const nothing = (): void => undefined;

const PLANTED: readonly Planted[] = [
  {
    name: 'delivers a repeated frame again',
    by: 'every frame once, although its acknowledgement is lost',
    plant: () =>
      replace(
        Reliable.prototype,
        'received',
        (sound) =>
          function (this: Reliable, number: number) {
            const verdict = sound.call(this, number);
            return verdict === 'known' ? 'deliver' : verdict;
          },
      ),
  },
  {
    name: 'refuses nothing',
    by: 'a gap is refused once for each number that is missing',
    plant: () => replace(Reliable.prototype, 'refuse', () => nothing),
  },
  {
    name: 'does not send again on NAK',
    by: 'sends no more than the window, and all of it again on NAK',
    plant: () => replace(Reliable.prototype, 'refused', () => nothing),
  },
  {
    name: 'takes no acknowledgement',
    by: 'HEARTBEAT after 5 s of silence, READY after 15 s',
    plant: () => replace(Reliable.prototype, 'acknowledge', () => nothing),
  },
  {
    name: 'puts acknowledgements at the end of what waits',
    by: 'acknowledgements go in front of what waits',
    plant: () =>
      replace(
        Pipe.prototype,
        'write',
        (sound) =>
          function (this: Pipe, bytes: Uint8Array, options = {}) {
            const { sent } = options;
            sound.call(this, bytes, sent === undefined ? {} : { sent });
          },
      ),
  },
  {
    name: 'tells states before a snapshot was asked for',
    by: 'no state before SNAPGET',
    plant: () =>
      replace(
        KtsServices.prototype,
        'tell',
        (sound) =>
          function (this: KtsServices, news) {
            if (news.type === 'line') this.deliver('SNAPGET', { one: { ref: 9_999 }, many: {} });
            sound.call(this, news);
          },
      ),
  },
  {
    name: 'answers a call after telling what followed from it',
    by: 'the answer comes before what follows from it',
    plant: () =>
      replace(
        VirtualPbx.prototype,
        'carryOut',
        (sound) =>
          function (this: VirtualPbx, request, told = nothing) {
            const result = sound.call(this, request);
            told(result);
            return result;
          },
      ),
  },
  {
    name: 'loses the id of the call with the line',
    by: 'consultation, joined: the call with the line keeps its id',
    plant: () =>
      replace(
        Calls.prototype,
        'merge',
        (sound) =>
          function (this: Calls, one, other) {
            const lines = one.lines.splice(0);
            const call = sound.call(this, other, { ...one, order: Number.POSITIVE_INFINITY, lines });
            return call;
          },
      ),
  },
  {
    name: 'lets the transferring one stay',
    by: 'transfer at once, unanswered, comes back and goes on',
    plant: () =>
      replace(
        Joining.prototype,
        'sendTo',
        () =>
          function (this: Joining, leg, target) {
            this.callIn(leg, target);
          },
      ),
  },
  {
    name: 'frees no slot',
    by: 'six slots, taken, empty, out of range',
    plant: () => replace(Calls.prototype, 'freeSlot', () => nothing),
  },
  {
    name: 'rings where nobody wants to be called',
    by: 'an inside call to a busy one, a silent one, one who wants no calls',
    plant: () =>
      replace(
        Calls.prototype,
        'isReachable',
        () =>
          function (this: Calls, ext) {
            return this.isFree(ext);
          },
      ),
  },
  {
    name: 'bars nobody',
    by: 'class of service bars, emergency numbers never',
    plant: () => replace(Outgoing.prototype, 'isBarred', () => () => false),
  },
  {
    name: 'bars emergency numbers too',
    by: 'class of service bars, emergency numbers never',
    plant: () =>
      replace(
        Outgoing.prototype,
        'isBarred',
        (sound) =>
          function (this: Outgoing, ext, number) {
            return sound.call(this, ext, `${number}0`);
          },
      ),
  },
  {
    name: 'has only day',
    by: 'ring assignment, delayed, by night, in turn, queued',
    plant: () => replace(PbxCore.prototype, 'period', () => () => 1),
  },
  {
    name: 'forwards nothing',
    by: 'a call is forwarded',
    plant: () => replace(Incoming.prototype, 'resolve', () => (ext) => ({ ext })),
  },
  {
    name: 'tells nothing of the others in a call',
    by: 'conference of two inside and one outside, down to two',
    plant: () => {
      replace(PbxCore.prototype, 'doubt', () => nothing);
      replace(PbxCore.prototype, 'touchCall', () => nothing);
    },
  },
  {
    name: 'counts hold as talk',
    by: 'hold counts as held, and ends nothing',
    plant: () => replace(Billing.prototype, 'hold', () => nothing),
  },
  {
    name: 'writes no part of who leaves a conference',
    by: 'a conference gives each extension a record',
    plant: () => replace(Billing.prototype, 'leave', () => nothing),
  },
  {
    name: 'opens a part for who takes a call back',
    by: 'a transfer that comes back goes on in the same part',
    plant: () =>
      replace(
        Billing.prototype,
        'connect',
        (sound) =>
          function (this: Billing, bill, ext, how) {
            const own = bill.stretches.find((stretch) => stretch.ext === ext);
            if (own !== undefined) this.leave(bill, ext, 'transferred');
            if (own !== undefined && bill.stretches.length === 1) bill.stretches.push({ ...own, part: own.part + 1 });
            sound.call(this, bill, ext, how);
          },
      ),
  },
  {
    name: 'forgets what ran when the power went',
    by: 'a loss of power cuts the calls that run, and skips or repeats no number',
    plant: () => replace(Billing.prototype, 'writeCut', () => nothing),
  },
  {
    name: 'forgets records when they have arrived, not when they are kept',
    by: 'no more than 32 beyond the last CDRACK, none forgotten before',
    plant: () => {
      let pbx: VirtualPbx | undefined;
      replace(
        VirtualPbx.prototype,
        'powerOn',
        (sound) =>
          function (this: VirtualPbx) {
            pbx = this;
            sound.call(this);
          },
      );
      replace(
        KtsServices.prototype,
        'acknowledged',
        (sound) =>
          function (this: KtsServices, messages) {
            sound.call(this, messages);
            for (const { one } of messages) if (one?.record !== undefined) pbx?.forgetRecords(Number(one.record));
          },
      );
    },
  },
  {
    name: 'believes every store',
    by: 'BADSTORE for another store and for a number that was not sent',
    plant: () =>
      replace(
        RecordFlow.prototype,
        'acknowledge',
        (sound) =>
          function (this: RecordFlow, _store, record) {
            sound.call(this, 99, record);
          },
      ),
  },
  {
    name: 'does not say that records were lost',
    by: 'a full memory writes over the oldest and says so',
    plant: () => replace(RecordFlow.prototype, 'lost', () => nothing),
  },
  {
    name: 'takes every value',
    by: 'SET takes or refuses each value by itself, and what is taken outlives the power',
    plant: () => replace(Parameters.prototype, 'set', () => () => 'ok'),
  },
  {
    name: 'shows secrets',
    by: 'secrets are read with the password only',
    plant: () => replace(Parameters.prototype, 'isSecret', () => () => false),
  },
  {
    name: 'has a clock that does not drift',
    by: 'the clock is set, told, and drifts',
    plant: () => replace(PbxClock.prototype, 'aheadMs', () => () => 0),
  },
  {
    name: 'tells what a SET changes in front of its answer',
    by: 'what follows from SET and HOTEL is told behind their RESULT',
    plant: () => replace(VirtualPbx.prototype, 'together', () => (work) => work()),
  },
  {
    name: 'tells EXT although nothing has changed',
    by: 'EXT is told for a change alone',
    plant: () => replace(PbxCore.prototype, 'begin', () => nothing),
  },
  {
    name: 'has forgotten who calls when it is asked again',
    by: 'a snapshot tells the callers again',
    plant: () => replace(VirtualPbx.prototype, 'callers', () => () => []),
  },
];

afterEach(() => vi.restoreAllMocks());

describe('a PBX with something wrong is found out', () => {
  it.each(PLANTED.map((planted) => [planted.name, planted] as const))('%s', (_, planted) => {
    const check = CHECKS.find(({ name }) => name === planted.by);
    expect(check).toBeDefined();
    check?.run('kts-bin/1');
    planted.plant();
    expect(() => check?.run('kts-bin/1')).toThrow();
  });
});
