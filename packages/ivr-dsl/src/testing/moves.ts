import type { Drive } from './drive.js';
import type { Area, FlowTestOptions, Reply } from './options.js';

/** One thing that a caller, or somebody in the world around, does. */
export type Move =
  | { readonly move: 'presses'; readonly keys: string }
  | { readonly move: 'waits'; readonly ms: number }
  | { readonly move: 'listens' }
  | { readonly move: 'says'; readonly words: string }
  | { readonly move: 'hangsUp' }
  | { readonly move: 'answers'; readonly reply: Reply }
  | { readonly move: 'recordingFails' }
  | { readonly move: 'queue'; readonly result: 'overflow' | 'full' | 'returned' | 'answered' }
  | { readonly move: 'transfer'; readonly result: 'busy' | 'noAnswer' | 'failed' | 'answered' }
  | { readonly move: 'outage' };

/** A way through a flow: the world that the caller meets, and what is done, in order. */
export interface Script {
  readonly world: WorldOfScript;
  readonly moves: readonly Move[];
}

/** What of the world a script may choose. */
export interface WorldOfScript {
  readonly at?: string;
  readonly from?: string;
  readonly modes?: Readonly<Record<string, string>>;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly area?: Area;
  readonly fax?: NonNullable<FlowTestOptions['fax']>;
}

/** Does the move; `false` where the flow is not in a state for it. */
export function apply(drive: Drive, move: Move): boolean {
  if (drive.exit !== undefined) return false;
  switch (move.move) {
    case 'presses':
      for (const key of move.keys) drive.press(key);
      return true;
    case 'waits':
      drive.pass(move.ms);
      return true;
    case 'listens':
      drive.listen();
      return true;
    case 'says':
      if (!toRecording(drive)) return false;
      drive.say(move.words);
      drive.pass(Math.min(MAX_SPOKEN_MS, WORD_MS * move.words.split(/\s+/).length));
      return true;
    case 'hangsUp':
      drive.hangUp();
      return true;
    case 'answers': {
      const answered = drive.answer(move.reply);
      if (answered) drive.passNow();
      return answered;
    }
    case 'recordingFails':
      return toRecording(drive) && drive.loseRecording();
    case 'queue':
      return afterAll(drive, 'queued', () => {
        if (move.result === 'answered') drive.isAnswered();
        else drive.gets({ type: 'queueResult', result: move.result });
      });
    case 'transfer':
      return afterAll(drive, 'transferring', () => {
        if (move.result === 'answered') drive.isAnswered();
        else drive.gets({ type: 'transferResult', result: move.result });
      });
    case 'outage':
      drive.gets({ type: 'reenter' });
      drive.passNow();
      return true;
  }
}

/** A word takes a good third of a second. */
const WORD_MS = 400;
const MAX_SPOKEN_MS = 4000;

function toRecording(drive: Drive): boolean {
  drive.passWhile(() => drive.speaking && !drive.recording);
  return drive.recording;
}

function afterAll(drive: Drive, phase: 'queued' | 'transferring', then: () => void): boolean {
  drive.listen();
  if (drive.state.phase !== phase) return false;
  then();
  drive.passNow();
  return true;
}

/**
 * The script as lines of a test that can be pasted: `flowTest(flow, { ... }).presses('1')`. `names` are what the test file calls the flow and, if there are
 * any, the options that all its tests share.
 */
export function printScript(script: Script, names: { readonly flow: string; readonly options?: string }): string {
  const world = Object.keys(script.world).length === 0 ? '' : literal(script.world);
  const shared = names.options === undefined ? '' : `...${names.options}`;
  const both = world === '' ? (names.options ?? '') : shared === '' ? world : `{ ${shared}, ${world.slice(2)}`;
  const head = `flowTest(${[names.flow, both].filter((part) => part !== '').join(', ')})`;
  return `${[head, ...script.moves.map((move) => `  ${printMove(move)}`)].join('\n')};`;
}

/** One move as a call. */
export function printMove(move: Move): string {
  switch (move.move) {
    case 'presses':
      return `.presses(${literal(move.keys)})`;
    case 'waits':
      return `.waits(${literal(durationOf(move.ms))})`;
    case 'listens':
      return '.listens()';
    case 'says':
      return `.says(${literal(move.words)})`;
    case 'hangsUp':
      return '.hangsUp()';
    case 'answers':
      return `.answers(${literal(move.reply)})`;
    case 'recordingFails':
      return '.recordingFails()';
    case 'queue':
      return {
        overflow: '.queueOverflows()',
        full: '.queueIsFull()',
        returned: '.comesBack()',
        answered: '.isAnswered()',
      }[move.result];
    case 'transfer':
      return move.result === 'answered' ? '.isAnswered()' : `.transferFails(${literal(move.result)})`;
    case 'outage':
      return '.survivesOutage()';
  }
}

/** A length of time in at most two units. */
export function durationOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole % 1000 !== 0) return `${whole}ms`;
  const seconds = whole / 1000;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
}

/** A value as it is written in a program: single quotes, names without. */
export function literal(value: unknown): string {
  if (typeof value === 'string') {
    const inside = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
  }
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    const name = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : literal(key));
    return fields.length === 0
      ? '{}'
      : `{ ${fields.map(([key, part]) => `${name(key)}: ${literal(part)}`).join(', ')} }`;
  }
  return String(value);
}
