import type { PublishedEvent } from '@cordboard/cti-core';
import type { ServerFrame } from '@cordboard/cti-protocol/types';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCursor = (value: unknown): boolean => isFields(value) && isText(value.epoch) && isCount(value.seq);

const isAgent = (value: unknown): boolean =>
  isFields(value) &&
  isText(value.agentId) &&
  isText(value.state) &&
  Array.isArray(value.queues) &&
  Array.isArray(value.calls);

const isNumber = (value: unknown): boolean => isFields(value) && isText(value.display);

const isConnection = (value: unknown): boolean =>
  isFields(value) &&
  isText(value.connectionId) &&
  isText(value.state) &&
  isNumber(value.party) &&
  Array.isArray(value.actions);

const isOptional = (value: unknown, fits: (value: unknown) => boolean): boolean => value === undefined || fits(value);

const isList = (value: unknown, item: (value: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(item);

const isMatch = (value: unknown): boolean => isFields(value) && isList(value.customers, isFields);

const isCall = (value: unknown): boolean =>
  isFields(value) &&
  isText(value.callId) &&
  isNumber(value.calling) &&
  isNumber(value.called) &&
  isOptional(value.customer, isNumber) &&
  isOptional(value.match, isMatch) &&
  Array.isArray(value.aliases) &&
  Array.isArray(value.ivrPath) &&
  isFields(value.data) &&
  Array.isArray(value.recordings) &&
  isList(value.connections, isConnection);

const isQueue = (value: unknown): boolean =>
  isFields(value) &&
  isText(value.queueId) &&
  isList(value.waiting, (entry) => isFields(entry) && isText(entry.callId) && isNumber(entry.caller));

const isPop = (value: unknown): boolean =>
  isFields(value) && isText(value.popId) && isText(value.callId) && isText(value.state);

const isMode = (value: unknown): boolean =>
  isFields(value) && isText(value.mode) && isText(value.value) && Array.isArray(value.values);

const isDevice = (value: unknown): boolean =>
  isFields(value) &&
  isText(value.device) &&
  isText(value.presence) &&
  isCount(value.sinceWallMs) &&
  isOptional(
    value.detail,
    (detail) =>
      isFields(detail) &&
      isText(detail.state) &&
      isOptional(detail.party, isNumber) &&
      isOptional(detail.forward, isNumber),
  );

/** Fields that each event must have; a type that is not here is of a newer server and is passed over. */
const EVENT_SHAPES: { readonly [T in PublishedEvent['type']]: (event: Fields) => boolean } = {
  agent: (event) => isAgent(event.agent),
  call: (event) => isCall(event.call),
  callEnded: (event) => isText(event.callId) && isFields(event.end),
  pop: (event) => isPop(event.pop) && isCall(event.call),
  queue: (event) => isQueue(event.queue),
  link: (event) => isText(event.switchId) && isText(event.state),
  device: isDevice,
  mode: (event) => isMode(event.mode),
};

const SNAPSHOT_SHAPES: Readonly<Record<string, (snapshot: Fields) => boolean>> = {
  agent: (it) =>
    isAgent(it.agent) &&
    isList(it.calls, isCall) &&
    isList(it.pops, isPop) &&
    isOptional(it.slots, (slots) => isList(slots, isDevice)),
  queue: (it) => isQueue(it.queue) && isList(it.calls, isCall),
  board: (it) =>
    isList(it.agents, isAgent) &&
    isList(it.queues, isQueue) &&
    isList(it.calls, isCall) &&
    isOptional(it.modes, (modes) => isList(modes, isMode)) &&
    isOptional(it.devices, (devices) => isList(devices, isDevice)),
};

/** Is this an event that this version knows, with all that its reader needs? */
export function isKnownEvent(event: unknown): event is PublishedEvent {
  if (!isFields(event) || !isText(event.type) || !Object.hasOwn(EVENT_SHAPES, event.type)) return false;
  return EVENT_SHAPES[event.type as PublishedEvent['type']](event);
}

function isSnapshot(value: unknown): boolean {
  if (!isFields(value) || !isText(value.kind) || !Object.hasOwn(SNAPSHOT_SHAPES, value.kind)) return false;
  return SNAPSHOT_SHAPES[value.kind]?.(value) === true;
}

const isItem = (value: unknown): boolean => isFields(value) && isCount(value.seq) && isFields(value.event);

const isOutcome = (value: unknown): boolean =>
  isFields(value) &&
  (value.outcome === 'done' ||
    value.outcome === 'unconfirmed' ||
    (value.outcome === 'failed' && isText(value.code) && isText(value.message)));

const isSpeedDial = (value: unknown): boolean =>
  isList(value, (entry) => isFields(entry) && isText(entry.code) && isText(entry.name));

const FRAME_SHAPES: { readonly [T in ServerFrame['type']]: (frame: Fields) => boolean } = {
  welcome: (it) =>
    isText(it.epoch) &&
    isCount(it.serverTimeMs) &&
    isCount(it.pingMs) &&
    isCount(it.maxFrameBytes) &&
    isOptional(it.notReadyReasons, (value) => isList(value, isText)) &&
    isOptional(it.callCategories, (value) => isList(value, isText)) &&
    isOptional(it.queues, (value) => isList(value, isFields)) &&
    isOptional(it.speedDial, isSpeedDial),
  speedDial: (it) => isSpeedDial(it.entries),
  resumed: (it) => isText(it.stream) && isCursor(it.cursor),
  reset: (it) => isText(it.stream) && isCursor(it.cursor) && isSnapshot(it.snapshot),
  events: (it) => isText(it.stream) && isList(it.items, isItem),
  unsubscribed: (it) => isText(it.stream),
  outcome: (it) => isText(it.commandId) && isOutcome(it.outcome),
  error: (it) => isText(it.code) && isText(it.message),
  pong: () => true,
  probe: () => true,
  bye: (it) => isText(it.code) && isText(it.message),
};

/** What was read: a frame, one of a newer server, or nothing that can be read. */
export type Reading =
  | { readonly outcome: 'frame'; readonly frame: ServerFrame }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unreadable' };

/**
 * Reads one message of the server. Never throws. Checked here is all that the readers behind it rely on, so that a
 * broken or newer server cannot make a desk fail; values inside views are shown, not interpreted.
 */
export function readFrame(data: unknown): Reading {
  if (!isText(data)) return { outcome: 'unreadable' };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Not JSON: the caller counts it.
    return { outcome: 'unreadable' };
  }
  if (!isFields(value) || !isText(value.type)) return { outcome: 'unreadable' };
  if (!Object.hasOwn(FRAME_SHAPES, value.type)) return { outcome: 'unknown' };
  const fits = FRAME_SHAPES[value.type as ServerFrame['type']](value);
  return fits ? { outcome: 'frame', frame: value as unknown as ServerFrame } : { outcome: 'unreadable' };
}
