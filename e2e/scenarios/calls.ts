import type { Cdr } from '@cordboard/cti-core';
import { Cable } from '../lab/cable.js';
import { cameBy, hasCall, inState, isNow, mayJoin, must, oneCdr, own } from '../lab/floor.js';
import { type FloorOptions, SUPPORT_NUMBER } from '../lab/floor-config.js';
import { ServerFloor } from '../lab/server-floor.js';
import { CUSTOMER, hearEachOther, lost, MUSIC, offered, seat, talkWith } from '../lab/talk.js';
import { TONE } from '../lab/tone-plan.js';
import { until } from '../lab/wait.js';
import type { Scenario, ScenarioLab } from '../scenario.js';

const needs = ['switch', 'sipp', 'baresip'] as const;
/** Rings out in scenarios about that; long enough for a phone that is to answer in it. */
const RING_OUT = '6s';

interface Opened {
  readonly floor: ServerFloor;
  /** The cable to the switch. */
  readonly cable: Cable;
}

async function open(lab: ScenarioLab, options: Partial<FloorOptions> = {}): Promise<Opened> {
  const pbx = await lab.switch();
  const cable = lab.keep(await Cable.to(pbx.port));
  const floor = lab.keep(await ServerFloor.open({ link: pbx.link(cable.port), ...options }));
  lab.onFailure('server.txt', () => floor.log());
  lab.tells(() => floor.told());
  return { floor, cable };
}

function expectCdr(cdr: Cdr, want: Partial<Cdr>): string {
  for (const [key, value] of Object.entries(want)) {
    const have = JSON.stringify(cdr[key as keyof Cdr]);
    if (have !== JSON.stringify(value)) throw new Error(`cdr.${key} is ${have}, not ${JSON.stringify(value)}`);
  }
  return cdr.segments.map((part) => part.kind).join(' ');
}

function transferOf(cdr: Cdr): string {
  return cdr.transfers.map((one) => `${one.kind} ${one.by} ${one.outcome}`).join(', ');
}

/** Ends a talk at the caller and checks that one record remains. */
async function endAndRead(floor: ServerFloor, caller: { hangUp(): Promise<unknown> }): Promise<Cdr> {
  await caller.hangUp();
  const cdr = await oneCdr(floor);
  await over(floor);
  same('faults of streams', floor.faults(), []);
  return cdr;
}

/** Resolves when no call lives on: the record is written when its caller has gone, whoever else may still be laying down. */
async function over(floor: ServerFloor): Promise<void> {
  let living = 0;
  const none = async (): Promise<boolean> => {
    living = await floor.liveCalls();
    return living === 0;
  };
  await until(none, { what: 'no call to live on', everyMs: 50, seen: () => living });
}

function same(what: string, have: unknown, want: unknown): void {
  if (JSON.stringify(have) !== JSON.stringify(want)) {
    throw new Error(`${what}: ${JSON.stringify(have)} instead of ${JSON.stringify(want)}`);
  }
}

