import type { DriverCommandType, DriverEventType, Refusal } from '@cordboard/cti-core';
import type { RingHabit } from '../floor/agent.js';
import { type RandomStream, randomStream } from '../random.js';
import type { Act, ActBody, AgentStep, CallStep, Day, Fault, MakeStep, Step } from './day.js';
import { ABSENT_SEAT, DAY_AGENTS, DAY_NUMBERS, UNKNOWN_TAIL } from './day-floor.js';
import { rareSteps } from './rare-steps.js';

const CALLS = { from: 50, to: 62 } as const;
const FAULTS = { from: 4, to: 9 } as const;
const MEAN_GAP_MS = 22_000;

const LATE_EVENTS: readonly DriverEventType[] = [
  'connected',
  'cleared',
  'bridged',
  'unbridged',
  'alerting',
  'playbackFinished',
  'digit',
  'recordingFinished',
];
const DOUBLED_EVENTS: readonly DriverEventType[] = [
  'created',
  'connected',
  'cleared',
  'bridged',
  'unbridged',
  'alerting',
  'playbackFinished',
  'playbackStarted',
  'digit',
  'recordingStarted',
  'recordingFinished',
  'heldByDevice',
  'retrievedByDevice',
  'monitoring',
  'transferRequested',
  'replaced',
  'devicePresence',
];
const COMMANDS: readonly DriverCommandType[] = [
  'originate',
  'claim',
  'answer',
  'clear',
  'bridge',
  'unbridge',
  'holdMusic',
  'play',
  'stopPlay',
  'record',
  'controlRecording',
  'monitor',
  'collectDigits',
];
const CRASH_AT = [
  'connected',
  'alerting',
  'created',
  'cleared',
  'bridged',
  'unbridged',
  'reply',
  'client',
  'timer',
  'digit',
  'playbackFinished',
  'heldByDevice',
  'transferRequested',
  'replaced',
  'recordingStarted',
  'monitoring',
  'lookup',
] as const;
/** Not `gone`: a driver that says so of what lives breaks the contract. */
const REFUSALS: readonly Refusal[] = ['rejected', 'conflict', 'timeout', 'notSupported'];

/** Makes the day of a seed: agents that come and go, 50 and more calls with all that becomes of them, at least four faults. */
export function randomDay(seed: number): Day {
  const steps: Step[] = [];
  const people = randomStream(seed, 'agents');
  for (const agent of DAY_AGENTS) steps.push(...agentDay(agent, people));
  const arrivals = randomStream(seed, 'arrivals');
  let atMs = 5_000;
  const calls = arrivals.int(CALLS.from, CALLS.to);
  for (let n = 0; n < calls; n++) {
    atMs += arrivals.exponential(MEAN_GAP_MS);
    const own = randomStream(seed, `call:${n}`);
    steps.push(own.chance(0.14) ? makeCall(atMs, n, own) : customer(atMs, n, own));
  }
  const orders = randomStream(seed, 'supervisor');
  for (let n = orders.int(0, 5); n > 0; n--) {
    const what = orders.pick(['ready', 'notReady', 'loggedOff', 'pickWaiting', 'pickWaiting', 'pickWaiting'] as const);
    steps.push({ atMs: orders.int(20_000, atMs), do: 'supervise', agent: orders.pick(DAY_AGENTS), what });
  }
  const troubles = randomStream(seed, 'faults');
  const faults = troubles.int(FAULTS.from, FAULTS.to);
  for (let n = 0; n < faults; n++) {
    steps.push({ atMs: troubles.int(15_000, atMs), do: 'fault', fault: anyFault(randomStream(seed, `fault:${n}`)) });
  }
  steps.push(...rareSteps(seed, atMs));
  steps.sort((a, b) => a.atMs - b.atMs);
  return { format: 'cordboard-day/1', seed, steps };
}

function agentDay(agent: string, random: RandomStream): AgentStep[] {
  const step = (atMs: number, wish: AgentStep['wish']): AgentStep => ({ atMs, do: 'agent', agent, wish });
  const steps = [step(random.int(500, 4_000), random.chance(0.9) ? 'ready' : 'break')];
  let atMs = 60_000;
  for (let n = random.int(0, 3); n > 0; n--) {
    atMs += random.int(60_000, 400_000);
    const wish = random.pick(['break', 'break', 'logOff', 'silent', 'offline', 'logOnAgain', 'leaveQueue'] as const);
    if (wish === 'leaveQueue') steps.push(step(atMs + random.int(5_000, 60_000), 'joinQueue'));
    steps.push(step(atMs, wish), step(atMs + random.int(10_000, 90_000), 'ready'));
  }
  return steps;
}

