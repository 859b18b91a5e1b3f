import { type Cdr, CtiError, normalise, numberKey } from '@cordboard/cti-core';
import type { CdrQuery, MaskClass, RecordingQuery, StayQuery } from '@cordboard/cti-protocol';
import type { StoredRecording } from '../store/port.js';
import { maskCdr, maskRecording } from '../streams/mask.js';
import { agentOf } from '../ws/desk.js';
import { idsOf, noteOf } from './call-notes.js';
import type { Handlers, RecordingAnswer, RestCall, RestDesk } from './context.js';
import { hadPart } from './had-part.js';
import { sendFile } from './send-file.js';

/** Handlers of call records, recordings and agents' stays. */
export function recordHandlers(desk: RestDesk): Handlers {
  const { store, library, masker, notes } = desk;
  const shown = async (cdrs: readonly Cdr[], maskClass: MaskClass) => {
    const rules = masker.rules(maskClass);
    const known = await notes.of(cdrs.flatMap(idsOf));
    return cdrs.map((cdr) => {
      const note = noteOf(cdr, known, rules);
      return { ...(rules === undefined ? cdr : maskCdr(cdr, rules)), ...(note === undefined ? {} : { note }) };
    });
  };
  const recording = async (id: string | undefined): Promise<StoredRecording> => {
    const found = await store.recording(id ?? '');
    if (found === undefined) throw new CtiError('recording.notFound', 'there is no recording of this id');
    return found;
  };
  return {
    listCdrs: async ({ query, who, maskClass }) => {
      const asked = ownOnly(withKey(query as CdrQuery, desk), who);
      if (asked === undefined) return { items: [] };
      const page = await store.cdrs(asked);
      return { ...page, items: await shown(page.items, maskClass) };
    },
    getCdr: async ({ params, who, maskClass }) => {
      const cdr = await store.cdr(params.callId ?? '');
      const own = agentOf(who);
      const isOwn = own !== undefined && cdr !== undefined && hadPart(cdr, own);
      const isForeign = who.role === 'agent' && !isOwn;
      if (cdr === undefined || isForeign) throw new CtiError('cdr.notFound', 'there is no record of this call');
      return (await shown([cdr], maskClass))[0];
    },
    listStays: ({ params, query }) => store.stays(params.agentId ?? '', query as StayQuery),
    listRecordings: async ({ query, maskClass }) => {
      const page = await store.recordings(query as RecordingQuery);
      return { ...page, items: page.items.map((item) => answer(item, maskClass)) };
    },
    getRecording: async ({ params, maskClass }) => answer(await recording(params.recordingId), maskClass),
    getRecordingFile: async (call) => send(call, desk, await recording(call.params.recordingId)),
    deleteRecording: async ({ params }) => {
      await store.flush();
      await library.remove(await recording(params.recordingId));
    },
  };
}

/** Agents see records of the calls that they had or dialled, or that they missed, whatever they ask for. */
function ownOnly(query: CdrQuery, who: RestCall['who']): CdrQuery | undefined {
  if (who.role !== 'agent') return query;
  const own = agentOf(who);
  if (own === undefined || (query.agent !== undefined && query.agent !== own)) return undefined;
  if (query.missedBy !== undefined) return query.missedBy === own ? query : undefined;
  return { ...query, agent: own };
}

/** A number as it was asked for, turned into the key that records are kept by. */
function withKey(query: CdrQuery, desk: RestDesk): CdrQuery {
  if (query.node !== undefined && query.flow === undefined) {
    throw new CtiError('argument.invalid', 'node: expected the flow that it is a node of', {
      details: { path: 'node' },
    });
  }
  return query.number === undefined ? query : { ...query, number: keyOfNumber(query.number, desk) };
}

/**
 * The key that records are kept by, of a number or a reference.
 *
 * @throws {CtiError} `argument.number` for a reference that stands for no number here
 */
export function keyOfNumber(asked: string, { references, keeper }: Pick<RestDesk, 'references' | 'keeper'>): string {
  const plain = asked.startsWith('ref:') ? references.resolve(asked) : asked;
  if (plain === undefined) throw new CtiError('argument.number', 'the reference stands for no number here');
  const number = normalise({ number: plain, presentation: 'allowed' }, keeper.current.dialPlan);
  return numberKey(number) ?? plain;
}

function answer({ record, files }: StoredRecording, maskClass: MaskClass): RecordingAnswer {
  const stored = files.map(({ index, bytes, mediaType }) => ({ index, bytes, mediaType }));
  return { ...(maskClass === 'clear' ? record : maskRecording(record)), stored };
}

function send({ params, request, reply }: RestCall, { library }: RestDesk, { record, files }: StoredRecording) {
  const file = files.find(({ index }) => index === params.index);
  if (file === undefined) throw new CtiError('recording.notFound', 'this recording has no such file here (yet)');
  const { bytes, mediaType } = file;
  return sendFile(request, reply, {
    bytes,
    mediaType,
    name: record.recordingId,
    open: (range) => library.open(file, range),
  });
}
