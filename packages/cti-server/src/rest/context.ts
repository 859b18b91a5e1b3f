import type { Engine, RecordingRecord } from '@cordboard/cti-core';
import type { MaskClass, OperationId } from '@cordboard/cti-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity, Tokens } from '../auth/tokens.js';
import type { ConfigKeeper } from '../config/keeper.js';
import type { RecordingLibrary } from '../recordings/library.js';
import type { AskedCommands } from '../shell/asked-commands.js';
import type { CallNotes } from '../store/call-notes.js';
import type { FlowRecords } from '../store/flow-records.js';
import type { RecordStore } from '../store/port.js';
import type { VoiceTable } from '../store/voice-table.js';
import type { Masker } from '../streams/masker.js';
import type { References } from '../streams/references.js';
import type { SwitchDesk } from '../switches/switch-desk.js';
import type { VoiceLibrary } from '../voice/library.js';

/** What REST handlers work with. */
export interface RestDesk {
  readonly tokens: Tokens;
  readonly keeper: ConfigKeeper;
  readonly store: RecordStore;
  readonly library: RecordingLibrary;
  readonly masker: Masker;
  readonly references: References;
  readonly records: FlowRecords;
  readonly voice: VoiceLibrary;
  readonly voiceTable: VoiceTable;
  readonly notes: CallNotes;
  readonly commands: AskedCommands;
  readonly switches: SwitchDesk;
  readonly wallMs: () => number;
  readonly engine: Pick<Engine, 'agent' | 'queue' | 'call' | 'agentsOf' | 'snapshotOf'>;
  readonly readFlow: (flow: unknown, path: string) => import('@cordboard/cti-core').IvrGraph;
  readonly health: () => {
    readonly status: 'ok' | 'starting' | 'draining' | 'failed';
    readonly links: Readonly<Record<string, 'up' | 'down'>>;
    /** `known`: every switch is synced and none of its links is down. */
    readonly switches: 'known' | 'awaited';
    readonly disk: 'ok' | 'low';
  };
  readonly metrics: () => Promise<string>;
  readonly journal: () => Promise<Record<string, unknown>>;
  readonly openapi: () => unknown;
  readonly origins: readonly string[];
}

/** One request, checked. `query` and `params` are what the operation's schemas gave. */
export interface RestCall {
  readonly who: Identity;
  readonly maskClass: MaskClass;
  readonly params: Readonly<Record<string, string>> & { readonly index?: number; readonly version?: number };
  readonly query: unknown;
  readonly body: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers a request with what its operation promises. */
export type Handler = (call: RestCall) => Promise<unknown> | unknown;
/** Some of the handlers. */
export type Handlers = Readonly<Partial<Record<OperationId, Handler>>>;

/** Recordings with the files that can be fetched. */
export interface RecordingAnswer extends RecordingRecord {
  readonly stored: readonly { readonly index: number; readonly bytes: number; readonly mediaType: string }[];
}
