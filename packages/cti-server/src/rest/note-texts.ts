import { type Cdr, numberKey, type PhoneNumber } from '@cordboard/cti-core';
import type { CallNote } from '@cordboard/cti-protocol';
import type { MaskRules } from '../streams/mask-rules.js';

/** What a note is shown with: the numbers of its call. */
export type Noted = Pick<Cdr, 'callId' | 'calling' | 'called' | 'customer'>;

/** The note kept by the first of these ids, else the newest of those kept by the others, which are of calls that became part of it. */
export function newestOf(
  [own = '', ...merged]: readonly string[],
  notes: ReadonlyMap<string, CallNote>,
): CallNote | undefined {
  const others = merged.flatMap((id) => notes.get(id) ?? []);
  return notes.get(own) ?? others.toSorted((a, b) => b.atWallMs - a.atWallMs)[0];
}

/** A note as a mask class sees it: what is masked in the record is masked here. */
export function shownNote(note: CallNote, rules: MaskRules | undefined, call: Noted): CallNote {
  if (rules === undefined || note.text === undefined) return note;
  const { text, ...rest } = note;
  return rules.maskClass === 'hidden' ? rest : { ...rest, text: rules.text(text, hiddenNumbers(call, rules)) };
}

/**
 * The text to keep of what somebody wrote who may not see all of the text before it. What comes back as it was shown has not been changed; references to
 * the call's own numbers are numbers again.
 */
export function textToKeep(
  written: string | undefined,
  on: { readonly call: Noted; readonly before: CallNote | undefined; readonly rules: MaskRules | undefined },
): string | undefined {
  const { call, before, rules } = on;
  if (rules === undefined) return written;
  if (before !== undefined && written === shownNote(before, rules, call).text) return before.text;
  if (written === undefined || rules.maskClass === 'hidden') return written;
  const numbers = hiddenNumbers(call, rules);
  const text = numbers.reduce((all, one) => all.replaceAll(rules.reference(one), numberKey(one) ?? one.raw), written);
  // A number that the mask would not find where it now stands must not be put there.
  return rules.text(text, numbers) === rules.text(written, numbers) ? text : written;
}

function hiddenNumbers({ calling, called, customer }: Noted, rules: MaskRules): readonly PhoneNumber[] {
  return [calling, called, ...(customer === undefined ? [] : [customer])].filter((one) => !rules.isOpen(one));
}