/** The everyday calls of a floor. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'call: the caller gives up in the queue',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
      await caller.hearing.hears(MUSIC);
      await until(async () => (await floor.queue('support'))?.waitingCount === 1, { what: 'one to wait' });
      const cdr = await endAndRead(floor, caller);
      return expectCdr(cdr, {
        outcome: 'abandoned',
        endedBy: 'caller',
        endedAt: { kind: 'queue', queue: 'support' as never },
      });
    },
  },
  {
    name: 'call: an agent who does not answer, the next is offered',
    needs,
    async run(lab) {
      const { floor } = await open(lab, { ringTimeout: RING_OUT });
      const ann = await seat(lab, floor, { name: 'ann' });
      const bob = await seat(lab, floor, { name: 'bob' });
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
      await ann.phone.rings();
      await bob.phone.rings();
      await bob.phone.answer();
      // Two phones tell of their own, each when it gets to it.
      await until(() => !ann.phone.ringing, { what: "ann's phone to be silent" });
      same('what ann answered', ann.phone.calls.length, 0);
      await hearEachOther(caller, bob);
      const first = await isNow(ann.desk, 'notReady');
      same('reason', first.reason, 'ringNoAnswer');
      const cdr = await endAndRead(floor, caller);
      return expectCdr(cdr, { outcome: 'answered', agents: ['bob' as never] });
    },
  },
  {
    name: 'call: blind transfer to an extension',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const plain = await lab.phone({ extension: '8005' });
      const { caller, call } = await talkWith(lab, ann);
      await must(ann.desk, { type: 'call.transfer', callId: call.callId, to: '8005' });
      await lost(ann.desk, call.callId);
      await plain.rings();
      await caller.hearing.hears(MUSIC);
      await plain.answer();
      await Promise.all([caller.hearing.hears([TONE['8005']]), plain.hears.hears([TONE.caller1])]);
      const cdr = await endAndRead(floor, caller);
      same('transfers', transferOf(cdr), 'blind ann done');
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
    },
  },
  {
    name: 'call: blind transfer to a queue',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const cat = await seat(lab, floor, { name: 'cat' });
      const { caller, call } = await talkWith(lab, ann);
      await must(ann.desk, { type: 'call.transfer', callId: call.callId, to: 'queue:sales', note: 'wants a quote' });
      await cat.phone.rings();
      same('note', (await offered(cat.desk, call.callId)).data.note, 'wants a quote');
      await cat.phone.answer();
      await hearEachOther(caller, cat);
      const cdr = await endAndRead(floor, caller);
      same('transfers', transferOf(cdr), 'blind ann done');
      return expectCdr(cdr, { callId: call.callId, agents: ['ann', 'cat'] as never });
    },
  },
  ...(['busy', 'unknown'] as const).map(
    (kind): Scenario => ({
      name: `call: blind transfer to ${kind === 'busy' ? 'a busy phone' : 'an unknown number'}, back to the transferor`,
      needs,
      async run(lab) {
        const { floor } = await open(lab);
        const ann = await seat(lab, floor, { name: 'ann' });
        const plain = await lab.phone({ extension: '8005' });
        const { caller, call } = await talkWith(lab, ann);
        const since = ann.phone.mark;
        await must(ann.desk, { type: 'call.transfer', callId: call.callId, to: kind === 'busy' ? '8005' : '8066' });
        if (kind === 'busy') {
          await plain.rings();
          await plain.reject();
        }
        await ann.phone.rings({ since });
        // The phone rings for the transfer that failed, not because the queue gave her the call once more.
        same('callers in the queue', (await floor.queue('support'))?.waitingCount, 0);
        await ann.phone.answer();
        await hearEachOther(caller, ann);
        const cdr = await endAndRead(floor, caller);
        same('transfers', transferOf(cdr), 'blind ann failed');
        const afterwards = cdr.segments.slice(cdr.segments.findIndex((part) => part.kind === 'transferring'));
        same('stays in the queue after it', afterwards.filter((part) => part.kind === 'queue').length, 0);
        return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
      },
    }),
  ),
  {
    name: 'call: blind transfer fails, the transferor does not answer, back to the queue',
    needs,
    async run(lab) {
      const { floor } = await open(lab, { ringTimeout: RING_OUT });
      const ann = await seat(lab, floor, { name: 'ann' });
      const { caller, call } = await talkWith(lab, ann);
      const since = ann.phone.mark;
      await must(ann.desk, { type: 'call.transfer', callId: call.callId, to: '8066' });
      await ann.phone.rings({ since });
      same('callers in the queue', (await floor.queue('support'))?.waitingCount, 0);
      await caller.hearing.hears(MUSIC);
      await ann.phone.closed({ since });
      await until(async () => (await floor.queue('support'))?.waiting[0]?.callId === call.callId, {
        what: 'the caller to wait again',
      });
      const bob = await seat(lab, floor, { name: 'bob' });
      await bob.phone.rings();
      await bob.phone.answer();
      await hearEachOther(caller, bob);
      const cdr = await endAndRead(floor, caller);
      same('transfers', transferOf(cdr), 'blind ann failed');
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
    },
  },
  {
    name: 'call: three-way',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const bob = await seat(lab, floor, { name: 'bob', state: 'loggedOn' });
      const { caller, call } = await talkWith(lab, ann);
      await must(ann.desk, { type: 'call.consult', callId: call.callId, to: '8002' });
      await bob.phone.rings();
      await caller.hearing.hears(MUSIC);
      await bob.phone.answer();
      await Promise.all([ann.phone.hears.hears([bob.voice]), bob.phone.hears.hears([ann.voice])]);
      // Who talks hears so from the switch, before the server may have heard of it.
      await mayJoin(ann.desk, call.callId);
      await must(ann.desk, { type: 'call.conference', callId: call.callId });
      await hearEachOther(caller, ann, bob);
      // Who set it up may leave; the others talk on.
      await must(ann.desk, { type: 'call.clear', callId: call.callId });
      await hearEachOther(caller, bob);
      const cdr = await endAndRead(floor, caller);
      same('merged', cdr.merged.length, 1);
      return expectCdr(cdr, { callId: call.callId, agents: ['ann', 'bob'] as never });
    },
  },
  {
    name: 'call: held with the keys of the phone',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const { caller, call } = await talkWith(lab, ann);
      await ann.phone.hold();
      const held = await inState(ann.desk, 'held');
      same('held by', own(ann.desk, held)?.heldBy, 'device');
      await caller.hearing.hears(MUSIC);
      await ann.phone.resume();
      await inState(ann.desk, 'connected');
      await hearEachOther(caller, ann);
      const cdr = await endAndRead(floor, caller);
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
    },
  },
  {
    name: 'call: REFER sent by the phone',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const plain = await lab.phone({ extension: '8005' });
      const { caller, call } = await talkWith(lab, ann);
      same('answer to REFER', await ann.phone.transfer('8005'), 202);
      await plain.rings();
      await plain.answer();
      await Promise.all([caller.hearing.hears([TONE['8005']]), plain.hears.hears([TONE.caller1])]);
      await lost(ann.desk, call.callId);
      const cdr = await endAndRead(floor, caller);
      same('transfers', transferOf(cdr), 'blind ann done');
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
    },
  },
  {
    name: 'call: REFER with Replaces sent by the phone',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const plain = await lab.phone({ extension: '8005' });
      const { caller, call } = await talkWith(lab, ann);
      const [held] = ann.phone.calls;
      const since = ann.phone.mark;
      await ann.phone.hold();
      await ann.phone.dial('8005');
      await plain.rings();
      await caller.hearing.hears(MUSIC);
      await plain.answer();
      const consult = await ann.phone.talks({ since });
      await Promise.all([ann.phone.hearsIn(consult).hears([TONE['8005']]), plain.hears.hears([ann.voice])]);
      if (held === undefined) throw new Error('no held call at the phone');
      same('answer to REFER', await ann.phone.transferTo(held, consult), 202);
      await Promise.all([caller.hearing.hears([TONE['8005']]), plain.hears.hears([TONE.caller1])]);
      const cdr = await endAndRead(floor, caller);
      same('transfers', transferOf(cdr), 'attended ann done');
      same('merged', cdr.merged.length, 1);
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered' });
    },
  },
  {
    name: 'call: the socket to the switch is cut while it lives',
    needs,
    async run(lab) {
      const { floor, cable } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const { caller, call } = await talkWith(lab, ann);
      cable.cut();
      await hasCall(ann.desk, (one) => own(ann.desk, one) !== undefined, { what: 'the call all the same' });
      await hearEachOther(caller, ann);
      cable.mend();
      await until(() => ann.desk.told.some((event) => event.type === 'call' && event.change === 'resumed'), {
        what: 'the call to be told resumed',
        seen: () => ann.desk.told.map((event) => (event.type === 'call' ? event.change : event.type)),
      });
      await until(async () => (await ann.desk.command({ type: 'call.hold', callId: call.callId })).outcome === 'done', {
        what: 'hold to work again',
        everyMs: 100,
        seen: () => floor.told(),
      });
      await caller.hearing.hears(MUSIC);
      await must(ann.desk, { type: 'call.retrieve', callId: call.callId });
      await hearEachOther(caller, ann);
      const cdr = await endAndRead(floor, caller);
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered', endedBy: 'caller' });
    },
  },
  {
    name: 'call: the switch restarts in the middle',
    needs: [...needs, 'restart'],
    async run(lab) {
      const { floor, cable } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const { call } = await talkWith(lab, ann);
      // Cut first: an orderly restart would still tell the end of each channel.
      cable.cut();
      await (await lab.switch()).crash();
      cable.mend();
      const cdr = await oneCdr(floor);
      same('bounds', cdr.lostBetweenWallMs?.length, 2);
      await lost(ann.desk, call.callId);
      await cameBy(ann.desk, 'busy', 'workingAfterCall', 'ready');
      return expectCdr(cdr, { callId: call.callId, outcome: 'lostInOutage', cause: 'lostInOutage' });
    },
  },
  {
    name: 'call: supervised, and recorded from its first word to its last',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const sue = await floor.desk('sue');
      const phone = await lab.deskPhone({ extension: '8003' });
      await must(sue, { type: 'agent.logOn' });
      const { caller, call } = await talkWith(lab, ann);
      const supervise = (mode: 'listen' | 'whisper' | 'barge'): Promise<unknown> =>
        must(sue, { type: 'supervise.monitor', callId: call.callId, agentId: 'ann' as never, mode });
      const lifted = async (): Promise<void> => {
        await phone.rings();
        await phone.answer();
      };
      await Promise.all([supervise('listen'), lifted()]);
      await phone.hears.hears([TONE.caller1, ann.voice]);
      await hearEachOther(caller, ann);
      await supervise('whisper');
      await Promise.all([caller.hearing.hears([ann.voice]), ann.phone.hears.hears([TONE.caller1, TONE['8003']])]);
      await supervise('barge');
      await Promise.all([
        caller.hearing.hears([ann.voice, TONE['8003']]),
        ann.phone.hears.hears([TONE.caller1, TONE['8003']]),
        phone.hears.hears([TONE.caller1, ann.voice]),
      ]);
      const cdr = await endAndRead(floor, caller);
      await Promise.all([phone.closed(), ann.phone.closed()]);
      await cameBy(ann.desk, 'busy', 'workingAfterCall', 'ready');
      const files = await until(
        async () => {
          const all = await floor.recordings();
          return all.length > 0 && all.every((one) => one.state === 'done') ? all : undefined;
        },
        { what: 'finished recordings', everyMs: 100, seen: () => floor.log().slice(-800) },
      );
      same('recordings', files.length, 1);
      let status = 0;
      const file = await until(
        async () => {
          const answer = await floor.raw(`/v1/recordings/${files[0]?.recordingId}/files/0`);
          status = answer.status;
          return status === 200 ? answer : undefined;
        },
        { what: 'the file of the recording', everyMs: 100, seen: () => status },
      );
      same('begin of the file', Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 4), 'RIFF');
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered', endedBy: 'caller' });
    },
  },
  {
    name: 'call: the server is killed and started again while it lives',
    needs,
    async run(lab) {
      const { floor } = await open(lab);
      const ann = await seat(lab, floor, { name: 'ann' });
      const { caller, call } = await talkWith(lab, ann);
      const rung = (): number => ann.phone.events.filter(({ type }) => type === 'CALL_INCOMING').length;
      const before = rung();
      await floor.kill();
      await hearEachOther(caller, ann);
      await floor.start();
      await until(async () => (await ann.desk.command({ type: 'call.hold', callId: call.callId })).outcome === 'done', {
        what: 'hold to work again',
        everyMs: 100,
        seen: () => floor.told(),
      });
      await caller.hearing.hears(MUSIC);
      await must(ann.desk, { type: 'call.retrieve', callId: call.callId });
      await hearEachOther(caller, ann);
      same('how often the phone rang', rung(), before);
      const cdr = await endAndRead(floor, caller);
      return expectCdr(cdr, { callId: call.callId, outcome: 'answered', endedBy: 'caller' });
    },
  },
];
