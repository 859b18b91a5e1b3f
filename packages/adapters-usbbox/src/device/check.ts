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
    throw wrong([...place, 'kind'], { problem: `no such kind of device, there is ${known}` });
  }
  try {
    kind(device, nothing);
  } catch (error) {
    if (!isCtiError(error, 'config.invalid')) throw error;
    const inside = typeof error.details.path === 'string' ? error.details.path.split('.') : [];
    const path = inside[0] === 'device' ? inside.slice(1) : inside;
    throw wrong([...place, ...path], { problem: error.message.replace(/^option [^:]*: /u, '') });
  }
}

/** Its cause has the place as a list, so that whoever reads the whole configuration can put the place of this driver in front. */
function wrong(path: readonly (string | number)[], { problem }: { readonly problem: string }): CtiError {
  const cause = new z.ZodError([{ code: 'custom', path: [...path], message: problem, input: undefined }]);
  const text = path.join('.');
  return new CtiError('config.invalid', `option ${text}: ${problem}`, { details: { path: text }, cause });
}