function ringHabit(random: RandomStream): RingHabit {
  const die = random.next();
  if (die < 0.78) return { does: 'answer', afterMs: random.int(300, 7_000) };
  if (die < 0.88) return { does: 'reject', afterMs: random.int(200, 4_000) };
  // Around the ring bounds of 10 and 12 s: the answer meets the time-out.
  if (die < 0.93) return { does: 'answer', afterMs: random.pick([10_000, 12_000]) + random.int(-180, 60) };
  return { does: 'ignore' };
}

function outsideNumber(n: number, random: RandomStream): string {
  return `138${String(n).padStart(4, '0')}${random.chance(0.12) ? UNKNOWN_TAIL : '5678'}`;
}

function customer(atMs: number, n: number, random: RandomStream): CallStep {
  const to = random.pick([
    DAY_NUMBERS.menu,
    DAY_NUMBERS.menu,
    DAY_NUMBERS.menu,
    DAY_NUMBERS.sales,
    DAY_NUMBERS.support,
    DAY_NUMBERS.narrow,
  ]);
  const presses: { digits: string; afterMs: number }[] = [];
  if (to === DAY_NUMBERS.menu && random.chance(0.9)) {
    const key = random.pick(['1', '1', '2', '2', '3', '4', '5', '7']);
    presses.push({ digits: key, afterMs: random.int(500, 9_000) });
    if (key === '3') presses.push({ digits: random.pick(['42#', '123456', '9', '']), afterMs: random.int(800, 3_500) });
  }
  const impatient = random.chance(0.2);
  const leaves = random.chance(0.1)
    ? { at: random.pick(['ring', 'answer'] as const), offsetMs: random.int(0, 12) }
    : undefined;
  return {
    atMs,
    do: 'call',
    from: random.chance(0.04) ? `anonymous${n}` : `+86139${String(n).padStart(8, '0')}`,
    to,
    presses: presses.filter((item) => item.digits !== ''),
    patienceMs: impatient ? random.int(200, 15_000) : random.int(40_000, 200_000),
    ...(leaves === undefined ? {} : { leaves }),
    ...(random.chance(0.6) ? { talkMs: random.int(300, 60_000) } : {}),
    offers: Array.from({ length: random.int(1, 3) }, () => ringHabit(random)),
    service: service(n, random),
  };
}

function makeCall(atMs: number, n: number, random: RandomStream): MakeStep {
  const inside = random.chance(0.3);
  return {
    atMs,
    do: random.chance(0.7) ? 'make' : 'phoneMake',
    agent: random.pick(DAY_AGENTS),
    to: inside ? random.pick(['8001', '8002', '8004', '8051', '8099']) : outsideNumber(n, random),
    answers: ringHabit(random),
    talkMs: random.int(500, 40_000),
    service: service(n + 5_000, random),
  };
}

