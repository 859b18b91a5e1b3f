import { CtiError } from '@cordboard/cti-core';
import { CLIENT_COMMAND_TYPES, type ClientFrame, clientFrame, fromZodError } from '@cordboard/cti-protocol';

/** A frame that was refused: the error, and the command that it was, when that can be told. */
export interface RefusedFrame {
  readonly error: CtiError;
  readonly commandId?: string;
}

const COMMANDS: ReadonlySet<string> = new Set(CLIENT_COMMAND_TYPES);

/** Reads one text frame of a client. Never throws: a bad frame is data. */
export function readFrame(text: string): { readonly frame: ClientFrame } | RefusedFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold numbers or a token.
    return { error: new CtiError('wire.frameInvalid', 'the frame is not JSON') };
  }
  const result = clientFrame.safeParse(value);
  if (result.success) return { frame: result.data };
  const commandId = commandIdOf(value);
  const given = commandId === undefined ? {} : { commandId };
  const type = commandTypeOf(value);
  if (type !== undefined && !COMMANDS.has(type)) {
    return { ...given, error: new CtiError('command.unknown', 'there is no command of this type') };
  }
  const plain = fromZodError('wire.frameInvalid', result.error);
  const path = String(plain.details.path);
  if (!path.startsWith('command.')) return { ...given, error: plain };
  const code = path === 'command.to' ? 'argument.number' : 'argument.invalid';
  return { ...given, error: fromZodError(code, result.error) };
}

function commandIdOf(value: unknown): string | undefined {
  const id = field(value, 'commandId');
  return typeof id === 'string' && id.length > 0 && id.length <= 64 ? id : undefined;
}

function commandTypeOf(value: unknown): string | undefined {
  if (field(value, 'type') !== 'command') return undefined;
  const type = field(field(value, 'command'), 'type');
  return typeof type === 'string' ? type : undefined;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
