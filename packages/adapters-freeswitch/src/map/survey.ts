import { header, type SwitchEvent, variable } from './event.js';
import { BRIDGE, bridgeOfConference, MARK, ownership, type Place } from './leg.js';

/** One row of `show channels as json`; columns that are not read are left out. */
export interface ChannelRow {
  readonly uuid: string;
  /** What the channel runs now, and with what: of `uuid_bridge` the other channel. Empty when it waits. */
  readonly application: string;
  readonly applicationData: string;
  /** `CS_PARK`, `CS_EXECUTE`, ... */
  readonly state: string;
}

/** The channels that live, from `show channels as json`. Rows of a wrong shape are left out. */
export function channelRows(body: string): readonly ChannelRow[] {
  return rows(body).flatMap((row) => {
    const { uuid } = row;
    if (typeof uuid !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(uuid)) return [];
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    return [
      { uuid, application: text(row.application), applicationData: text(row.application_data), state: text(row.state) },
    ];
  });
}

/** How many channels live, from `status`; `undefined` where the switch does not say. */
export function sessionCount(body: string): number | undefined {
  const count = /^(\d{1,9}) session\(s\) - peak/mu.exec(body)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** What the list would show of a channel that it lacks. */
export function rowOf(uuid: string, dump: SwitchEvent): ChannelRow {
  return {
    uuid,
    application: variable(dump, 'current_application') ?? '',
    applicationData: variable(dump, 'current_application_data') ?? '',
    state: header(dump, 'Channel-State') ?? '',
  };
}

/** Users with a registration, from `show registrations as json`. */
export function registeredUsers(body: string): readonly string[] {
  return [...new Set(rows(body).flatMap((row) => (typeof row.reg_user === 'string' ? userName(row.reg_user) : [])))];
}

/**
 * Users of the directory, from `list_users`: lines of `userid|context|domain|group|contact|...` below a line that names the columns.
 * Users appear once for each group that they are in.
 */
export function directoryUsers(body: string): readonly string[] {
  const [head = '', ...lines] = body.split('\n');
  if (!head.startsWith('userid|')) return [];
  return [
    ...new Set(
      lines.flatMap((line) => {
        const [user = '', context] = line.split('|');
        return context === undefined ? [] : userName(user);
      }),
    ),
  ];
}

/** Conferences and their members' channels, from `conference json_list`. */
export function conferenceMembers(body: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const item of list(parse(body))) {
    const { conference_name: name, members } = item as { conference_name?: unknown; members?: unknown };
    if (typeof name !== 'string') continue;
    found.set(
      name,
      list(members).flatMap((member) => {
        const { uuid } = member as { uuid?: unknown };
        return typeof uuid === 'string' ? [uuid] : [];
      }),
    );
  }
  return found;
}

/** What `uuid_dump <uuid> json` shows, in the form of an event. `undefined` when it is none (the channel is gone). */
export function dumpOf(body: string): SwitchEvent | undefined {
  const value = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const headers = new Map<string, string>();
  for (const [name, each] of Object.entries(value)) if (typeof each === 'string') headers.set(name, each);
  if (!headers.has('Unique-ID')) return undefined;
  return { name: headers.get('Event-Name') ?? '', get: (name) => headers.get(name) };
}

function rows(body: string): readonly Record<string, unknown>[] {
  const value = parse(body) as { readonly rows?: unknown } | undefined;
  return list(value?.rows).filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null);
}

function list(value: unknown): readonly object[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function userName(text: string): readonly string[] {
  const user = text.split('@')[0] ?? '';
  return /^[\p{L}\p{N}_.+*#-]{1,64}$/u.test(user) ? [user] : [];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // `-ERR ...`, or a list cut short: nothing is known from it.
    return undefined;
  }
}

/** A channel of ours in a survey. */
export interface FoundChannel {
  readonly id: string;
  readonly dump: SwitchEvent;
  readonly direction: 'incoming' | 'outgoing';
  readonly place: Place;
}

/** What the switch said when asked for everything. */
export interface Survey {
  readonly rows: readonly ChannelRow[];
  /** Channel id -> its headers and variables; a channel that went meanwhile has none. */
  readonly dumps: ReadonlyMap<string, SwitchEvent>;
  readonly conferences: ReadonlyMap<string, readonly string[]>;
  readonly users: readonly string[];
  readonly registered: readonly string[];
}

/**
 * The channels that are ours: those that we dialled, and those that the dialplan has parked for us. One that the dialplan has marked and still
 * leads through its own steps is not in our hands yet: its park will be told.
 */
export function ourChannels(survey: Survey): readonly FoundChannel[] {
  const conferenceOf = new Map<string, string>();
  for (const [name, members] of survey.conferences) {
    if (bridgeOfConference(name) !== undefined) for (const id of members) conferenceOf.set(id, name);
  }
  const partners = new Map(survey.rows.map((row) => [row.uuid, partnerOf(row, survey.dumps.get(row.uuid))]));
  return survey.rows.flatMap((row) => {
    const dump = survey.dumps.get(row.uuid);
    const direction = dump === undefined ? undefined : ownership(dump);
    if (dump === undefined || direction === undefined) return [];
    const answered = header(dump, 'Answer-State') === 'answered';
    const running = variable(dump, 'current_application') ?? row.application;
    const parked = running === 'park' || row.state === 'CS_PARK' || header(dump, 'Channel-State') === 'CS_PARK';
    const withId = partners.get(row.uuid);
    const name = conferenceOf.get(row.uuid);
    const place: Place =
      name !== undefined
        ? { kind: 'conference', name }
        : withId !== undefined && partners.get(withId) === row.uuid
          ? { kind: 'pair', withId }
          : direction === 'outgoing' && !answered
            ? { kind: 'before' }
            : { kind: 'alone' };
    const touched = variable(dump, MARK) !== undefined || variable(dump, BRIDGE) !== undefined;
    if (direction === 'incoming' && !touched && !parked && place.kind === 'alone') return [];
    return [{ id: row.uuid, dump, direction, place }];
  });
}

function partnerOf(row: ChannelRow, dump: SwitchEvent | undefined): string | undefined {
  const told = dump === undefined ? undefined : (variable(dump, 'bridge_uuid') ?? variable(dump, 'signal_bond'));
  if (told !== undefined) return told;
  return row.application === 'uuid_bridge' && row.applicationData !== '' ? row.applicationData : undefined;
}
