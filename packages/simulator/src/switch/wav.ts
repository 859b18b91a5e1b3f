const RATE = 8_000;
const HEADER_BYTES = 44;
const LEVEL = 6_000;
/** A talker's tone per track, so that ear and test tell them apart; mixed files alternate between both. */
const TONE_HZ = [440, 620] as const;
const TURN_MS = 1_500;
/** Longer recordings are cut here: they are a demonstration, 2.3 MB are enough of it. */
const MAX_MS = 150_000;

/**
 * A real WAV file (PCM, 16 bit, 8 kHz, mono) of the given length: two talkers as two tones that take turns.
 * `track` 0 holds the first talker or, when the recording is mixed, both; 1 the second one.
 */
export function wavOf(options: { readonly durationMs: number; readonly track: number }): Uint8Array {
  const samples = Math.floor((Math.min(options.durationMs, MAX_MS) * RATE) / 1_000);
  const bytes = new Uint8Array(HEADER_BYTES + samples * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void => {
    for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + samples * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples * 2, true);
  for (let i = 0; i < samples; i++) {
    const turn = Math.floor((i * 1_000) / RATE / TURN_MS) % 2;
    const hz = TONE_HZ[turn === options.track ? 0 : 1];
    view.setInt16(HEADER_BYTES + i * 2, Math.round(LEVEL * Math.sin((2 * Math.PI * hz * i) / RATE)), true);
  }
  return bytes;
}
