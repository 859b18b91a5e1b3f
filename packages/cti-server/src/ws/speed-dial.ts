import { normalise, type SpeedDialConfig, type TenantConfig } from '@cordboard/cti-core';
import type { MaskClass, SpeedDialEntry } from '@cordboard/cti-protocol';
import type { Identity } from '../auth/tokens.js';
import type { MaskRules } from '../streams/mask-rules.js';
import type { Masker } from '../streams/masker.js';
import { agentOf } from './desk.js';

/** The codes that a user can dial: those of the agent that the user is, then those of the site that they do not hide; by code. */
export function entriesOf(who: Identity, config: TenantConfig, rules: MaskRules | undefined): SpeedDialEntry[] {
  const agentId = agentOf(who);
  const byCode = new Map<string, SpeedDialConfig>();
  for (const entry of config.speedDial ?? []) {
    if (entry.agent !== undefined && entry.agent !== agentId) continue;
    if (entry.agent !== undefined || !byCode.has(entry.code)) byCode.set(entry.code, entry);
  }
  return [...byCode.values()]
    .sort((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1))
    .map((entry) => entryOf(entry, config, rules));
}

/** One code as this mask class sees it: without the number where that may not be seen; the code dials it all the same. */
export function entryOf(entry: SpeedDialConfig, config: TenantConfig, rules: MaskRules | undefined): SpeedDialEntry {
  const { code, agent } = entry;
  const { name, number } = maskEntry(entry, config, rules);
  return { code, name, ...(number === undefined ? {} : { number }), list: agent === undefined ? 'site' : 'own' };
}

function maskEntry(
  { name, number }: SpeedDialConfig,
  { dialPlan }: TenantConfig,
  rules: MaskRules | undefined,
): { readonly name: string; readonly number?: string } {
  if (rules === undefined) return { name, number };
  const read = normalise({ number, presentation: 'allowed' }, dialPlan);
  return rules.isOpen(read) ? { name, number } : { name: rules.text(name, [read]) };
}

/** An entry of the configuration, as a mask class sees it: a reference in the place of the number. */
export function maskSpeedDial(
  entry: SpeedDialConfig,
  config: TenantConfig,
  rules: MaskRules | undefined,
): SpeedDialConfig {
  const { name, number } = maskEntry(entry, config, rules);
  if (rules === undefined || number !== undefined) return entry;
  const read = normalise({ number: entry.number, presentation: 'allowed' }, config.dialPlan);
  return { ...entry, name, number: rules.maskClass === 'hidden' ? '' : rules.reference(read) };
}

/** What one socket was told of its speed dial list; says when there is something new. */
export class SpeedDialTeller {
  #told: readonly SpeedDialConfig[] = [];
  #maskClass: MaskClass | undefined;

  /** The list, when it differs from what was told last. Cost of no change: that of a look at each entry. */
  news(to: {
    readonly who: Identity;
    readonly config: TenantConfig;
    readonly masker: Masker;
    readonly maskClass: MaskClass;
  }): SpeedDialEntry[] | undefined {
    const { who, config, masker, maskClass } = to;
    if (who.role === 'operator' || who.role === 'reviewer') return undefined;
    const now = config.speedDial ?? [];
    const told = this.#told;
    if (this.#maskClass === maskClass && now.length === told.length && now.every((one, n) => one === told[n])) {
      return undefined;
    }
    this.#told = now;
    this.#maskClass = maskClass;
    return entriesOf(who, config, masker.rules(maskClass));
  }
}
