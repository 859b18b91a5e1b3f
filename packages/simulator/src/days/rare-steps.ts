import { type RandomStream, randomStream } from '../random.js';
import { act, answers, caller, ordersWith, rush } from './callers.js';
import type { Act, AgentStep, FaultStep, Step } from './day.js';
import { DAY_AGENTS, DAY_NUMBERS, NEVER_RECORDED } from './day-floor.js';

/**
 * What few days have and none may lack among some hundred: each kind draws from a stream of its own, so that a new one leaves all
 * other days as they are.
 */
export function rareSteps(seed: number, untilMs: number): Step[] {
  return Object.entries(KINDS).flatMap(([name, { chance, make }]) => {
    const random = randomStream(seed, `rare:${name}`);
    return random.chance(chance) ? make(random, random.int(20_000, untilMs)) : [];
  });
}

interface Kind {
  readonly chance: number;
  readonly make: (random: RandomStream, atMs: number) => Step[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  /** The queue of the desk is taken out of the configuration while callers wait in it. */
  deskDropped: {
    chance: 0.35,
    make: (random, atMs) => [
      ...rush(random, { atMs, to: DAY_NUMBERS.desk, calls: random.int(2, 5) }),
      {
        atMs: atMs + random.int(500, 14_000),
        do: 'config',
        what: 'dropDesk',
        forMs: random.int(2_000, 60_000),
        maxCallMs: 0,
      },
    ],
  },
  /** Calls may last some seconds only: they end while they wait, ring or talk. */
  shortCalls: {
    chance: 0.25,
    make: (random, atMs) => [
      {
        atMs: atMs - 1_000,
        do: 'config',
        what: 'shortCalls',
        forMs: random.int(5_000, 40_000),
        maxCallMs: random.int(4_000, 20_000),
      },
      ...rush(random, { atMs, to: DAY_NUMBERS.desk, calls: random.int(2, 4) }),
    ],
  },
  /** More callers than a queue takes: its overflow has room. */
  rush: {
    chance: 0.2,
    make: (random, atMs) => rush(random, { atMs, to: DAY_NUMBERS.support, calls: random.int(8, 13) }),
  },
  /** Sent back into the flow from whose queue the call came, or into it and back. */
  backToFlow: {
    chance: 0.35,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: DAY_NUMBERS.menu,
        presses: [{ digits: random.pick(['1', '2']), afterMs: random.int(500, 6_000) }],
        service: [act(random, { act: 'transfer', to: 'ivr:front' })],
      }),
    ],
  },
  toFrontAndBack: {
    chance: 0.3,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
        service: [act(random, { act: 'toFlow', flow: 'front' })],
      }),
    ],
  },
  /** A queue is asked, and the agent goes back and forth while it waits. */
  consultQueue: {
    chance: 0.3,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: DAY_NUMBERS.sales,
        service: [
          act(random, { act: 'consult', to: random.pick(['queue:support', 'queue:desk']) }),
          act(random, { act: 'alternate' }),
          act(random, { act: 'alternate' }),
          act(random, { act: random.pick(['cancelConsult', 'completeTransfer', 'phoneHangUp'] as const) }),
        ],
      }),
    ],
  },
  /** A phone takes the place of one who consults or holds: in the talk, with the caller waiting, on one line of two, or in a call of three. */
  placeTaken: {
    chance: 0.35,
    make: (random, atMs) => {
      const consult = act(random, { act: 'consult', to: random.pick(['8051', 'agent:dee', '13800002222']) });
      const pickUp: Act = { afterMs: random.int(4_000, 9_000), act: 'phonePickUp', by: random.pick(['8053', '8004']) };
      const ways: readonly Act[][] = [
        [consult, pickUp],
        [consult, act(random, { act: 'alternate' }), pickUp],
        [consult, pickUp, { afterMs: random.int(0, 60), act: random.pick(['completeTransfer', 'cancelConsult']) }],
        [consult, { afterMs: random.int(4_000, 9_000), act: 'conference' }, act(random, pickUp)],
        [act(random, { act: 'hold' }), pickUp],
        [act(random, { act: 'phoneConsult', to: '8051' }), pickUp, act(random, { act: 'phoneRetrieve' })],
      ];
      return [caller(random, { atMs, to: DAY_NUMBERS.sales, service: random.pick(ways) })];
    },
  },
  /** A phone waits in a queue and is put on hold there. */
  heldInQueue: {
    chance: 0.3,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: DAY_NUMBERS.sales,
        service: [
          act(random, { act: 'phoneConsult', to: DAY_NUMBERS.support }),
          act(random, { act: 'phoneHold' }),
          act(random, { act: 'phoneRetrieve' }),
          act(random, { act: 'phoneHangUp' }),
        ],
      }),
    ],
  },
  /** The files of a recording are lost while it is paused. */
  recordingLost: {
    chance: 0.3,
    make: (random, atMs) => [
      { atMs: atMs - 1_000, do: 'fault', fault: { kind: 'recordingLost', afterMs: random.int(50, 2_000) } },
      caller(random, {
        atMs,
        to: DAY_NUMBERS.sales,
        service: [
          act(random, { act: 'pauseRecording' }),
          act(random, { act: 'resumeRecording' }),
          act(random, { act: 'clear' }),
        ],
      }),
    ],
  },
  /** A recording is to pause before the switch has told that it began. */
  pausedAtOnce: {
    chance: 0.6,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
        service: [
          act(random, { act: 'stopRecording' }),
          act(random, { act: 'startRecording' }),
          { afterMs: random.int(0, 12), act: 'pauseRecording' },
          act(random, { act: 'clear' }),
        ],
      }),
    ],
  },
  /** One whose phone rings calls somebody by the second line. */
  secondLine: {
    chance: 0.3,
    make: (random, atMs) => [
      {
        ...caller(random, { atMs, to: DAY_NUMBERS.support, service: [act(random, { act: 'clear' })] }),
        meanwhile: { afterMs: random.int(100, 3_000), to: '8051' },
      },
    ],
  },
  /** A caller who was muted goes to somebody else. */
  mutedAway: {
    chance: 0.3,
    make: (random, atMs) => [
      caller(random, {
        atMs,
        to: DAY_NUMBERS.sales,
        service: [
          act(random, { act: 'muteCaller' }),
          act(random, { act: 'transfer', to: random.pick(['8051', 'queue:support', 'agent:dee']) }),
        ],
      }),
    ],
  },
  /** Sent to somebody who does not answer by one whose phone does not either: back to the queue. */
  nobodyTakes: {
    chance: 0.3,
    make: (random, atMs) => [
      {
        ...caller(random, {
          atMs,
          to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
          service: [act(random, { act: 'transfer', to: random.pick(['8060', '8099']) })],
        }),
        offers: [answers(random), { does: 'ignore' }, answers(random)],
      },
    ],
  },
  /** The switch joins a caller with nobody for a while, or does not take them out of a bridge. */
  unjoined: {
    chance: 0.3,
    make: (random, atMs) => [
      ...Array.from(
        { length: random.pick([2, 3, 3, 4, 6, 9]) },
        (): FaultStep => ({
          atMs: atMs - 1_000,
          do: 'fault',
          fault: { kind: 'commandRefused', command: 'bridge', code: random.pick(['rejected', 'conflict'] as const) },
        }),
      ),
      caller(random, {
        atMs,
        to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
        service: [act(random, { act: 'hold' }), act(random, { act: 'retrieve' }), act(random, { act: 'clear' })],
      }),
    ],
  },
  /** Agents who are ready and will not be disturbed for a while, and callers who wait for them. */
  notDisturbed: {
    chance: 0.35,
    make: (random, atMs) => [
      ...DAY_AGENTS.filter(() => random.chance(0.5)).flatMap((agent): AgentStep[] => [
        { atMs: atMs - 1_000 + random.int(0, 3_000), do: 'agent', agent, wish: 'doNotDisturb' },
        { atMs: atMs + random.int(4_000, 40_000), do: 'agent', agent, wish: 'disturb' },
      ]),
      ...rush(random, { atMs, to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.desk]), calls: random.int(2, 4) }),
    ],
  },
  /** One whose number is never recorded comes into a call that is being recorded. */
  neverJoins: {
    chance: 0.35,
    make: (random, atMs) => {
      const to = NEVER_RECORDED.called;
      const consult = act(random, { act: 'consult', to });
      const ways: readonly Act[][] = [
        [consult, { afterMs: random.int(4_000, 8_000), act: 'completeTransfer' }],
        [consult, { afterMs: random.int(4_000, 8_000), act: 'conference' }, act(random, { act: 'startRecording' })],
        [act(random, { act: 'addParty', to })],
        [act(random, { act: 'transfer', to })],
      ];
      return [caller(random, { atMs, to: DAY_NUMBERS.sales, service: random.pick(ways) })];
    },
  },
  /** The talk is over before the supervisor who wants to watch it has lifted the phone. */
  watchedTooLate: {
    chance: 0.3,
    make: (random, atMs) => [
      {
        ...caller(random, {
          atMs,
          to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
          service: [
            {
              afterMs: random.int(200, 700),
              act: 'monitor',
              mode: random.pick(['listen', 'whisper', 'barge'] as const),
            },
          ],
        }),
        talkMs: random.int(500, 1_000),
      },
    ],
  },
  /** A flow asks, and the answer comes soon, late or never; the server dies while it is awaited. */
  asked: {
    chance: 0.6,
    make: (random, atMs) =>
      ordersWith(random, {
        atMs,
        // Asked again when nobody has answered: an answer to the first question may come while the second one waits for its own.
        keys: random.chance(0.6) ? ['1', '1'] : ['1'],
        pauseMs: 16_000,
        dies: ['lookup', 'digit', 'playbackFinished', 'timer'],
      }),
  },
  /** A caller leaves a message, hears it, throws it away or not, or hangs up in the middle. */
  spoken: {
    chance: 0.6,
    make: (random, atMs) =>
      ordersWith(random, {
        atMs,
        keys: ['2', random.pick(['#', '*', '7#', '#2#', '#2', '##3']), random.pick(['1', '2', '3', ''])],
        dies: ['recordingStarted', 'recordingFinished', 'digit', 'playbackFinished', 'reply'],
      }),
  },
  /** The phones of a group ring, all at once or one after the other. */
  groupRung: {
    chance: 0.6,
    make: (random, atMs) =>
      ordersWith(random, {
        atMs,
        keys: [random.pick(['3', '3', '4'])],
        dies: ['alerting', 'connected', 'cleared', 'timer', 'bridged'],
      }),
  },
  /** What the switch tells of a caller at a queue, of the phone that rings for them and of their recording it tells twice. */
  toldTwice: {
    chance: 0.35,
    make: (random, atMs) => [
      ...TOLD_TWICE.map((event): FaultStep => ({ atMs, do: 'fault', fault: { kind: 'eventDoubled', event } })),
      caller(random, {
        atMs: atMs + 1,
        to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
        service: [
          act(random, { act: 'phoneHold' }),
          act(random, { act: 'phoneRetrieve' }),
          act(random, { act: 'clear' }),
        ],
      }),
    ],
  },
  /** That a phone was lifted is told when its ringing has long been over. */
  liftedUnheard: {
    chance: 0.35,
    make: (random, atMs) => [
      {
        ...caller(random, {
          atMs,
          to: random.pick([DAY_NUMBERS.sales, DAY_NUMBERS.support]),
          service: [act(random, { act: 'clear' })],
        }),
        offers: [{ does: 'answer', afterMs: random.int(7_000, 9_000) }, answers(random)],
      },
      // Less than a caller's own answer may take to be told: who is never answered is let go in the end.
      {
        atMs: atMs + 500,
        do: 'fault',
        fault: { kind: 'eventLate', event: 'connected', lateMs: random.int(16_000, 19_000) },
      },
    ],
  },
  /** One whose number is never recorded calls. */
  neverCalls: {
    chance: 0.2,
    make: (random, atMs) => [
      {
        ...caller(random, {
          atMs,
          to: DAY_NUMBERS.sales,
          service: [act(random, { act: 'startRecording' }), act(random, { act: 'transfer', to: 'agent:dee' })],
        }),
        from: NEVER_RECORDED.caller,
      },
    ],
  },
};

const TOLD_TWICE = ['connected', 'alerting', 'heldByDevice', 'recordingStarted', 'recordingFinished'] as const;
