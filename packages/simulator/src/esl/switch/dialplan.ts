import type { AppStep, Channel } from './channel.js';

/** One rule: a number (`8100`), or a pattern between slashes (`/^9(\d+)$/`) whose groups are `$1`, `$2`; and the applications it leads to. */
export interface DialplanRule {
  readonly number: string;
  /** Only in this context; default in all. */
  readonly context?: string;
  /** Not for channels on which this variable is set. */
  readonly unless?: string;
  /** Each an application, alone or with its data: `'answer'`, `['playback', 'welcome.wav']`. */
  readonly apps: readonly (string | readonly [app: string, data: string])[];
}

/** Where numbers lead: the rules in their order, then the extensions themselves. */
export class Dialplan {
  readonly #rules: readonly { readonly rule: DialplanRule; readonly pattern: RegExp | undefined }[];
  readonly #isExtension: (number: string) => boolean;

  constructor(rules: readonly DialplanRule[], isExtension: (number: string) => boolean) {
    this.#rules = rules.map((rule) => ({ rule, pattern: patternOf(rule.number) }));
    this.#isExtension = isExtension;
  }

  /** What a number leads to; `undefined` for one without meaning. */
  find(number: string, context: string, channel?: Pick<Channel, 'get'>): readonly AppStep[] | undefined {
    for (const { rule, pattern } of this.#rules) {
      if (rule.context !== undefined && rule.context !== context) continue;
      if (rule.unless !== undefined && channel?.get(rule.unless) !== undefined) continue;
      const found = pattern === undefined ? (rule.number === number ? [number] : undefined) : pattern.exec(number);
      if (found) return rule.apps.map((app) => stepOf(app, found));
    }
    if (!this.#isExtension(number)) return undefined;
    return [
      { app: 'set', data: 'hangup_after_bridge=true' },
      { app: 'set', data: 'continue_on_fail=true' },
      { app: 'bridge', data: `user/${number}` },
    ];
  }
}

function patternOf(number: string): RegExp | undefined {
  const found = /^\/(.+)\/$/u.exec(number);
  return found?.[1] === undefined ? undefined : new RegExp(found[1], 'u');
}

function stepOf(app: DialplanRule['apps'][number], found: readonly (string | undefined)[]): AppStep {
  const [name, data] = typeof app === 'string' ? [app, ''] : app;
  return { app: name, data: data.replaceAll(/\$(\d)/gu, (_all, digit: string) => found[Number(digit)] ?? '') };
}

/** Applications written in one line: `answer,playback:/tmp/x.wav,park` or, quoted, with another separator `m:^:a:1^b:2` (inline dialplan). */
export function inlineSteps(text: string): readonly AppStep[] {
  const trimmed = text.trim().replaceAll(/^'|'$/gu, '');
  const custom = /^m:(.):/u.exec(trimmed);
  const parts = custom === null ? trimmed.split(',') : trimmed.slice(custom[0].length).split(custom[1] ?? ',');
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      return colon < 0 ? { app: part, data: '' } : { app: part.slice(0, colon), data: part.slice(colon + 1) };
    });
}

/** Puts variables in the place of `${name}`; what is not set is nothing. */
export function expand(text: string, channel: Channel): string {
  if (!text.includes('${')) return text;
  return text.replaceAll(/\$\{([^}]*)\}/gu, (_all, name: string) => variableOf(channel, name) ?? '');
}

/** A variable, or a field of the caller profile under its variable name. */
export function variableOf(channel: Channel, name: string): string | undefined {
  const own = channel.get(name);
  if (own !== undefined) return own;
  const { profile } = channel;
  switch (name) {
    case 'uuid':
      return channel.uuid;
    case 'caller_id_name':
      return profile.callerIdName;
    case 'caller_id_number':
      return profile.callerIdNumber;
    case 'destination_number':
      return profile.destination;
    case 'context':
      return profile.context;
    case 'channel_name':
      return channel.name;
    case 'hangup_cause':
      return channel.hangupCause;
    default:
      return undefined;
  }
}
