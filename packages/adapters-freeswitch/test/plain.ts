import { isAscii } from 'node:buffer';
import type { EslFrame } from '../src/wire/esl-frames.js';
import type { OracleFrame } from './oracle.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const gb18030 = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true });

/** What the text of bytes must be: UTF-8, else GB18030, else one character for each. A cut UTF-8 character ends in U+FFFD. */
export function textOfBytes(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  if (isAscii(bytes)) return latin1;
  for (const decoder of [utf8, gb18030]) {
    try {
      return decoder.decode(bytes);
    } catch {
      // the next one
    }
  }
  return latin1;
}

const CONTENT_TYPES = {
  authRequest: 'auth/request',
  reply: 'command/reply',
  apiResponse: 'api/response',
  log: 'log/data',
  disconnectNotice: 'text/disconnect-notice',
  rejection: 'text/rude-rejection',
} as const;

/** A frame with all that it says, for comparison. */
export function plainOf(frame: EslFrame): unknown {
  if (frame.type === 'event') {
    return { kind: `text/event-${frame.format}`, outer: [], inner: frame.headers(), body: frame.body };
  }
  const kind = frame.type === 'unknown' ? frame.contentType : CONTENT_TYPES[frame.type];
  const body = 'text' in frame && frame.type !== 'reply' && frame.text !== '' ? frame.text : undefined;
  return { kind, outer: frame.headers(), inner: [], body };
}

/** The same of what the oracle read. */
export function latin1Of(frame: OracleFrame | undefined): unknown {
  if (frame === undefined) return undefined;
  const isEvent = frame.kind.startsWith('text/event-');
  const texts = (pairs: OracleFrame['inner']): unknown =>
    pairs.map(([name, value]) => [textOfBytes(name), textOfBytes(value)]);
  return {
    kind: frame.kind,
    outer: isEvent ? [] : texts(frame.outer),
    inner: texts(frame.inner),
    body: frame.body === undefined ? undefined : textOfBytes(frame.body),
  };
}
