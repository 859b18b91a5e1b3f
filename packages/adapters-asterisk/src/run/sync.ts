import {
  asId,
  type CallId,
  type ConnectionSnapshot,
  CtiError,
  type DriverEvent,
  type RecordingId,
  type SwitchSnapshot,
} from '@cordboard/cti-core';
import { liveSnapshot } from '@cordboard/driver-kit';
import { adoptRequests, onChannel, setVariable } from '../map/from-core.js';
import { engineBridgeOf, type Leg, MARK_VARIABLE } from '../map/leg.js';
import { type AriRequest, part } from '../map/request.js';
import { type FoundChannel, ourChannels, ourSnoops, type Survey, surveyOf } from '../map/survey.js';
import { hasTexts } from '../wire/ari-decoder.js';
import { isOk, type Kit } from './kit.js';
import type { Monitors } from './monitors.js';
import { UNSEEN_MS } from './originate.js';
import type { Playbacks } from './playbacks.js';
import type { Quiet } from './quiet.js';
import type { Recordings } from './recordings.js';

/** Events that the driver has no use for and a busy switch sends most of. */
const UNWANTED = [
  'ChannelVarset',
  'ChannelConnectedLine',
  'ChannelCallerId',
  'ChannelDialplan',
  'PeerStatusChange',
  'ContactStatusChange',
];
/** Questions about single channels that run side by side. */
const AT_ONCE = 8;

/** What {@link survey} is about. */
export interface SyncParts {
  readonly kit: Kit;
  readonly playbacks: Playbacks;
  readonly recordings: Recordings;
  readonly monitors: Monitors;
  readonly quiet: Quiet;
}

/** What a sync found, beyond what is now in the model. */
export interface Synced {
  /** What Asterisk said. */
  readonly survey: Survey;
  /** Recordings that ended in the outage and whose connections live. */
  readonly endedRecordings: readonly RecordingId[];
}

/**
 * Asks the switch for everything and brings the model to it. Events of the meantime are the caller's: it applies them
 * afterwards, since each of them tells a state and not a step.
 *
 * @throws {CtiError} `driver.linkLost`, `driver.refused` when Asterisk does not tell its channels
 */
export async function sync(parts: SyncParts): Promise<Synced> {
  const { kit } = parts;
  await settings(kit);
  const survey = await ask(kit);
  const found = await withoutUndialled(kit, ourChannels(survey, kit.options.app));
  const marks = await marksOf(kit, found);
  const present = new Set(found.map((each) => each.channel.id));
  // An originate under way may not have made its channel yet; its own answer decides about it.
  for (const leg of [...kit.model.legs]) if (!present.has(leg.id) && leg.told === 'yes') kit.model.drop(leg.id);
  for (const each of found) take(kit, each, marks.get(each.channel.id));
  for (const { channel, place } of found) {
    const leg = kit.model.leg(channel.id);
    // One with a mark was met before. Nobody waits for the others: Asterisk sets no variable while something plays to the channel.
    if (place === 'before' || leg === undefined || leg.callId !== undefined) continue;
    for (const request of adoptRequests(leg, kit.options.app)) void kit.tidy(request);
  }
  const snoops = ourSnoops(survey).flatMap(({ snoopId, targetId }) => {
    const leg = kit.model.leg(targetId);
    return leg === undefined ? [] : [{ snoopId, leg }];
  });
  parts.monitors.resync(snoops);
  const endedRecordings = await parts.recordings.resync(snoops);
  await parts.playbacks.resync();
  // Whether hold music runs is not told: taken off before the next bridge, or it would go on inside.
  for (const leg of kit.model.legs)
    if (leg.place === 'in' && leg.state === 'connected') parts.quiet.music(leg, 'start');
  return { survey, endedRecordings };
}

/** Legs whose end is not clear yet are not in a snapshot; those that nobody has seen get their time once more. */
export function settle(kit: Kit): void {
  const { model } = kit;
  for (const leg of [...model.legs]) {
    if (leg.place === 'left') model.drop(leg.id);
    else if (leg.told === 'no') {
      kit.later(UNSEEN_MS, () => {
        if (leg.told === 'no') model.drop(leg.id);
      });
    }
  }
}

