import { CtiError } from '@cordboard/cti-core';
import type { CallbackQuery, MaskClass, MessageQuery, ScoreQuery, ScoreSummaryQuery } from '@cordboard/cti-protocol';
import type { MessageMark, StoredCallback, StoredMessage } from '../store/flow-records.js';
import type { StoredFile } from '../store/port.js';
import type { Handlers, RestDesk } from './context.js';
import { keyOfNumber } from './records.js';
import { sendFile } from './send-file.js';

/** Handlers of what flows keep: messages, scores, wishes to be called back; and of the switches that they branch on. */
export function flowRecordHandlers(desk: RestDesk): Handlers {
  const { records, store, library, masker, commands, engine } = desk;
  const message = async (id: string | undefined): Promise<StoredMessage> => {
    await store.flush();
    const found = await records.message(id ?? '');
    if (found === undefined) throw new CtiError('recording.notFound', 'there is no message of this id');
    return found;
  };
  const filesOf = async (id: string): Promise<readonly StoredFile[]> => (await store.recording(id))?.files ?? [];
  const shown = async ({ record, state, marked }: StoredMessage, maskClass: MaskClass) => {
    const rules = masker.rules(maskClass);
    const { recordingId, callId, box, caller, contact, leftWallMs, durationMs } = record;
    const stored = (await filesOf(recordingId)).map(({ index, bytes, mediaType }) => ({ index, bytes, mediaType }));
    const reached = contact === undefined ? {} : { contact: rules === undefined ? contact : rules.dialled(contact) };
    return {
      ...{ recordingId, callId, box, leftWallMs, durationMs, state, stored },
      caller: rules === undefined ? caller : rules.number(caller),
      ...reached,
      ...(marked === undefined ? {} : { marked }),
    };
  };
  const callback = ({ record, state, marked }: StoredCallback, maskClass: MaskClass) => {
    const rules = masker.rules(maskClass);
    const number = rules === undefined ? record.number : rules.number(record.number);
    return { ...record, number, state, ...(marked === undefined ? {} : { marked }) };
  };
  const modes = () => {
    const board = engine.snapshotOf('board' as never);
    return board?.kind === 'board' ? (board.modes ?? []) : [];
  };
  return {
    listVoiceBoxes: async () => {
      await store.flush();
      return { items: await records.boxes() };
    },
    listMessages: async ({ query, maskClass }) => {
      const { number, ...rest } = query as MessageQuery;
      await store.flush();
      const page = await records.messages({
        ...rest,
        ...(number === undefined ? {} : { number: keyOfNumber(number, desk) }),
      });
      return { ...page, items: await Promise.all(page.items.map((item) => shown(item, maskClass))) };
    },
    getMessage: async ({ params, maskClass }) => shown(await message(params.recordingId), maskClass),
    getMessageFile: async ({ params, request, reply }) => {
      const { recordingId } = (await message(params.recordingId)).record;
      const file = (await filesOf(recordingId)).find(({ index }) => index === params.index);
      if (file === undefined) throw new CtiError('recording.notFound', 'the message has no such file here (yet)');
      const { bytes, mediaType } = file;
      return sendFile(request, reply, {
        ...{ bytes, mediaType, name: recordingId },
        open: (range) => library.open(file, range),
      });
    },
    markMessage: async ({ params, body, who, maskClass }) => {
      const { record } = await message(params.recordingId);
      const { state } = body as { readonly state: MessageMark };
      const mark = { id: record.recordingId, state, by: who.userId, atWallMs: Math.floor(desk.wallMs()) };
      await records.markMessage(mark);
      return shown(await message(params.recordingId), maskClass);
    },
    deleteMessage: async ({ params }) => {
      const { recordingId } = (await message(params.recordingId)).record;
      const recording = await store.recording(recordingId);
      if (recording === undefined) await store.removeRecording(recordingId);
      else await library.remove(recording);
    },

    listScores: async ({ query }) => {
      await store.flush();
      return records.scores(query as ScoreQuery);
    },
    summariseScores: async ({ query }) => {
      await store.flush();
      return { items: await records.summary(query as ScoreSummaryQuery) };
    },

    listCallbacks: async ({ query, maskClass }) => {
      await store.flush();
      const page = await records.callbacks(query as CallbackQuery);
      return { ...page, items: page.items.map((item) => callback(item, maskClass)) };
    },
    markCallback: async ({ params, body, who, maskClass }) => {
      const id = params.callId ?? '';
      const { state } = body as { readonly state: 'open' | 'done' };
      await store.flush();
      if ((await records.callback(id)) === undefined) throw noCallback();
      await records.markCallback({ id, state, by: who.userId, atWallMs: Math.floor(desk.wallMs()) });
      const found = await records.callback(id);
      if (found === undefined) throw noCallback();
      return callback(found, maskClass);
    },

    listModes: () => ({ items: modes() }),
    setMode: async ({ params, body, who }) => {
      const { userId, role, agentId } = who;
      const { value } = body as { readonly value: string };
      const actor = { userId, role, ...(agentId === undefined ? {} : { agentId }) };
      await commands.do(actor, { type: 'mode.set', mode: params.mode ?? '', value });
      return modes().find(({ mode }) => mode === params.mode);
    },
  };
}

const noCallback = (): CtiError => new CtiError('resource.notFound', 'nobody asked to be called back in this call');
