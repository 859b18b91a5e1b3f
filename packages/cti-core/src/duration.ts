/** A length of time as people write it: `500ms`, `20s`, `1m30s`, `2h`, `7d`. Whole numbers, larger units first. */
export type DurationText = string;

/** The longest duration that is read: 366 days. */
export const MAX_DURATION_MS = 366 * 24 * 3_600_000;

const PARTS = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,11})ms)?$/;
const UNIT_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/** Reads a {@link DurationText} into ms; `undefined` for any other text and beyond {@link MAX_DURATION_MS}. Total. */
export function parseDuration(text: string): number | undefined {
  if (text === '' || text.length > 32) return undefined;
  const match = PARTS.exec(text);
  if (match === null) return undefined;
  const ms = UNIT_MS.reduce((sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
  return ms <= MAX_DURATION_MS ? ms : undefined;
}