/** What is done with a call: mostly nothing, else a short sequence that makes sense, now and then one that does not. */
function service(n: number, random: RandomStream): Act[] {
  const soon = (): number => random.int(300, 6_000);
  const target = (): string =>
    random.pick([
      '8002',
      '8003',
      '8004',
      '8051',
      '8099',
      ABSENT_SEAT,
      'agent:dee',
      'queue:support',
      'queue:sales',
      outsideNumber(n + 1_000, random),
    ]);
  const person = (): string =>
    random.pick(['8001', '8004', '8051', ABSENT_SEAT, 'agent:bob', 'agent:eve', outsideNumber(n + 2_000, random)]);
  const end = (): Act => ({ afterMs: soon(), act: random.pick(['clear', 'phoneHangUp'] as const) });
  const after = (body: ActBody): Act => ({ afterMs: soon(), ...body });
  const die = random.next();
  if (die < 0.3) return [end()];
  if (die < 0.38) {
    return [
      after({ act: 'hold' }),
      { afterMs: random.int(300, random.chance(0.4) ? 20_000 : 4_000), act: 'retrieve' },
      end(),
    ];
  }
  if (die < 0.4)
    return [
      { afterMs: random.int(0, 8), act: 'phoneHold' },
      after({ act: 'phoneRetrieve' }),
      after({ act: 'phoneRetrieve' }),
      end(),
    ];
  if (die < 0.42) return [after({ act: 'phoneHold' }), after({ act: 'phoneRetrieve' }), end()];
  if (die < 0.5) return [after({ act: 'transfer', to: target() })];
  if (die < 0.58)
    return [after({ act: 'consult', to: person() }), { afterMs: random.int(200, 9_000), act: 'completeTransfer' }];
  if (die < 0.62) return [after({ act: 'consult', to: person() }), after({ act: 'cancelConsult' }), end()];
  if (die < 0.66)
    return [
      after({ act: 'consult', to: person() }),
      after({ act: 'alternate' }),
      after({ act: 'alternate' }),
      after({ act: 'completeTransfer' }),
    ];
  if (die < 0.71)
    return [after({ act: 'consult', to: person() }), { afterMs: random.int(4_000, 9_000), act: 'conference' }, end()];
  if (die < 0.74) return [after({ act: 'phoneTransfer', to: random.pick(['8004', '8051', '8099', 'X']) })];
  if (die < 0.78)
    return [
      after({ act: 'phoneConsult', to: random.pick(['8004', '8051']) }),
      { afterMs: random.int(6_000, 12_000), act: 'phoneJoin' },
    ];
  if (die < 0.8) return [{ afterMs: soon(), act: 'phonePickUp', by: '8051' }, end()];
  if (die < 0.86) {
    const modes = ['listen', 'whisper', 'barge'] as const;
    const watch: Act[] = [
      { afterMs: soon(), act: 'monitor', mode: random.pick(modes) },
      { afterMs: random.int(3_000, 6_000), act: 'monitor', mode: random.pick(modes) },
    ];
    return [...watch, random.chance(0.5) ? after({ act: 'forceRelease' }) : after({ act: 'stopMonitor' }), end()];
  }
  if (die < 0.89) return [after({ act: 'startRecording' }), ...pauses(random), after({ act: 'stopRecording' }), end()];
  if (die < 0.92)
    return [
      after({ act: 'mute' }),
      after({ act: 'sendDigits' }),
      after({ act: 'unmute' }),
      after({ act: 'setData' }),
      end(),
    ];
  if (die < 0.95) return [after({ act: 'toFlow' }), { afterMs: random.int(3_000, 20_000), act: 'clear' }];
  if (die < 0.97) return [after({ act: 'addParty', to: person() }), end()];
  // Nonsense: things in a wrong state, all at once.
  return [
    { afterMs: 100, act: 'retrieve' },
    { afterMs: 0, act: 'hold' },
    { afterMs: 0, act: 'hold' },
    { afterMs: 0, act: 'completeTransfer' },
    { afterMs: 5, act: 'conference' },
    { afterMs: 0, act: 'clear' },
    { afterMs: 0, act: 'clear' },
  ];
}

/** Pauses of a recording, now and then asked for twice. */
function pauses(random: RandomStream): Act[] {
  const soon = (): number => random.int(10, 3_000);
  const once: Act[] = [
    { afterMs: soon(), act: 'pauseRecording' },
    { afterMs: soon(), act: 'resumeRecording' },
  ];
  return random.chance(0.5) ? once : once.flatMap((act) => [act, { ...act, afterMs: random.int(0, 5) }]);
}

function anyFault(random: RandomStream): Fault {
  const die = random.int(0, 12);
  const forMs = random.int(200, 20_000);
  switch (die) {
    case 0:
      return { kind: 'linkLost', forMs };
    case 1:
      return { kind: 'linkLost', forMs: random.int(100, 12_000), at: random.pick(COMMANDS) };
    case 2:
      return random.chance(0.5)
        ? { kind: 'switchRestart', forMs: random.int(500, 8_000) }
        : { kind: 'linkLost', forMs: random.int(10, 400) };
    case 3:
      return { kind: 'serverCrash', forMs };
    case 4:
      return { kind: 'serverCrash', forMs: random.int(100, 12_000), at: random.pick(CRASH_AT) };
    case 5:
      return { kind: 'switchSilent', forMs: random.int(200, 9_000) };
    case 6:
      return { kind: 'phoneGone', agent: random.pick(DAY_AGENTS), forMs: random.int(3_000, 60_000) };
    case 7:
      return { kind: 'clockJump', byMs: random.pick([-3_600_000, 7_200_000, 6_000]) };
    case 8:
      return { kind: 'eventLate', event: random.pick(LATE_EVENTS), lateMs: random.int(100, 15_000) };
    case 9:
      return { kind: 'eventDoubled', event: random.pick(DOUBLED_EVENTS) };
    case 10:
      return { kind: 'eventReordered', event: random.pick(LATE_EVENTS) };
    case 11:
      return { kind: 'commandRefused', command: random.pick(COMMANDS), code: random.pick(REFUSALS) };
    default:
      return random.chance(0.5)
        ? { kind: 'commandUnconfirmed', command: random.pick(COMMANDS) }
        : {
            kind: 'commandUnanswered',
            command: random.pick(COMMANDS),
            done: random.pick(['done', 'notDone'] as const),
          };
  }
}
