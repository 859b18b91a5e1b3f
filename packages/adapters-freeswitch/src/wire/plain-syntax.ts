import { type HeaderPlace, type HeaderSyntax, SKIPPED } from './scan.js';

const SPACE = 0x20;

/** Lines `Name: value`, up to a blank line. A line without a colon is a name without a value. */
export const plainSyntax: HeaderSyntax = {
  terminator: ': ',
  start: 0,
  read(text: string, at: number, place: HeaderPlace): boolean {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    if (end <= at) return false;
    place.next = end + 1;
    place.valueTo = end;
    const { nameLength } = place;
    if (nameLength === SKIPPED) return true;
    const colon = nameLength > 0 ? at + nameLength : text.indexOf(':', at);
    if (colon < 0 || colon >= end) {
      place.nameTo = end;
      place.valueFrom = end;
      return true;
    }
    place.nameTo = colon;
    place.valueFrom = colon + 1 < end && text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
    return true;
  },
};

/** Where the text behind the blank line of a block begins; the length of the text when there is no blank line. */
export function endOfBlock(text: string): number {
  if (text.startsWith('\n')) return 1;
  const end = text.indexOf('\n\n');
  return end < 0 ? text.length : end + 2;
}
