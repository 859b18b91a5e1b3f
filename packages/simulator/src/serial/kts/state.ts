import type { CallerIdentity, ExtensionStatus, LineStatus, LocalMs, SlotStatus } from '../pbx/status.js';
import type { FieldValue } from './frame.js';
import { CHARSET_WORDS, DIRECTION_WORDS, END_WORDS, EXTENSION_WORDS, LINE_WORDS, PRESENTATION_WORDS } from './words.js';

type One = Readonly<Record<string, FieldValue | undefined>>;

/** In a snapshot its epoch, else when it happened. */
export type When = { readonly epoch: number } | { readonly at: LocalMs };

/** Most bytes of a name. */
const MAX_NAME = 64;

/** LINE. */
export function line(status: LineStatus, when: When): One {
  const { line: number, state, direction, end, call, peer } = status;
  return {
    line: number,
    lineState: LINE_WORDS[state],
    call,
    peer,
    number: status.number,
    dir: direction === undefined ? undefined : DIRECTION_WORDS[direction],
    end: end === undefined ? undefined : END_WORDS[end],
    ...when,
  };
}

/** EXT. */
export function extension(status: ExtensionStatus, when: When): One {
  const { ext, state, direction, end, call, peer, dnd, forward, classOfService, lamp } = status;
  return {
    ext,
    extState: EXTENSION_WORDS[state],
    call,
    line: status.line,
    peer,
    number: status.number,
    dir: direction === undefined ? undefined : DIRECTION_WORDS[direction],
    end: end === undefined ? undefined : END_WORDS[end],
    dnd: dnd ? true : undefined,
    forward: forward === '' ? undefined : forward,
    cls: classOfService,
    lamp: lamp ? true : undefined,
    ...when,
  };
}

/** Is it idle with nothing set? */
export function isQuietExtension(status: ExtensionStatus): boolean {
  return status.state === 'idle' && !status.dnd && !status.lamp && status.forward === '';
}

/** PARK. */
export function slot(status: SlotStatus, when: When): One {
  const { state, call, peer } = status;
  return {
    slot: status.slot,
    parkState: state === 'free' ? 'FREE' : 'TAKEN',
    call,
    line: status.line,
    peer,
    ...when,
  };
}

/** CID. */
export function callerId(identity: CallerIdentity, when?: When): One {
  const { presentation, call, number, name, nameBytes, charset } = identity;
  return {
    line: identity.line,
    presentation: PRESENTATION_WORDS[presentation],
    call,
    number: number?.slice(0, 32),
    name: name === undefined ? undefined : shortened(name),
    nameBytes: nameBytes?.subarray(0, MAX_NAME),
    charset: charset === undefined ? undefined : CHARSET_WORDS[charset],
    ...when,
  };
}

/** As much of a name as the field holds, whole characters. */
export function shortened(name: string): string {
  let text = '';
  for (const char of name) {
    if (Buffer.byteLength(text + char) > MAX_NAME) break;
    text += char;
  }
  return text;
}
