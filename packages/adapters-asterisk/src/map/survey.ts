import { isBridge, isChannel, isEndpoint } from '../wire/ari-decoder.js';
import type { AriBridge, AriChannel, AriEndpoint } from '../wire/ari-messages.js';
import { isInternal, OUT } from './leg.js';

/** What Asterisk said when asked for everything; members of a wrong shape are left out. */
export interface Survey {
  readonly channels: readonly AriChannel[];
  readonly bridges: readonly AriBridge[];
  readonly endpoints: readonly AriEndpoint[];
}

/** Reads the three answers of a snapshot. */
export function surveyOf(answers: {
  readonly channels: unknown;
  readonly bridges: unknown;
  readonly endpoints: unknown;
}): Survey {
  return {
    channels: list(answers.channels).filter(isChannel),
    bridges: list(answers.bridges).filter(isBridge),
    endpoints: list(answers.endpoints).filter(isEndpoint),
  };
}

/** A channel of ours in a survey. */
export interface FoundChannel {
  readonly channel: AriChannel;
  /** Arguments with which it entered the application; `out` first for those that we dialled. */
  readonly args: readonly string[];
  /** `before`: dialled by us and not answered. */
  readonly place: 'before' | 'in';
  readonly bridgeId?: string;
}

/**
 * The channels that are ours: in our application. Everybody else's are left alone, and so are the driver's own helpers.
 */
export function ourChannels(survey: Survey, app: string): readonly FoundChannel[] {
  const bridgeOf = new Map<string, string>();
  for (const bridge of survey.bridges) {
    if (isInternal(bridge.id)) continue;
    for (const id of bridge.channels) bridgeOf.set(id, bridge.id);
  }
  const found: FoundChannel[] = [];
  for (const channel of survey.channels) {
    if (isInternal(channel.id)) continue;
    const { app_name: name, app_data: data = '' } = channel.dialplan ?? {};
    const [first, ...args] = data.split(',');
    const bridgeId = bridgeOf.get(channel.id);
    if (name !== 'Stasis' || first !== app) continue;
    const place = args[0] === OUT && channel.state !== 'Up' ? 'before' : 'in';
    found.push({ channel, args, place, ...(bridgeId === undefined ? {} : { bridgeId }) });
  }
  return found;
}

/** Snoop channels of ours and the channel that each spies on, from their names `Snoop/<id>-<n>`. */
export function ourSnoops(survey: Survey): readonly { readonly snoopId: string; readonly targetId: string }[] {
  return survey.channels.flatMap((channel) => {
    const targetId = /^Snoop\/(.+)-[0-9a-f]{8}$/.exec(channel.name)?.[1];
    return isInternal(channel.id) && targetId !== undefined ? [{ snoopId: channel.id, targetId }] : [];
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
