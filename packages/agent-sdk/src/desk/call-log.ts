import type { CallId, Cdr } from '@cordboard/cti-core';
import type { RestAsk } from '../link/rest.js';
import { type Party, partyOf } from '../model/party.js';

/** A call that rang here and was not taken. */
export interface MissedCall {
  readonly callId: CallId;
  /** The outside party, else who called. */
  readonly caller: Party;
  /** Epoch ms. */
  readonly at: number;
  readonly note?: CallNote;
}

/** What to write on a call; what is left out is taken away. */
export interface CallNoteText {
  /** At most 4,000 characters. */
  readonly text?: string;
  /** The id of a ticket in another system, at most 64 characters. */
  readonly ticket?: string;
  /** One of the site's categories. */
  readonly category?: string;
}

/** What somebody wrote on a call. */
export interface CallNote extends CallNoteText {
  readonly by: string;
  readonly atWallMs: number;
}

/** Asks the server by REST. */
export type Ask = <T>(path: string, ask?: RestAsk) => Promise<T>;

/** The last calls that an agent missed, newest first. */
export async function missedCalls(
  ask: Ask,
  { agentId, limit, signal }: { readonly agentId: string; readonly limit: number; readonly signal?: AbortSignal },
): Promise<readonly MissedCall[]> {
  const path = `/v1/cdrs?missedBy=${encodeURIComponent(agentId)}&limit=${limit}`;
  const { items } = await ask<{ readonly items: readonly (Cdr & { readonly note?: CallNote })[] }>(path, { signal });
  return items.map(({ callId, customer, calling, startedWallMs, note }) => ({
    callId,
    caller: partyOf(customer ?? calling),
    at: startedWallMs,
    ...(note === undefined ? {} : { note }),
  }));
}

const notePath = (callId: string): string => `/v1/cdrs/${encodeURIComponent(callId)}/note`;

/** What stands on a call, while it goes on or afterwards; nothing when nobody has written on it. */
export async function readNote(
  ask: Ask,
  callId: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<CallNote | undefined> {
  const { note } = await ask<{ readonly note?: CallNote }>(notePath(callId), { signal });
  return note;
}

/** Writes on a call, while it goes on or afterwards; without any text takes the note away. */
export async function writeNote(ask: Ask, callId: string, note: CallNoteText & { readonly signal?: AbortSignal }) {
  const { signal, text, ticket, category } = note;
  const path = notePath(callId);
  const body = Object.fromEntries(
    Object.entries({ text, ticket, category }).filter(([, value]) => value !== undefined && value !== ''),
  );
  if (Object.keys(body).length === 0) await ask(path, { method: 'DELETE', signal });
  else await ask<CallNote>(path, { method: 'PUT', body, signal });
}
