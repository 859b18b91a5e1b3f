import { type MapEffect, on, tell } from './effects.js';
import { header, type SwitchEvent } from './event.js';
import type { Leg } from './leg.js';

/** `DTMF`: one key that was received from the channel. */
export function digitOf(leg: Leg, event: SwitchEvent): MapEffect[] {
  const digit = header(event, 'DTMF-Digit')?.toUpperCase() ?? '';
  if (!/^[0-9*#A-D]$/.test(digit)) return [];
  // Told in samples of 8 kHz.
  const samples = Number(header(event, 'DTMF-Duration'));
  const toneMs = Number.isSafeInteger(samples) && samples > 0 ? Math.round(samples / 8) : undefined;
  return [tell({ type: 'digit', ...on(leg, event), digit, ...(toneMs === undefined ? {} : { toneMs }) })];
}
