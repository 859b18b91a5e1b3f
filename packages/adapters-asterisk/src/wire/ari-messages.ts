/**
 * The part of ARI's resources and events that the driver reads, as Asterisk 22 tells them (`rest-api/*.json` of the
 * asterisk package). Field names are Asterisk's own. What is optional here may be absent on the wire.
 */

/** A party as Asterisk shows it; empty texts for what it does not know. */
export interface AriParty {
  readonly name: string;
  readonly number: string;
}

/** A channel: one leg of a call. */
export interface AriChannel {
  readonly id: string;
  /** Id of the signalling, for PJSIP the SIP Call-ID. */
  readonly protocol_id?: string;
  /** `PJSIP/8001-0000002a`, `Local/8002@ctx-00000001;1`, `Snoop/<id>-<n>`. */
  readonly name: string;
  /** `Down`, `Rsrvd`, `OffHook`, `Dialing`, `Ring`, `Ringing`, `Up`, `Busy`, ... */
  readonly state: string;
  readonly caller: AriParty;
  readonly connected: AriParty;
  /** Variables that `channelvars` of `ari.conf` adds. */
  readonly channelvars?: Readonly<Record<string, unknown>>;
  readonly dialplan?: {
    readonly context?: string;
    readonly exten?: string;
    readonly app_name?: string;
    readonly app_data?: string;
  };
  readonly creationtime?: string;
}

/** A bridge and who is in it. */
export interface AriBridge {
  readonly id: string;
  /** `mixing`, `holding`. */
  readonly bridge_type?: string;
  /** `stasis` for those of applications, `basic` for Dial's, `parking`, ... */
  readonly bridge_class?: string;
  readonly channels: readonly string[];
}

/** A sound that plays to a channel. */
export interface AriPlayback {
  readonly id: string;
  readonly target_uri?: string;
  /** `queued`, `playing`, `continuing`, `done`, `failed`, `paused`. */
  readonly state: string;
}

/** A recording, live or stored. */
export interface AriRecording {
  readonly name: string;
  readonly state?: string;
  readonly target_uri?: string;
  /** Seconds. */
  readonly duration?: number;
  readonly cause?: string;
}

/** A SIP phone or trunk (or another technology's) as Asterisk knows it. */
export interface AriEndpoint {
  readonly technology: string;
  readonly resource: string;
  /** `online`, `offline`, `unknown`. */
  readonly state?: string;
  readonly channel_ids?: readonly string[];
}

/** Where a phone's REFER wants to go: a number (blind), or a call of the same phone (attended). */
export interface AriReferTo {
  readonly requested_destination?: { readonly protocol_id?: string; readonly destination?: string };
  readonly destination_channel?: AriChannel;
  readonly connected_channel?: AriChannel;
  readonly bridge?: AriBridge;
}

interface Stamped {
  /** The switch's clock, `2026-11-21T20:14:44.099+0000`. */
  readonly timestamp?: string;
}

interface OnChannel extends Stamped {
  readonly channel: AriChannel;
}

/** Every event that the driver reads; the rest is `unknown`. */
export type AriEvent =
  | (OnChannel & {
      readonly type: 'StasisStart';
      readonly args: readonly string[];
      readonly replace_channel?: AriChannel;
    })
  | (OnChannel & { readonly type: 'StasisEnd' })
  | (OnChannel & { readonly type: 'ChannelCreated' })
  | (OnChannel & {
      readonly type: 'ChannelDestroyed';
      readonly cause?: number;
      readonly cause_txt?: string;
      readonly tech_cause?: number;
    })
  | (OnChannel & {
      readonly type: 'ChannelHangupRequest';
      readonly cause?: number;
      readonly soft?: boolean;
      readonly tech_cause?: number;
    })
  | (OnChannel & { readonly type: 'ChannelStateChange' })
  | (OnChannel & { readonly type: 'ChannelDtmfReceived'; readonly digit: string; readonly duration_ms?: number })
  | (OnChannel & { readonly type: 'ChannelHold' })
  | (OnChannel & { readonly type: 'ChannelUnhold' })
  | (OnChannel & { readonly type: 'ChannelEnteredBridge'; readonly bridge: AriBridge })
  | (OnChannel & { readonly type: 'ChannelLeftBridge'; readonly bridge: AriBridge })
  | (Stamped & { readonly type: 'BridgeDestroyed'; readonly bridge: AriBridge })
  | (Stamped & { readonly type: 'Dial'; readonly peer: AriChannel; readonly dialstatus: string })
  | (Stamped & {
      readonly type: 'PlaybackStarted' | 'PlaybackContinuing' | 'PlaybackFinished';
      readonly playback: AriPlayback;
    })
  | (Stamped & {
      readonly type: 'RecordingStarted' | 'RecordingFinished' | 'RecordingFailed';
      readonly recording: AriRecording;
    })
  | (Stamped & { readonly type: 'EndpointStateChange'; readonly endpoint: AriEndpoint })
  | (Stamped & {
      readonly type: 'ChannelTransfer';
      readonly state?: string;
      readonly refer_to: AriReferTo;
      readonly referred_by: { readonly source_channel: AriChannel; readonly bridge?: AriBridge };
    })
  | (OnChannel & {
      readonly type: 'BridgeBlindTransfer';
      readonly exten: string;
      readonly result?: string;
      readonly replace_channel?: AriChannel;
      readonly bridge?: AriBridge;
    })
  | (Stamped & {
      readonly type: 'BridgeAttendedTransfer';
      readonly transferer_first_leg: AriChannel;
      readonly transferer_second_leg: AriChannel;
      readonly replace_channel?: AriChannel;
      readonly result?: string;
    })
  | (Stamped & { readonly type: 'ApplicationReplaced' })
  /** An event that the driver has no use for, or one of a version to come; `event` is the whole of it, untouched. */
  | { readonly type: 'unknown'; readonly name: string; readonly event: Readonly<Record<string, unknown>> };

/** Any of the known events' names. */
export type AriEventType = AriEvent['type'];
