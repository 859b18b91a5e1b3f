/** A length of time as people write it: `500ms`, `20s`, `1m30s`, `2h`. Whole numbers, larger units first. */
export type DurationText = string;

/** The longest duration that is read: 31 days. */
export const MAX_DURATION_MS = 31 * 24 * 3_600_000;

/** Reads a {@link DurationText} into ms; `undefined` for any other text and beyond {@link MAX_DURATION_MS}. Total. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32) return undefined;
  const match = /^(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,10})ms)?$/.exec(text);
  if (match === null || text === '') return undefined;
  const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = match;
  const ms = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(milliseconds);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}