/** The snapshot of the model as it is now, with what the model does not hold. */
export function snapshotOf(
  parts: SyncParts,
  more: {
    /** Legs that have ended and are not told so yet. */
    readonly ending: readonly Leg[];
    readonly observed: readonly ConnectionSnapshot[];
    readonly devices: SwitchSnapshot['devices'];
  },
): DriverEvent {
  return liveSnapshot({
    connections: [...parts.kit.model.legs, ...more.ending],
    bridgeOf: ({ bridgeId }) => (bridgeId === undefined ? undefined : engineBridgeOf(bridgeId)),
    observed: more.observed,
    recordings: parts.recordings.active,
    monitors: parts.monitors.active,
    devices: more.devices,
  });
}

/** What the application gets from the switch: the events of every SIP phone and trunk, without those that nobody reads. */
async function settings(kit: Kit): Promise<void> {
  const app = `/applications/${part(kit.options.app)}`;
  await kit.tidy({
    method: 'PUT',
    path: `${app}/eventFilter`,
    body: { disallowed: UNWANTED.map((type) => ({ type })) },
  });
  await kit.tidy({ method: 'POST', path: `${app}/subscription`, query: { eventSource: 'endpoint:PJSIP' } });
}

async function ask(kit: Kit): Promise<Survey> {
  const get = async (path: string): Promise<unknown> => {
    const answer = await kit.send({ method: 'GET', path });
    if (isOk(answer)) return answer.json;
    throw new CtiError('driver.refused', `ARI answered a question about everything with status ${answer.status}`, {
      details: { status: answer.status, linkDown: 'refused' },
    });
  };
  // In this order: who is in a bridge was a channel before, and an event tells what comes after.
  const channels = await get('/channels');
  const bridges = await get('/bridges');
  const endpoints = await get('/endpoints');
  return surveyOf({ channels, bridges, endpoints });
}

/**
 * Leaves out, and ends, the channels that were made and perhaps never told to dial, because the link or the server went between the two:
 * nobody would ever answer them. One that this driver told to dial, or whose far end has said a word (a carrier that sends 183 never
 * makes it ring), is under way. Dialling it now could be a second time.
 */
async function withoutUndialled(kit: Kit, found: readonly FoundChannel[]): Promise<readonly FoundChannel[]> {
  const gone = new Set<FoundChannel>();
  await inBatches(found, async (each) => {
    const { channel, place } = each;
    if (place !== 'before' || channel.state !== 'Down' || kit.model.leg(channel.id)?.dialling === 'asked') return;
    const variable = 'CHANNEL(pjsip,remote_tag)';
    const answer = await kit.send({ ...setVariable(channel.id, variable, ''), method: 'GET', query: { variable } });
    if (isOk(answer) && hasTexts(answer.json, 'value') && answer.json.value !== '') return;
    gone.add(each);
    kit.model.drop(channel.id);
    await kit.tidy(onChannel(channel.id, { method: 'DELETE' }));
  });
  return found.filter((each) => !gone.has(each));
}

/** Our marks: told with the channels when `ari.conf` has `channelvars`, else asked for one by one. */
async function marksOf(kit: Kit, found: readonly FoundChannel[]): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  await inBatches(found, async ({ channel }) => {
    const told = channel.channelvars?.[MARK_VARIABLE];
    if (typeof told === 'string') {
      if (told !== '') marks.set(channel.id, told);
      return;
    }
    const known = kit.model.leg(channel.id)?.callId;
    if (known !== undefined) return void marks.set(channel.id, known);
    const request: AriRequest = {
      ...setVariable(channel.id, MARK_VARIABLE, ''),
      method: 'GET',
      query: { variable: MARK_VARIABLE },
    };
    const answer = await kit.send(request);
    if (isOk(answer) && hasTexts(answer.json, 'value') && answer.json.value !== '')
      marks.set(channel.id, answer.json.value);
  });
  return marks;
}

/** Brings one leg to what the switch shows: a new one is made, a known one keeps what the switch can not tell. */
function take(kit: Kit, found: FoundChannel, mark: string | undefined): void {
  const { channel, args, place, bridgeId } = found;
  const fresh = kit.model.legOfChannel(channel, args);
  const old = kit.model.leg(channel.id);
  const leg = old ?? fresh;
  leg.state = fresh.state;
  leg.place = place;
  leg.told = 'yes';
  if (mark !== undefined) leg.callId = asId<CallId>(mark);
  if (bridgeId === undefined) delete leg.bridgeId;
  else leg.bridgeId = bridgeId;
  if (old === undefined) kit.model.add(leg);
}

async function inBatches<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(run));
}
