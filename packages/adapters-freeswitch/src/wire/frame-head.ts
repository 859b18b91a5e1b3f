import { type EventContext, JsonEvent, PlainEvent, XmlEvent } from './esl-event.js';
import {
  EslApiResponse,
  EslAuthRequest,
  EslDisconnectNotice,
  type EslFrame,
  EslLog,
  EslRejection,
  EslReply,
  EslUnknown,
} from './esl-frames.js';
import { latin1Of } from './slices.js';

/** The kinds of frames, as their `Content-Type` tells them. */
export type FrameKind =
  | 'plain'
  | 'json'
  | 'xml'
  | 'reply'
  | 'apiResponse'
  | 'authRequest'
  | 'log'
  | 'disconnectNotice'
  | 'rejection'
  | 'unknown';

/** What frames a frame. Filled anew for each one. */
export interface FrameHead {
  kind: FrameKind;
  /** Where the body begins. */
  bodyFrom: number;
  /** 0 when there is no body. */
  bodyLength: number;
  /** The header lines as Latin-1 without the blank line; empty for events, whose outer headers say nothing else. */
  block: string;
}

const KINDS: Readonly<Record<string, FrameKind>> = {
  'text/event-plain': 'plain',
  'text/event-json': 'json',
  'text/event-xml': 'xml',
  'command/reply': 'reply',
  'api/response': 'apiResponse',
  'auth/request': 'authRequest',
  'log/data': 'log',
  'text/disconnect-notice': 'disconnectNotice',
  'text/rude-rejection': 'rejection',
};

const LENGTH = Buffer.from('Content-Length: ');
const EVENT = Buffer.from('\nContent-Type: text/event-');
const FORMATS = [
  { kind: 'plain', ending: Buffer.from('plain\n\n') },
  { kind: 'json', ending: Buffer.from('json\n\n') },
  { kind: 'xml', ending: Buffer.from('xml\n\n') },
] as const satisfies readonly { readonly kind: FrameKind; readonly ending: Buffer }[];
/** A length of more digits than this is none: it would not be exact as a number. */
const MAX_DIGITS = 15;

/**
 * Reads the two headers that frame out of any block.
 *
 * @param place - where the block begins, and where its blank line does
 */
export function readBlockHead(
  bytes: Buffer,
  { from, end }: { readonly from: number; readonly end: number },
  head: FrameHead,
): void {
  head.block = bytes.toString('latin1', from, end);
  head.bodyFrom = end + 2;
  head.bodyLength = 0;
  head.kind = 'unknown';
  let hasLength = false;
  let hasKind = false;
  for (const line of head.block.split('\n')) {
    if (!hasLength && /^content-length:/i.test(line)) {
      const digits = line.slice('content-length:'.length).trim();
      hasLength = true;
      if (/^\d+$/.test(digits)) head.bodyLength = digits.length > MAX_DIGITS ? Number.MAX_SAFE_INTEGER : Number(digits);
    } else if (!hasKind && /^content-type:/i.test(line)) {
      hasKind = true;
      head.kind = KINDS[line.slice('content-type:'.length).trim().toLowerCase()] ?? 'unknown';
    }
  }
}

/**
 * Reads the exact form that FreeSWITCH gives to the head of an event, which needs no search.
 *
 * @returns `false` when it has another form, or is not whole
 */
export function readEventHead(bytes: Buffer, from: number, head: FrameHead): boolean {
  if (!startsWith(bytes, from, LENGTH)) return false;
  let at = from + LENGTH.length;
  let length = 0;
  const lastDigit = at + MAX_DIGITS;
  for (;;) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
    at += 1;
    if (at > lastDigit) return false;
  }
  if (at === from + LENGTH.length || !startsWith(bytes, at, EVENT)) return false;
  at += EVENT.length;
  for (const { kind, ending } of FORMATS) {
    if (!startsWith(bytes, at, ending)) continue;
    head.kind = kind;
    head.block = '';
    head.bodyFrom = at + ending.length;
    head.bodyLength = length;
    return true;
  }
  return false;
}

function startsWith(bytes: Buffer, from: number, wanted: Buffer): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

/** Copies a frame out of the bytes that hold it whole. */
export function frameOf(bytes: Buffer, head: FrameHead, context: EventContext): EslFrame {
  const { kind, block, bodyFrom } = head;
  const body = head.bodyLength === 0 ? '' : latin1Of(bytes, bodyFrom, bodyFrom + head.bodyLength);
  switch (kind) {
    case 'plain':
      return new PlainEvent(body, context);
    case 'json':
      return new JsonEvent(body, context);
    case 'xml':
      return new XmlEvent(body, context);
    case 'reply':
      return new EslReply(block, context);
    case 'apiResponse':
      return new EslApiResponse(block, body, context);
    case 'authRequest':
      return new EslAuthRequest(block, context);
    case 'log':
      return new EslLog(block, body, context);
    case 'disconnectNotice':
      return new EslDisconnectNotice(block, body, context);
    case 'rejection':
      return new EslRejection(block, body, context);
    case 'unknown':
      return new EslUnknown(block, body, context);
    default:
      return kind satisfies never;
  }
}
