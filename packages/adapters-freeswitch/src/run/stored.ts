import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingId } from '@cordboard/cti-core';
import { storedName } from './recordings.js';

/** Opens a file of a recording; `undefined` when it is none of this recording, or not there. */
export async function openStored(
  what: { readonly folder: string; readonly recordingId: RecordingId; readonly file: string },
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const name = storedName(what.recordingId, what.file);
  if (name === undefined || what.folder === '') return undefined;
  const path = join(what.folder, name);
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  await handle.close();
  return createReadStream(path, { signal });
}
