import type { TenantConfig } from '../contract/config.js';
import type { EngineInput } from '../contract/engine-io.js';
import { Sha256 } from './sha256.js';

/** Fields that name things of the machine, never of a person: they stay, or the journal would not replay. */
const KEPT = new Set([
  'kind',
  'type',
  'commandId',
  'connectionId',
  'consultId',
  'targetId',
  'by',
  'callId',
  'bridgeId',
  'playbackId',
  'recordingId',
  'timerId',
  'lookupId',
  'switchId',
  'linkId',
  'agentId',
  'toAgent',
  'userId',
  'clientId',
  'queueId',
  'popId',
  'tab',
  'epoch',
  'coreVersion',
  'nativeCallRef',
  'flow',
  'version',
  'prompt',
  'digit',
  'outcome',
  'code',
  'state',
  'mode',
  'seat',
  'files',
  'reason',
  'role',
  'presentation',
  'sampleHex',
]);
/** Fields that hold what people are called or wrote. */
const NAMES = new Set(['name', 'callerName', 'partyName', 'note', 'label', 'url', 'native', 'text', 'announcement']);
/** A run of digits this long in free text or a device's address may be somebody's number (E.164: at least 7 with area code). */
const NUMBER_RUN = /\+?\d{7,}/gu;
/** Leading digits that a dial plan looks at: country and area or mobile segment. */
const KEEP_LEADING = 5;

/** Replaces numbers and names of one journal, the same one always by the same other one. */
export interface Scrubber {
  /** An input that replays the same way and names nobody. */
  input(input: EngineInput): EngineInput;
}

/**
 * Makes a scrubber. `key` is any secret text: without it the replacements cannot be recomputed. Numbers that the
 * configuration names (routes, own numbers, extensions, emergency) are the site's and stay; of others the length and the leading five characters stay, so
 * that the dial plan reads them alike.
 */
export function createScrubber(config: TenantConfig, key: string): Scrubber {
  const site = siteNumbers(config);
  const number = (text: string): string => {
    const plus = text.startsWith('+') ? '+' : '';
    const digits = text.slice(plus.length);
    if (site.has(digits) || site.has(text)) return text;
    // The national and international spelling of one number end alike and must go on doing so.
    const tailLength = Math.max(0, Math.min(6, digits.length - KEEP_LEADING));
    const tail = digits.slice(digits.length - tailLength);
    return `${plus}${digits.slice(0, digits.length - tailLength)}${otherDigits(tail, key)}`;
  };
  const name = (text: string): string => (text === '' ? '' : `Person ${otherDigits(hexDigits(text, key), key)}`);
  const walk = (value: unknown, field: string, under: 'data' | 'other'): unknown => {
    if (typeof value === 'string') {
      if (KEPT.has(field)) return value;
      if (NAMES.has(field) || under === 'data') return name(value);
      return value.replace(NUMBER_RUN, number);
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, field, under));
    if (typeof value !== 'object' || value === null) return value;
    const inside = field === 'data' ? 'data' : under;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k, inside)]));
  };
  return {
    input: (input) => {
      // A configuration decides what happens: only the people in it are renamed.
      if (input.kind === 'boot' || input.kind === 'config')
        return { ...input, config: scrubConfig(input.config, name) };
      return walk(input, '', 'other') as EngineInput;
    },
  };
}

function scrubConfig(config: TenantConfig, name: (text: string) => string): TenantConfig {
  return { ...config, agents: config.agents.map((agent) => ({ ...agent, name: name(agent.name) })) };
}

function siteNumbers(config: TenantConfig): ReadonlySet<string> {
  const plan = config.dialPlan;
  return new Set([
    ...config.routes.map((route) => route.number.replace(/\*$/u, '')),
    ...plan.ownNumbers,
    ...plan.emergency,
    ...config.recording.neverNumbers,
    ...config.switches.flatMap((item) => item.callerNumber ?? []),
  ]);
}

/** Replaces digits by others of the same count, the same for the same text and key. */
function otherDigits(digits: string, key: string): string {
  if (digits === '') return '';
  const hash = new Sha256().updateText(`${key}\n${digits}`).hex();
  return [...digits].map((_, i) => String(Number.parseInt(hash.slice(i * 2, i * 2 + 2), 16) % 10)).join('');
}

function hexDigits(text: string, key: string): string {
  return String(Number.parseInt(new Sha256().updateText(`${key}\n${text}`).hex().slice(0, 8), 16) % 1_000_000).padStart(
    6,
    '0',
  );
}
