import {
  DEVICE_KINDS,
  type LineAbilities,
  type LineDeviceFactory,
  type UsbBoxOptions,
} from '@cordboard/adapters-usbbox';
import { isCtiError } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import type { Finding } from './finding.js';

type Line = UsbBoxOptions['lines'][number];

const quiet = (): void => undefined;
const deaf = {
  event: quiet,
  heard: quiet,
  wanted: () => 'nothing' as const,
  phoneHeard: quiet,
  phoneWanted: () => 'nothing' as const,
};

function factoryOf({ device }: Line): LineDeviceFactory | undefined {
  if (typeof device === 'function') return device;
  const context = {
    clock: systemClock,
    random: Math.random,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
  return DEVICE_KINDS[device.kind]?.(device, context);
}

/** What a box cannot do that somebody who has configured it may expect. */
function lacks(line: Line, abilities: LineAbilities): Finding[] {
  const findings: Finding[] = [];
  const say = (
    level: Finding['level'],
    what: string,
    words: { readonly text: string; readonly fix?: string },
  ): void => {
    findings.push({ id: `line.${line.name}.${what}`, level, ...words });
  };
  if (!abilities.detects.has('ring'))
    say('warning', 'ring', { text: `${line.name}: this box does not see ringing: calls that come in are not known` });
  if (abilities.sound === 'none')
    say('warning', 'sound', {
      text: `${line.name}: this box has no sound: who calls is shown, nothing is answered, said or recorded`,
    });
  else if (abilities.sound === 'half')
    say('warning', 'sound', {
      text: `${line.name}: this box hears nothing while it plays: keys do not break prompts off`,
    });
  if (abilities.listensOnHook === 'deaf' && !abilities.detects.has('callerId'))
    say('warning', 'callerId', {
      text: `${line.name}: this box is deaf on-hook and reads no caller ID itself: callers have no number`,
    });
  if (line.phone !== undefined && abilities.phone === 'none')
    say('failed', 'phone', {
      text: `${line.name}: an extension is configured, and this box has no socket for a phone`,
      fix: `leave lines.${line.name}.phone out`,
    });
  return findings;
}

/** Row L16: does a telephone ring while neither this program nor its PC lives? */
function fallback(line: Line, abilities: LineAbilities): Finding {
  const id = `line.${line.name}.fallback`;
  if (line.device !== undefined && typeof line.device !== 'function' && line.device.kind === 'simulated')
    return { id, level: 'unknown', text: `${line.name}: a simulated line has no fallback` };
  if (abilities.phone === 'parallel' || abilities.hook === 'none')
    return {
      id,
      level: 'ok',
      text: `${line.name}: its phone is always on the line, and rings without this program, if one is plugged in`,
    };
  const fix =
    'end this program, pull the power out, and call the number: a phone must ring; else plug one in beside the box';
  if (abilities.phone === 'switched')
    return {
      id,
      level: 'unknown',
      text: `${line.name}: whether the relay joins the phone to the line without power cannot be asked`,
      fix,
    };
  return {
    id,
    level: 'unknown',
    text: `${line.name}: whether a phone beside the box rings without it cannot be asked`,
    fix,
  };
}

async function examineLine(line: Line, boundMs: number): Promise<Finding[]> {
  const id = `line.${line.name}.opens`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), boundMs);
  try {
    const device = factoryOf(line)?.();
    if (device === undefined) return [{ id, level: 'failed', text: `${line.name}: no such kind of device` }];
    try {
      await device.open(deaf, { signal: abort.signal });
      const { abilities } = device;
      return [
        { id, level: 'ok', text: `${line.name}: its box opens` },
        ...lacks(line, abilities),
        fallback(line, abilities),
      ];
    } finally {
      await device.close();
    }
  } catch (error) {
    const text = isCtiError(error) ? error.message : 'it failed for a reason of its own';
    const fix = isCtiError(error, 'device.refused')
      ? 'end the program that has it, such as a server that runs on this configuration'
      : 'npx cordboard doctor usb names what is plugged in and what is missing';
    return [{ id, level: 'failed', text: `${line.name}: its box does not open: ${text}`, fix }];
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the box of each line, says what it lacks, and closes it again. */
export async function examineUsbBox(options: UsbBoxOptions, boundMs: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after the other: two lines may be channels of one device.
  for (const line of options.lines) findings.push(...(await examineLine(line, boundMs)));
  if (options.recordings === undefined)
    findings.push({
      id: 'recordings',
      level: 'warning',
      text: 'nothing is recorded: the option recordings names no folder',
    });
  if (options.prompts === undefined)
    findings.push({ id: 'prompts', level: 'warning', text: 'flows are silent: the option prompts names no folder' });
  return findings;
}
