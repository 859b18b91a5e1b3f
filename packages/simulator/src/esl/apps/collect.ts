import type { Channel } from '../switch/channel.js';
import { playSound } from '../switch/sound.js';
import type { App, AppRun } from './app.js';

interface Plan {
  readonly min: number;
  readonly max: number;
  readonly tries: number;
  readonly timeoutMs: number;
  readonly terminators: string;
  readonly file: string;
  readonly badFile: string;
  readonly variable: string;
  readonly pattern: RegExp | undefined;
  readonly betweenMs: number;
  /** What `read_result` says when nobody pressed enough: they differ between the two applications. */
  readonly failed: 'failure' | 'timeout';
}

/**
 * Plays and takes keys until there are enough, a terminator comes, or none came for a while; the result stands in a variable and in
 * `read_result`, never in the response (freeswitch.md 39).
 */
function collect(run: AppRun, plan: Plan): void {
  const { sw, channel } = run;
  let digits = '';
  let tries = plan.tries;
  let cancel: (() => void) | undefined;
  let sound: { stop(status: 'done' | 'break'): void } | undefined;
  let state: 'collecting' | 'over' = 'collecting';
  const close = (): void => {
    state = 'over';
    cancel?.();
    channel.onDigit = undefined;
    sound?.stop('break');
  };
  const succeed = (terminator?: string): void => {
    close();
    channel.set('read_terminator_used', terminator);
    channel.set('read_result', 'success');
    channel.set(plan.variable, digits);
    run.done();
  };
  const judge = (terminator?: string): void => {
    const isLong = digits.length >= plan.min;
    if (isLong && (plan.pattern === undefined || plan.pattern.test(digits))) return succeed(terminator);
    retry();
  };
  const retry = (): void => {
    cancel?.();
    tries--;
    if (tries > 0) {
      const bad = plan.badFile !== '' && plan.badFile !== 'silence' ? plan.badFile : undefined;
      digits = '';
      if (bad === undefined) attempt();
      else
        sound = playSound(run, bad, {
          terminators: '',
          loops: 1,
          ended: () => (state === 'over' ? undefined : attempt()),
        });
      return;
    }
    close();
    channel.set('read_result', plan.failed);
    if (plan.failed === 'timeout') channel.set(plan.variable, digits);
    run.done();
  };
  const wait = (ms: number): void => {
    cancel?.();
    cancel = sw.after(ms, () => (digits === '' ? retry() : judge()));
  };
  const take = (digit: string): 'taken' => {
    const playing = sound;
    sound = undefined;
    playing?.stop('break');
    if (plan.terminators.includes(digit)) judge(digit);
    else {
      digits += digit;
      if (digits.length >= plan.max) judge();
      else wait(plan.betweenMs);
    }
    return 'taken';
  };
  const attempt = (): void => {
    channel.onDigit = take;
    sound = playSound(run, plan.file, {
      terminators: '',
      loops: 1,
      ended: ({ status }) => {
        if (state === 'over' || status === 'break') return;
        wait(plan.timeoutMs);
      },
    });
    for (const digit of drain(channel)) if (state === 'collecting') take(digit);
  };
  run.onLeave((_why, then) => {
    if (state === 'collecting') close();
    then();
  });
  attempt();
}

function drain(channel: Channel): string {
  const { digits } = channel;
  channel.digits = '';
  return digits;
}

const number = (text: string | undefined, otherwise: number): number => {
  const value = Number(text);
  return Number.isFinite(value) && text !== undefined && text !== '' ? value : otherwise;
};

/** `<min> <max> <tries> <timeout ms> <terminators> <file> <invalid file> <variable> <regexp> [<digit timeout ms>]`. */
const playAndGetDigits: App = (run) => {
  const [min, max, tries, timeout, terminators = '#', file = '', bad = '', variable = 'digits', pattern = '', between] =
    run.data.split(' ');
  const timeoutMs = number(timeout, 5_000);
  collect(run, {
    min: number(min, 1),
    max: number(max, 1),
    tries: Math.max(1, number(tries, 1)),
    timeoutMs,
    terminators: terminators === 'none' ? '' : terminators,
    file,
    badFile: bad,
    variable,
    pattern: patternOf(pattern),
    betweenMs: number(between, timeoutMs),
    failed: 'failure',
  });
};

/** `<min> <max> <file> <variable> <timeout ms> <terminators>`. */
const read: App = (run) => {
  const [min, max, file = '', variable = 'digits', timeout, terminators = '#'] = run.data.split(' ');
  const timeoutMs = number(timeout, 5_000);
  collect(run, {
    min: number(min, 1),
    max: number(max, 1),
    tries: 1,
    timeoutMs,
    terminators: terminators === 'none' ? '' : terminators,
    file,
    badFile: '',
    variable,
    pattern: undefined,
    betweenMs: timeoutMs,
    failed: 'timeout',
  });
};

function patternOf(text: string): RegExp | undefined {
  if (text === '') return undefined;
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}

/** Applications that take keys. */
export const COLLECT_APPS = { play_and_get_digits: playAndGetDigits, read } as const;
