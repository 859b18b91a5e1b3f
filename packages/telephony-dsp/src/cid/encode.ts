import type { AbsenceReason } from '../contract.js';
import { CALLER_ID_MESSAGE_TYPES } from './message.js';

/** A caller's identity to be sent. Give `number` or `absence`, not both. */
export interface CallerIdToEncode {
  readonly type: 'cid';
  /** `sdmf` has date and number only; `mdmf` everything. Default `mdmf`. */
  readonly format?: 'sdmf' | 'mdmf';
  /** `MMDDhhmm`. Needed by `sdmf`. */
  readonly datetime?: string;
  /** 1-32 of `0-9 * # + A-D`. */
  readonly number?: string;
  /** Why there is no number. */
  readonly absence?: AbsenceReason;
  /** Text goes out as ASCII or UTF-8; bytes go out as they are (GBK for old Chinese sets). */
  readonly name?: string | Uint8Array;
  /** Why there is no name. */
  readonly nameAbsence?: AbsenceReason;
  /** The number that was dialled, parameter 0x03. */
  readonly dialled?: string;
  /** The call was forwarded from here, parameter 0x1A. */
  readonly redirecting?: string;
  /** A long-distance call, parameter 0x06. */
  readonly longDistance?: 'L';
  /** Further parameters: number 0-255 and bytes of each, in this order, after the others. */
  readonly other?: readonly (readonly [parameter: number, value: Uint8Array])[];
}

/** A message-waiting lamp to be sent. */
export interface MessageWaitingToEncode {
  readonly type: 'messageWaiting';
  /** Default `mdmf`. */
  readonly format?: 'sdmf' | 'mdmf';
  readonly state: 'on' | 'off';
}

/**
 * Makes the bytes of one message of the caller-ID data link, with its length and checksum.
 *
 * @returns type, length, body and checksum, ready for the FSK generator
 * @throws {TypeError} where something cannot be said in the format: number and absence together or neither (`sdmf`), wrong characters,
 * a name in `sdmf`, a parameter over 255 bytes, a body under 3 or over 252 bytes
 * @source GR-30; ETSI EN 300 659-3
 */
export function encodeCallerIdMessage(message: CallerIdToEncode | MessageWaitingToEncode): Uint8Array {
  if (message.type === 'messageWaiting') return encodeLamp(message);
  check(message.number === undefined || message.absence === undefined, 'number and absence exclude each other');
  check(
    message.number === undefined || /^[0-9*#+A-D]{1,32}$/.test(message.number),
    'number needs 1-32 of 0-9 * # + A-D',
  );
  // Receivers read this letter in the number's place as the reason for its absence.
  check(message.number !== 'C', "the letter C alone stands for a payphone's absent number");
  check(message.datetime === undefined || /^\d{8}$/.test(message.datetime), 'datetime needs 8 digits MMDDhhmm');
  return message.format === 'sdmf' ? encodeSdmf(message) : encodeMdmf(message);
}

function encodeLamp(message: MessageWaitingToEncode): Uint8Array {
  const on = message.state === 'on';
  if (message.format === 'sdmf')
    return frame(CALLER_ID_MESSAGE_TYPES.sdmfWaiting, new Array<number>(3).fill(on ? 0x42 : 0x6f));
  return frame(CALLER_ID_MESSAGE_TYPES.mdmfWaiting, [0x0b, 1, on ? 0xff : 0x00]);
}

function encodeSdmf(message: CallerIdToEncode): Uint8Array {
  const who = message.number ?? message.absence;
  check(message.datetime !== undefined && who !== undefined, 'sdmf needs datetime, and number or absence');
  const more =
    message.name ??
    message.nameAbsence ??
    message.dialled ??
    message.redirecting ??
    message.longDistance ??
    message.other;
  check(more === undefined, 'sdmf has date and number only');
  return frame(CALLER_ID_MESSAGE_TYPES.sdmfCall, [...text(`${message.datetime}${who}`)]);
}

function encodeMdmf(message: CallerIdToEncode): Uint8Array {
  const body: number[] = [];
  const put = (parameter: number, value: Uint8Array | string | undefined): void => {
    if (value === undefined) return;
    const bytes = typeof value === 'string' ? text(value) : value;
    check(bytes.length <= 255, 'a parameter holds 255 bytes');
    check(Number.isInteger(parameter) && parameter >= 0 && parameter <= 255, 'parameter numbers are 0-255');
    body.push(parameter, bytes.length, ...bytes);
  };
  put(0x01, message.datetime);
  put(0x02, message.number);
  put(0x04, message.absence);
  put(0x07, message.name);
  put(0x08, message.nameAbsence);
  put(0x03, message.dialled);
  put(0x06, message.longDistance);
  put(0x1a, message.redirecting);
  for (const [parameter, value] of message.other ?? []) put(parameter, value);
  return frame(CALLER_ID_MESSAGE_TYPES.mdmfCall, body);
}

function frame(type: number, body: readonly number[]): Uint8Array {
  check(body.length >= 3 && body.length <= 252, 'a body has 3-252 bytes');
  const bytes = Uint8Array.from([type, body.length, ...body, 0]);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes[bytes.length - 1] = (256 - (sum % 256)) % 256;
  return bytes;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function check(holds: unknown, rule: string): asserts holds {
  if (!holds) throw new TypeError(`caller ID message: ${rule}`);
}
