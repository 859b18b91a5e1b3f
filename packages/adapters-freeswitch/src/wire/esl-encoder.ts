import { CtiError } from '@cordboard/cti-core';

/** A header of a command: name and value. */
export type EslCommandHeader = readonly [name: string, value: string];

/** One command for FreeSWITCH. */
export interface EslCommand {
  /** The first line: `api status`, `event plain CHANNEL_ANSWER`, `sendmsg <uuid>`. */
  readonly line: string;
  /** Further lines, in their order. `Content-Length` is added by the encoder. */
  readonly headers?: readonly EslCommandHeader[];
  /** Anything but NUL, at which FreeSWITCH would cut it. */
  readonly body?: string;
}

/** Longest body that FreeSWITCH takes: a longer one makes it close the connection (mod_event_socket.c, 1.11.2). */
export const MAX_COMMAND_BODY_BYTES = 16 << 20;

/** Longest `Job-UUID` that is sent: replies are built in 512 bytes, and one that does not fit loses the blank line at its end. */
export const MAX_JOB_UUID_LENGTH = 128;

/**
 * A command as text for the wire. It must be written in one piece: while FreeSWITCH has a part of a command, it sends no events.
 *
 * @throws {CtiError} `wire.unsafeValue` when a line or a value holds CR, LF or NUL, a name is no word, or a body is over 16 MiB
 */
export function encodeEslCommand(command: EslCommand): string {
  const { line, headers = [], body } = command;
  checkValue('a command', line);
  if (line.trim() === '') throw unsafe('a command must have a word');
  let text = `${line}\n`;
  for (const [name, value] of headers) {
    if (!NAME.test(name)) throw unsafe('the name of a header must be a word');
    if (/^content-length$/i.test(name)) throw unsafe('the length of the body is counted here and not told');
    checkValue(`the value of header ${name}`, value);
    text += `${name}: ${value}\n`;
  }
  if (body === undefined || body === '') return `${text}\n`;
  if (body.includes('\0')) throw unsafe('a body holds NUL');
  const length = Buffer.byteLength(body);
  if (length > MAX_COMMAND_BODY_BYTES) throw unsafe(`a body is longer than ${MAX_COMMAND_BODY_BYTES} bytes`);
  return `${text}Content-Length: ${length}\n\n${body}`;
}

/**
 * One word of a command line: a uuid, a name of an event or of a header.
 *
 * @throws {CtiError} `wire.unsafeValue` when it is empty or holds a blank or a control character
 */
export function eslWord(what: string, word: string): string {
  if (!/^[^\s\x00-\x1f\x7f]+$/.test(word)) throw unsafe(`${what} must be one word`);
  return word;
}

/** The application that `sendmsg` starts on a channel. */
export interface EslExecute {
  /** Name of the application, such as `playback`. An unknown one makes FreeSWITCH end the call. */
  readonly app: string;
  /** Its argument, one line of any length. */
  readonly arg?: string;
  /** Instead of `arg`: an argument that may hold line ends, such as SSML. */
  readonly body?: string;
  /** Comes back as `Application-UUID` in `CHANNEL_EXECUTE` and `CHANNEL_EXECUTE_COMPLETE`. */
  readonly eventUuid?: string;
  /** Start it only when the one before has ended; without it, applications that wait start each inside the other. Default `true`. */
  readonly lock?: boolean;
  /** How many times it runs, default 1. */
  readonly loops?: number;
}

/**
 * `sendmsg` that starts an application. A long argument goes into the body, where FreeSWITCH sets no limit to a line.
 *
 * @param uuid - the channel; `undefined` on a connection that FreeSWITCH opened for one
 * @throws {CtiError} `wire.unsafeValue` as {@link encodeEslCommand}
 */
export function executeCommand(uuid: string | undefined, execute: EslExecute): EslCommand {
  const { app, arg, eventUuid, lock = true, loops } = execute;
  if (arg !== undefined) checkValue('an argument', arg);
  const body = execute.body ?? (arg !== undefined && arg.length > MAX_ARG_IN_HEADER ? arg : undefined);
  const headers: EslCommandHeader[] = [
    ['call-command', 'execute'],
    ['execute-app-name', eslWord('an application', app)],
  ];
  if (arg !== undefined && arg !== '' && body === undefined) headers.push(['execute-app-arg', arg]);
  if (loops !== undefined) headers.push(['loops', String(Math.max(1, Math.trunc(loops)))]);
  if (eventUuid !== undefined) headers.push(['Event-UUID', eslWord('an event uuid', eventUuid)]);
  if (lock) headers.push(['event-lock', 'true']);
  if (body !== undefined) headers.push(['content-type', 'text/plain']);
  return { line: sendmsgLine(uuid), headers, ...(body === undefined ? {} : { body }) };
}

/** `sendmsg` that ends a channel. @throws {CtiError} `wire.unsafeValue` */
export function hangupCommand(uuid: string | undefined, cause = 'NORMAL_CLEARING'): EslCommand {
  return {
    line: sendmsgLine(uuid),
    headers: [
      ['call-command', 'hangup'],
      ['hangup-cause', eslWord('a cause', cause)],
    ],
  };
}

/** The first line of `sendmsg`. @throws {CtiError} `wire.unsafeValue` when the uuid is no word */
export function sendmsgLine(uuid: string | undefined): string {
  return uuid === undefined ? 'sendmsg' : `sendmsg ${eslWord('a uuid', uuid)}`;
}

/** A token of HTTP (RFC 9110, 5.6.2), which FreeSWITCH's header names are too. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MAX_ARG_IN_HEADER = 2_048;

function checkValue(what: string, value: string): void {
  if (/[\r\n\0]/.test(value)) throw unsafe(`${what} holds a line end or NUL`);
}

function unsafe(message: string): CtiError {
  return new CtiError('wire.unsafeValue', message);
}
