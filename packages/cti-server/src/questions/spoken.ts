import type { CtiDriver, RecordingId, SwitchId } from '@cordboard/cti-core';
import { switchOf } from '@cordboard/cti-core';
import type { RecordStore } from '../store/port.js';
import type { SpokenAudio } from './providers.js';

/** Most bytes of what a caller says to a flow: two minutes of 16-bit sound. */
export const SPOKEN_BYTES = 2 * 1024 * 1024;

/** Where a recording's bytes are found. */
export interface SpokenSource {
  readonly store: Pick<RecordStore, 'flush' | 'recording'>;
  readonly driver: (switchId: SwitchId) => Pick<CtiDriver, 'openRecording'> | undefined;
}

/**
 * The bytes of a finished recording, straight from the switch.
 *
 * Rejects when there is no such recording, the switch has no file of it, or it is longer than {@link SPOKEN_BYTES}.
 */
export async function spokenAudio(
  recordingId: RecordingId,
  source: SpokenSource,
  signal: AbortSignal,
): Promise<SpokenAudio> {
  await source.store.flush();
  const record = (await source.store.recording(recordingId))?.record;
  const [file] = record?.files ?? [];
  if (record === undefined || file === undefined) throw new Error('there is no such recording');
  const driver = source.driver(switchOf(record.connectionId));
  const stream = await driver?.openRecording(recordingId, file, { signal });
  if (stream === undefined) throw new Error('the switch has no file of the recording');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > SPOKEN_BYTES) throw new Error('the recording is too long');
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), format: record.format };
}
