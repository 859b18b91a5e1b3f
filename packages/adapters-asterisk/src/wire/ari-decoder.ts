import type { AriBridge, AriChannel, AriEndpoint, AriEvent } from './ari-messages.js';

/** Text that is no event: broken JSON, or JSON of a shape that no event has. At most 256 bytes of it are kept. */
export interface AriUnreadable {
  readonly type: 'unreadable';
  readonly sample: Uint8Array;
}

const SAMPLE_BYTES = 256;

type Json = { readonly [key: string]: unknown };

/** What must be there, and of which shape, before an event is handed on under its name. */
const SHAPES: { readonly [T in Exclude<AriEvent['type'], 'unknown'>]: (event: Json) => boolean } = {
  StasisStart: (event) =>
    isChannel(event.channel) &&
    isTexts(event.args) &&
    (event.replace_channel === undefined || isChannel(event.replace_channel)),
  StasisEnd: onChannel,
  ChannelCreated: onChannel,
  ChannelDestroyed: onChannel,
  ChannelHangupRequest: onChannel,
  ChannelStateChange: onChannel,
  ChannelDtmfReceived: (event) => onChannel(event) && typeof event.digit === 'string',
  ChannelHold: onChannel,
  ChannelUnhold: onChannel,
  ChannelEnteredBridge: (event) => onChannel(event) && isBridge(event.bridge),
  ChannelLeftBridge: (event) => onChannel(event) && isBridge(event.bridge),
  BridgeDestroyed: (event) => isBridge(event.bridge),
  Dial: (event) => isChannel(event.peer) && typeof event.dialstatus === 'string',
  PlaybackStarted: (event) => hasTexts(event.playback, 'id', 'state'),
  PlaybackContinuing: (event) => hasTexts(event.playback, 'id', 'state'),
  PlaybackFinished: (event) => hasTexts(event.playback, 'id', 'state'),
  RecordingStarted: (event) => hasTexts(event.recording, 'name'),
  RecordingFinished: (event) => hasTexts(event.recording, 'name'),
  RecordingFailed: (event) => hasTexts(event.recording, 'name'),
  EndpointStateChange: (event) => isEndpoint(event.endpoint),
  ChannelTransfer: (event) =>
    isJson(event.refer_to) && isJson(event.referred_by) && isChannel(event.referred_by.source_channel),
  BridgeBlindTransfer: (event) => onChannel(event) && typeof event.exten === 'string',
  BridgeAttendedTransfer: (event) => isChannel(event.transferer_first_leg) && isChannel(event.transferer_second_leg),
  ApplicationReplaced: () => true,
};

/**
 * One WebSocket message of `/ari/events` as an event. Never throws: what is no event comes back as `unreadable`, an
 * event that is not in the list as `unknown` with its name and all its fields, and additional fields are passed on untouched.
 */
export function decodeAriEvent(text: string): AriEvent | AriUnreadable {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // Broken JSON is data about the peer, told by `unreadable`; the parser's own words add nothing.
    return unreadable(text);
  }
  if (!isJson(event) || typeof event.type !== 'string') return unreadable(text);
  const fits = Object.hasOwn(SHAPES, event.type) ? SHAPES[event.type as keyof typeof SHAPES] : undefined;
  if (fits === undefined) return { type: 'unknown', name: event.type, event };
  return fits(event) ? (event as unknown as AriEvent) : unreadable(text);
}

/** Tells whether a REST answer is a channel; for arrays use it on each member. */
export function isChannel(value: unknown): value is AriChannel {
  return (
    isJson(value) &&
    typeof value.id === 'string' &&
    typeof value.name === 'string' &&
    typeof value.state === 'string' &&
    hasTexts(value.caller, 'name', 'number') &&
    hasTexts(value.connected, 'name', 'number')
  );
}

/** Tells whether a REST answer is a bridge. */
export function isBridge(value: unknown): value is AriBridge {
  return isJson(value) && typeof value.id === 'string' && isTexts(value.channels);
}

/** Tells whether a REST answer is an endpoint. */
export function isEndpoint(value: unknown): value is AriEndpoint {
  return hasTexts(value, 'technology', 'resource') && (!('channel_ids' in value) || isTexts(value.channel_ids));
}

/** Tells whether a value is an object with text under each of these keys. */
export function hasTexts<K extends string>(
  value: unknown,
  ...keys: readonly K[]
): value is { readonly [P in K]: string } {
  if (!isJson(value)) return false;
  for (const key of keys) if (typeof value[key] !== 'string') return false;
  return true;
}

function onChannel(event: Json): boolean {
  return isChannel(event.channel);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(text: string): AriUnreadable {
  return {
    type: 'unreadable',
    sample: new TextEncoder().encode(text.slice(0, SAMPLE_BYTES)).subarray(0, SAMPLE_BYTES),
  };
}
