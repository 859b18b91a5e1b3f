import { type ConnectionSnapshot, CtiError, type DriverEvent, type SwitchSnapshot } from '@cordboard/cti-core';
import { liveSnapshot } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { header, type SwitchEvent, variable } from '../map/event.js';
import { keepingVariables, setVariables } from '../map/from-core.js';
import { type Leg, MONITOR } from '../map/leg.js';
import { putNamesRight } from '../map/named-bridges.js';
import { phoneHolds } from '../map/phone-hold.js';
import { answerOf } from '../map/reply.js';
import {
  type ChannelRow,
  channelRows,
  conferenceMembers,
  directoryUsers,
  dumpOf,
  type FoundChannel,
  ourChannels,
  registeredUsers,
  rowOf,
  type Survey,
  sessionCount,
} from '../map/survey.js';
import type { CommandParts } from './commands.js';
import type { Kit } from './kit.js';
import { RECORDINGS } from './recordings.js';

/** Questions about single channels that run side by side. */
const AT_ONCE = 16;
/** Channels that end are counted until they are gone and may stay off the list: it is not waited for longer than half a second. */
const MOST_LISTS = 6;
const LIST_AGAIN_MS = 100;

/**
 * Asks the switch for everything and brings the model to it. Events of the meantime are the caller's: it applies them
 * afterwards, since each of them tells a state and not a step.
 *
 * @throws {CtiError} `driver.linkLost`, `driver.refused` when FreeSWITCH does not tell its channels
 */
export async function sync(parts: CommandParts): Promise<Survey> {
  const { kit } = parts;
  await settings(parts);
  const survey = await ask(kit);
  const found = ourChannels(survey);
  const present = new Set(found.map((each) => each.id));
  // An originate under way may not have made its channel yet; its own answer decides about it.
  for (const leg of [...kit.model.legs]) if (!present.has(leg.id) && leg.told === 'yes') kit.model.drop(leg.id);
  const notes = found.map((each) => ({ leg: take(kit, each), dump: each.dump }));
  putNamesRight(notes.map(({ leg }) => leg));
  for (const { leg } of notes) if (leg.place.kind !== 'before') void kit.tidy(adoptText(kit, leg));
  parts.monitors.resync(notes.map(({ leg, dump }) => ({ leg, note: variable(dump, MONITOR) })));
  parts.recordings.resync(notes.map(({ leg, dump }) => ({ leg, note: variable(dump, RECORDINGS) })));
  parts.playbacks.resync();
  // Whether hold music runs is not told: taken off before the next bridge, or it would go on inside.
  for (const { leg } of notes) if (leg.place.kind === 'alone' && leg.state === 'connected') parts.quiet.suspect(leg);
  return survey;
}

/** What each channel that came by itself gets at first touch, so that nothing takes it out of our hands. */
export function adoptText(kit: Kit, leg: Leg): string {
  return setVariables(leg.id, keepingVariables(kit.options));
}

/** The snapshot of the model as it is now, with what the model does not hold. */
export function snapshotOf(
  parts: CommandParts,
  more: {
    /** Legs that have ended and are not told so yet. */
    readonly ending: readonly Leg[];
    readonly observed: readonly ConnectionSnapshot[];
    readonly devices: SwitchSnapshot['devices'];
  },
): DriverEvent {
  return liveSnapshot({
    connections: [...parts.kit.model.legs, ...more.ending],
    bridgeOf: ({ bridgeId }) => bridgeId,
    observed: more.observed,
    recordings: parts.recordings.active,
    monitors: parts.monitors.active,
    devices: more.devices,
  });
}

/** What is the same for as long as the switch runs. */
async function settings(parts: CommandParts): Promise<void> {
  const { kit, recordings } = parts;
  const { path } = kit.options.recordings;
  if (path !== undefined) return recordings.setFolder(path);
  const answer = answerOf(await kit.api('global_getvar recordings_dir'));
  const folder = /^\/[\x21-\x7e]{1,200}$/.exec(answer.text)?.[0];
  recordings.setFolder(
    `${answer.kind === 'ok' && folder !== undefined ? folder : '/var/lib/freeswitch/recordings'}/cordboard`,
  );
}

async function ask(kit: Kit): Promise<Survey> {
  const listed = await listAll(kit);
  const dumps = new Map<string, SwitchEvent>();
  const look = async (ids: readonly string[]): Promise<void> => {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      const bodies = await Promise.all(some.map((id) => kit.api(`${commandText('uuid_dump', id)} json`)));
      for (const [n, id] of some.entries()) {
        const dump = dumpOf(bodies[n] ?? '');
        if (dump !== undefined) dumps.set(id, dump);
      }
    }
  };
  await look(listed.map(({ uuid }) => uuid));
  // Those whom we know and the list does not: whether they live, the channel itself says.
  const missed = [...kit.model.legs].map(({ id }) => id).filter((id) => !listed.some(({ uuid }) => uuid === id));
  await look(missed);
  const rows = [
    ...listed,
    ...missed.flatMap((id) => {
      const dump = dumps.get(id);
      return dump === undefined ? [] : [rowOf(id, dump)];
    }),
  ];
  const conferences = conferenceMembers(await kit.api('conference json_list'));
  const users = directoryUsers(await kit.api('list_users'));
  const registered = registeredUsers(await kit.api('show registrations as json'));
  return { rows, dumps, conferences, users, registered };
}

/**
 * FreeSWITCH lists its channels from a database that another thread writes, on a busy machine some 100 ms late (1.11.2), and counts them without it: a list that is
 * shorter than the count is asked for again.
 *
 * @throws {CtiError} `driver.refused` when it does not list them
 */
async function listAll(kit: Kit): Promise<readonly ChannelRow[]> {
  for (let look = 1; ; look += 1) {
    const count = sessionCount(await kit.api('status'));
    const list = await kit.api('show channels as json');
    if (answerOf(list).kind === 'error') {
      throw new CtiError('driver.refused', 'the switch does not tell its channels', {
        details: { linkDown: 'refused' },
      });
    }
    const rows = channelRows(list);
    if (count === undefined || rows.length >= count || look === MOST_LISTS) return rows;
    await new Promise<void>((resolve) => {
      kit.later(LIST_AGAIN_MS, resolve);
    });
  }
}

/** Brings one leg to what the switch shows: a new one is made, a known one keeps what the switch can not tell. */
function take(kit: Kit, found: FoundChannel): Leg {
  const fresh = kit.model.legOfChannel(found.id, found.dump, found.direction);
  const old = kit.model.leg(found.id);
  const leg = old ?? fresh;
  const answered = header(found.dump, 'Answer-State') === 'answered';
  leg.state = answered ? 'connected' : found.direction === 'outgoing' ? 'alerting' : 'initiated';
  leg.place = found.place;
  leg.told = 'yes';
  leg.hold = header(found.dump, 'Channel-Call-State') === 'HELD' || phoneHolds(found.dump) ? 'byDevice' : 'none';
  for (const passing of [
    'joining',
    'leaving',
    'parking',
    'parting',
    'ending',
    'gone',
    'redirecting',
    'meeting',
  ] as const)
    delete leg[passing];
  if (fresh.callId !== undefined) leg.callId = fresh.callId;
  if (fresh.bridgeId === undefined) delete leg.bridgeId;
  else leg.bridgeId = fresh.bridgeId;
  if (old === undefined) kit.model.add(leg);
  return leg;
}
