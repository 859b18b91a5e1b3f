import { type AsteriskOptions, asteriskOptions } from '@cordboard/adapters-asterisk';
import { type FreeswitchOptions, freeswitchOptions } from '@cordboard/adapters-freeswitch';
import { type UsbBoxOptions, usbBoxOptions } from '@cordboard/adapters-usbbox';
import { examineAmi } from './asterisk-ami.js';
import { examineAri } from './asterisk-ari.js';
import type { Finding } from './finding.js';
import { examineFreeswitch } from './freeswitch.js';
import { examineUsbBox } from './usbbox.js';

/** What was found at one switch of a configuration. */
export interface SwitchReport {
  readonly switchId: string;
  readonly findings: readonly Finding[];
}

const defaultBoundMs = 10_000;

/** The options that a configuration gives a kind of switch, however they were written. */
function given(kind: string, driver: unknown, options: unknown): unknown {
  const own = typeof driver === 'function' && 'options' in driver ? driver.options : undefined;
  return driver === kind ? options : own;
}

/** The Asterisk options of a configured switch; `undefined` for another kind of switch. */
function asteriskOf(driver: unknown, options: unknown): AsteriskOptions | undefined {
  return asteriskOptions.safeParse(given('asterisk', driver, options)).data;
}

/** The FreeSWITCH options of a configured switch; `undefined` for another kind of switch. */
function freeswitchOf(driver: unknown, options: unknown): FreeswitchOptions | undefined {
  return freeswitchOptions.safeParse(given('freeswitch', driver, options)).data;
}

/** The options of configured analog lines; `undefined` for another kind of switch. */
function usbBoxOf(driver: unknown, options: unknown): UsbBoxOptions | undefined {
  return usbBoxOptions.safeParse(given('usbbox', driver, options)).data;
}

/** Examines every switch of a configuration that was read. Never throws for what a switch does. */
export async function examine(
  switches: readonly { readonly id: string; readonly driver: unknown; readonly options?: unknown }[],
  boundMs = defaultBoundMs,
): Promise<SwitchReport[]> {
  return Promise.all(
    switches.map(async ({ id, driver, options }): Promise<SwitchReport> => {
      const freeswitch = freeswitchOf(driver, options);
      if (freeswitch !== undefined) return { switchId: id, findings: await examineFreeswitch(freeswitch, boundMs) };
      const box = usbBoxOf(driver, options);
      if (box !== undefined) return { switchId: id, findings: await examineUsbBox(box, boundMs) };
      const asterisk = asteriskOf(driver, options);
      if (asterisk === undefined) {
        const text = 'this kind of switch has no examination yet';
        return { switchId: id, findings: [{ id: 'switch.kind', level: 'unknown', text }] };
      }
      const [ari, ami] = await Promise.all([
        examineAri(asterisk, boundMs).catch((): Finding[] => [
          { id: 'ari.answers', level: 'failed', text: 'ARI broke off in the middle of an answer' },
        ]),
        examineAmi(asterisk, boundMs),
      ]);
      return { switchId: id, findings: [...ari, ...ami] };
    }),
  );
}
