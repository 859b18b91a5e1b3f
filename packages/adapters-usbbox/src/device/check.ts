import { type Clock, CtiError, isCtiError } from '@cordboard/cti-core';
import { z } from 'zod';
import type { LineOptions } from '../options.js';
import type { DeviceKinds } from './kinds.js';

const quiet = (): void => undefined;
const still: Clock = { nowMs: () => 0, wallMs: () => 0, setTimer: () => quiet };
const nothing = { clock: still, random: () => 0, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } };

/**
 * Holds the device of a line against its kind when the configuration is read, not when the line is opened. Making a factory does no I/O.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 */
export function checkDevice(
  { device }: LineOptions,
  how: { readonly place: readonly (string | number)[]; readonly kinds: DeviceKinds },
): void {
  if (typeof device === 'function') return;
  const { place, kinds } = how;
  const kind = Object.hasOwn(kinds, device.kind) ? kinds[device.kind] : undefined;
  if (kind === undefined) {
    const known = Object.keys(kinds).join(', ') || 'none';
    throw wrong({ path: [...place, 'kind'], message: `expected a kind of device that there is: ${known}` });
  }
  try {
    kind(device, nothing);
  } catch (error) {
    if (!isCtiError(error, 'config.invalid')) throw error;
    throw wrong(...placed(error, place));
  }
}

type Issue = Omit<z.core.$ZodIssueCustom, 'code' | 'path'> & { readonly path: readonly PropertyKey[] };

/** What a kind says of its options, each with its place in the options of the driver. */
function placed(error: CtiError, place: readonly PropertyKey[]): Issue[] {
  if (error.cause instanceof z.ZodError)
    return error.cause.issues.map((issue) => ({ ...issue, path: [...place, ...issue.path] }));
  const inside = typeof error.details.path === 'string' ? error.details.path.split('.') : [];
  const path = inside[0] === 'device' ? inside.slice(1) : inside;
  return [{ path: [...place, ...path], message: error.message.replace(/^option [^:]*: /u, '') }];
}

/** Its cause has the places as lists, so that whoever reads the whole configuration can put the place of this driver in front. */
function wrong(...issues: readonly Issue[]): CtiError {
  const cause = new z.ZodError(
    issues.map((issue) => ({ code: 'custom', input: undefined, ...issue, path: [...issue.path] })),
  );
  const path = issues[0]?.path.join('.') ?? '';
  return new CtiError('config.invalid', `option ${path}: ${issues[0]?.message ?? 'is wrong'}`, {
    details: { path },
    cause,
  });
}
