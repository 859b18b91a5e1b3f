import { formatSmdr } from '../../smdr/parser.js';
import type { SmdrRecord } from '../../smdr/record.js';
import type { ByteForward } from './byte-forward.js';

/**
 * Sends call records on as lines of Shenou's serial forwarding, for hotel systems that read those.
 *
 * @returns `false` for a record that the format has no place for; nothing of it was sent
 */
export function forwardShenou(record: SmdrRecord, to: ByteForward): boolean {
  let lineText: string;
  try {
    lineText = formatSmdr('shenou', record, {});
  } catch {
    // The caller counts it: a number that is too long for its column, or a record without a start.
    return false;
  }
  to.write(Buffer.from(`${lineText}\r\n`, 'latin1'));
  return true;
}
