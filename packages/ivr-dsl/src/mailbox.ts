import type { Duration } from './duration.js';
import { hostFunction } from './host-function.js';
import { given } from './lower.js';
import { collect, menu } from './nodes/asking.js';
import { set } from './nodes/keeping.js';
import { query } from './nodes/outside.js';
import { play } from './nodes/speaking.js';
import { type AgainInput, recording, type SayInput, type SayPart } from './say.js';
import { LOWER, type NodeSpec, type Scope, spec, type Target } from './spec.js';
import type { Says, Sets } from './uses.js';

/**
 * Opens a voice box with its PIN (R6). The server has this function, the PIN stands in its configuration (`boxes`). `wrong`: another PIN, or no such box; `locked`: too many
 * wrong ones, for a quarter of an hour.
 */
export const openBox = hostFunction('cordboard-open-box@1', {
  pass: ['box', 'pin'],
  ways: ['open', 'wrong', 'locked'],
});

/** The oldest new message of a box: its recording, the caller's number, and when it was left, in the site's zone. */
export const nextMessage = hostFunction('cordboard-next-message@1', {
  pass: ['box'],
  keep: ['recording', 'caller', 'date', 'time'],
  ways: ['message', 'none'],
});

/** Marks a message of a box as `heard`, `handled` or `new`, or deletes it (`deleted`). `gone`: there is no such message in this box. */
export const markMessage = hostFunction('cordboard-mark-message@1', {
  pass: ['box', 'recording', 'state'],
  ways: ['done', 'gone'],
});

/** Options of {@link mailbox}. */
export interface MailboxOptions<T extends string, P extends string, U extends string, V extends string = string> {
  /** Asks for the number of the box. Left out where the box is given. */
  readonly boxSay?: SayInput<P, U>;
  /** Asks for the PIN. */
  readonly pinSay: SayInput<P, U>;
  /** Said after a wrong PIN, before the next try. */
  readonly wrongSay: SayInput<P, U>;
  /** Said before each message. May read what is known of it: `mailbox.caller`, `mailbox.date`, `mailbox.time`. */
  readonly messageSay: SayInput<P, U>;
  /** Said after each message: 1 hears it again, 2 deletes it, 3 goes on; silence and wrong keys leave the box. */
  readonly menuSay: SayInput<P, U>;
  /** Said when no new message is left. */
  readonly noneSay: SayInput<P, U>;
  readonly timeout?: Duration;
  readonly noMatchSay?: AgainInput<P, U>;
  /** Beginning of the names of the variables; default `mailbox`. */
  readonly variable?: V;
  /** All new messages were heard. */
  readonly next: Target<T, U>;
  /** Nobody keyed anything in, or too many wrong PINs. */
  readonly refused: Target<T, U>;
  /** The server could not say what is in the box. */
  readonly failed: Target<T, U>;
}

/**
 * Lets the owner of a voice box hear its new messages from any telephone, by PIN (R6). A message counts as heard when it was played to its end; one that the caller
 * hangs up in stays new. Made of plain nodes named after this one: `.pin`, `.open`, `.wrong`, `.read`, `.play`, `.heard`, `.menu`, `.delete`, `.none`.
 */
export function mailbox<
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
  const V extends string = 'mailbox',
>(
  box: string | undefined,
  options: MailboxOptions<T, P, U, V>,
): NodeSpec<T, U | Says<P> | Sets<`${V}.${'box' | 'pin' | 'recording' | 'caller' | 'date' | 'time'}`>> {
  return spec((scope) => lowered(scope, box, options));
}

type AnyOptions = MailboxOptions<string, string, string>;

function lowered(scope: Scope, box: string | undefined, options: AnyOptions) {
  const { boxSay, pinSay, wrongSay, messageSay, menuSay, noneSay, variable = 'mailbox' } = options;
  const asks = given({ timeout: options.timeout, noMatchSay: options.noMatchSay });
  if ((box === undefined) === (boxSay === undefined)) return scope.refuse('boxSay', 'either a box or boxSay');
  const of = (name: string): string => `${variable}.${name}`;
  const named = `{${of('box')}}`;
  const refused = scope.edge('refused', options.refused);
  const failed = scope.edge('failed', options.failed);
  const next = scope.edge('next', options.next);
  const read = scope.at('read');
  const pieces = Array.isArray(messageSay) ? (messageSay as readonly (string | SayPart)[]) : [messageSay as string];
  const mark = (state: 'heard' | 'deleted', done: string): NodeSpec =>
    query(markMessage, {
      pass: { box: named, recording: `{${of('recording')}}`, state },
      ways: { done, gone: done },
      failed,
    });
  scope.edge(
    'menu',
    menu({
      ...asks,
      say: menuSay,
      keys: { 1: scope.at('play'), 2: scope.edge('delete', mark('deleted', read)), 3: read },
      noInput: next,
      noMatch: next,
    }),
  );
  scope.edge('heard', mark('heard', scope.at('menu')));
  scope.edge('play', play({ say: [...pieces, recording(of('recording'))], next: scope.at('heard') }));
  const none = scope.edge('none', play({ say: noneSay, next }));
  scope.edge(
    'read',
    query(nextMessage, {
      pass: { box: named },
      keep: { [of('recording')]: 'recording', [of('caller')]: 'caller', [of('date')]: 'date', [of('time')]: 'time' },
      masked: [of('recording'), of('caller')],
      ways: { message: scope.at('play'), none },
      failed,
    }),
  );
  const wrong = scope.edge('wrong', play({ say: wrongSay, next: scope.at('pin') }));
  const open = scope.edge(
    'open',
    query(openBox, {
      pass: { box: named, pin: `{${of('pin')}}` },
      ways: { open: read, wrong, locked: refused },
      failed,
    }),
  );
  const pin = collect(of('pin'), {
    ...asks,
    say: pinSay,
    min: 4,
    max: 12,
    masked: true,
    next: open,
    noInput: refused,
    noMatch: refused,
  });
  const pinNode = scope.edge('pin', pin);
  if (boxSay === undefined) return set({ [of('box')]: box ?? '' }, { next: pinNode })[LOWER](scope);
  const which = collect(of('box'), {
    ...asks,
    say: boxSay,
    min: 1,
    max: 12,
    next: pinNode,
    noInput: refused,
    noMatch: refused,
  });
  return which[LOWER](scope);
}
