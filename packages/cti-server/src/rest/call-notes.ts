import { type Cdr, CtiError } from '@cordboard/cti-core';
import type { CallNote, callNoteBody } from '@cordboard/cti-protocol';
import type * as z from 'zod';
import type { MaskRules } from '../streams/mask-rules.js';
import { agentOf } from '../ws/desk.js';
import type { Handlers, RestCall, RestDesk } from './context.js';

/** Handlers of the notes that people write about calls. */
export function callNoteHandlers(desk: RestDesk): Handlers {
  const { notes, keeper } = desk;
  return {
    putCallNote: async ({ params, body, who, maskClass }) => {
      const call = await ownCall(params.callId ?? '', who, desk);
      const { text, ticket, category } = body as z.output<typeof callNoteBody>;
      if (category !== undefined && keeper.current.callCategories?.includes(category) !== true) {
        throw new CtiError('argument.invalid', 'category: expected one that is configured', {
          details: { path: 'category' },
        });
      }
      const note: CallNote = {
        ...(text === undefined ? {} : { text }),
        ...(ticket === undefined ? {} : { ticket }),
        ...(category === undefined ? {} : { category }),
        by: who.userId,
        atWallMs: Math.floor(desk.wallMs()),
      };
      await notes.put(call.callId, note);
      return shownNote(note, desk.masker.rules(maskClass), call);
    },
    deleteCallNote: async ({ params, who }) => {
      const { callId } = await ownCall(params.callId ?? '', who, desk);
      await notes.remove(callId);
    },
  };
}

/** A call, living or ended, for who may write there: agents at the calls that they have, had or missed. */
async function ownCall(asked: string, who: RestCall['who'], { engine, store }: RestDesk): Promise<Noted> {
  const own = agentOf(who);
  const live = engine.call(asked as never);
  await store.flush();
  const done = live === undefined ? await store.cdr(asked) : undefined;
  const isOwn =
    own !== undefined &&
    (live?.connections.some(({ agentId }) => agentId === own) === true ||
      done?.agents.includes(own) === true ||
      done?.missedBy?.includes(own) === true);
  const call = live ?? done;
  if (call === undefined || (who.role === 'agent' && !isOwn)) {
    throw new CtiError('cdr.notFound', 'there is no record of this call');
  }
  return call;
}

/** The note on a record, or on a call that became part of it. What is masked in the record is masked in the note. */
export function noteOf(
  cdr: Cdr,
  notes: ReadonlyMap<string, CallNote>,
  rules: MaskRules | undefined,
): CallNote | undefined {
  const note = idsOf(cdr)
    .map((id) => notes.get(id))
    .find((one) => one !== undefined);
  return note === undefined ? undefined : shownNote(note, rules, cdr);
}

/** What a note is shown with: the numbers of its call. */
type Noted = Pick<Cdr, 'callId' | 'calling' | 'called' | 'customer'>;

function shownNote(note: CallNote, rules: MaskRules | undefined, { calling, called, customer }: Noted): CallNote {
  if (rules === undefined || note.text === undefined) return note;
  const { text, ...rest } = note;
  if (rules.maskClass === 'hidden') return rest;
  const numbers = [calling, called, ...(customer === undefined ? [] : [customer])];
  return {
    ...rest,
    text: rules.text(
      text,
      numbers.filter((one) => !rules.isOpen(one)),
    ),
  };
}

/** The ids that a record's note may be kept by, the record's own first. */
export function idsOf(cdr: Cdr): readonly string[] {
  return [cdr.callId, ...cdr.merged.map(({ callId }) => callId)];
}
