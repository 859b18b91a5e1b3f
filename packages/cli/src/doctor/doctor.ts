import { type AsteriskOptions, asteriskOptions } from '@cordboard/adapters-asterisk';
import { examineAmi } from './asterisk-ami.js';
import { examineAri } from './asterisk-ari.js';
import type { Finding } from './finding.js';

/** What was found at one switch of a configuration. */
export interface SwitchReport {
  readonly switchId: string;
  readonly findings: readonly Finding[];
}

const defaultBoundMs = 10_000;

/** The Asterisk options of a configured switch, however they were written; `undefined` for another kind of switch. */
function asteriskOf(driver: unknown, options: unknown): AsteriskOptions | undefined {
  const own = typeof driver === 'function' && 'options' in driver ? driver.options : undefined;
  const given = driver === 'asterisk' ? options : own;
  const parsed = given === undefined ? undefined : asteriskOptions.safeParse(given);
  return parsed?.success === true ? parsed.data : undefined;
}

/** Examines every switch of a configuration that was read. Never throws for what a switch does. */
export async function examine(
  switches: readonly { readonly id: string; readonly driver: unknown; readonly options?: unknown }[],
  boundMs = defaultBoundMs,
): Promise<SwitchReport[]> {
  return Promise.all(
    switches.map(async ({ id, driver, options }): Promise<SwitchReport> => {
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
