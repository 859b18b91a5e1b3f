import { type Cdr, CtiError } from '@cordboard/cti-core';
import type { CallNote, callNoteAnswer, callNoteBody } from '@cordboard/cti-protocol';
import type * as z from 'zod';
import type { MaskRules } from '../streams/mask-rules.js';
import { agentOf } from '../ws/desk.js';
import type { Handlers, RestCall, RestDesk } from './context.js';
import { hadPart } from './had-part.js';
import { type Noted, newestOf, shownNote, textToKeep } from './note-texts.js';

/** Handlers of the notes that people write about calls. */
export function callNoteHandlers(desk: RestDesk): Handlers {
  const { notes, keeper, masker } = desk;
  const open = async ({ params, who, maskClass }: RestCall) => {
    const call = await ownCall(params.callId ?? '', who, desk);
    return { call, before: newestOf(call.ids, await notes.of(call.ids)), rules: masker.rules(maskClass) };
  };
  const signed = ({ who }: RestCall) => ({ by: who.userId, atWallMs: Math.floor(desk.wallMs()) });
  return {
    getCallNote: async (asked): Promise<z.output<typeof callNoteAnswer>> => {
      const { call, before, rules } = await open(asked);
      return before === undefined ? {} : { note: shownNote(before, rules, call) };
    },
    putCallNote: async (asked) => {
      const { call, before, rules } = await open(asked);
      const { text: written, ticket, category } = asked.body as z.output<typeof callNoteBody>;
      // What stands there may stay when the site has given it up.
      const isKnown = category === before?.category || keeper.current.callCategories?.includes(category ?? '') === true;
      if (category !== undefined && !isKnown) {
        throw new CtiError('argument.invalid', 'category: expected one that is configured', {
          details: { path: 'category' },
        });
      }
      const text = textToKeep(written, { call, before, rules });
      const note: CallNote = {
        ...(text === undefined ? {} : { text }),
        ...(ticket === undefined ? {} : { ticket }),
        ...(category === undefined ? {} : { category }),
        ...signed(asked),
      };
      await notes.put(call.callId, note);
      return shownNote(note, rules, call);
    },
    deleteCallNote: async (asked) => {
      const { call, before, rules } = await open(asked);
      const text = textToKeep(undefined, { call, before, rules });
      await notes.remove(call.ids);
      if (text !== undefined) await notes.put(call.callId, { text, ...signed(asked) });
    },
  };
}

/** A call, living or ended, for who may read and write there: agents at the calls that they have, had, dialled or missed. */
async function ownCall(
  asked: string,
  who: RestCall['who'],
  { engine, store }: RestDesk,
): Promise<Noted & { readonly ids: readonly string[] }> {
  const own = agentOf(who);
  const live = engine.call(asked as never);
  const agents = live === undefined ? [] : engine.agentsOf(live.callId);
  await store.flush();
  const done = live === undefined ? await store.cdr(asked) : undefined;
  const isOwn = own !== undefined && (agents.includes(own) || (done !== undefined && hadPart(done, own)));
  if (who.role !== 'agent' || isOwn) {
    if (live !== undefined) return { ...live, ids: [live.callId, ...live.aliases] };
    if (done !== undefined) return { ...done, ids: idsOf(done) };
  }
  throw new CtiError('cdr.notFound', 'there is no record of this call');
}

/** The note on a record, or on a call that became part of it. What is masked in the record is masked in the note. */
export function noteOf(
  cdr: Cdr,
  notes: ReadonlyMap<string, CallNote>,
  rules: MaskRules | undefined,
): CallNote | undefined {
  const note = newestOf(idsOf(cdr), notes);
  return note === undefined ? undefined : shownNote(note, rules, cdr);
}

/** The ids that a record's note may be kept by, the record's own first. */
export function idsOf(cdr: Cdr): readonly string[] {
  return [cdr.callId, ...cdr.merged.map(({ callId }) => callId)];
}
