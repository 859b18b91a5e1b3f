import type { VoiceQuery } from '@cordboard/cti-protocol';
import type { VoicePlace } from '../store/voice-table.js';
import type { Handlers, RestCall, RestDesk } from './context.js';
import { sendFile } from './send-file.js';

/** Handlers of the voice library. */
export function voiceHandlers({ voice, voiceTable }: RestDesk): Handlers {
  return {
    listVoice: ({ query }) => voiceTable.list(query as VoiceQuery),
    uploadVoice: ({ params, body, request, who }) =>
      voice.upload({
        language: params.language ?? '',
        name: params.name ?? '',
        bytes: body as Uint8Array,
        kind: (request.headers['content-type'] ?? '').startsWith('audio/basic') ? 'ulaw' : 'wav',
        by: who.userId,
      }),
    getVoice: ({ params }) => voice.find(placeOf(params)),
    getVoiceFile: ({ params, request, reply }) => {
      const file = voice.find(placeOf(params));
      return sendFile(request, reply, {
        bytes: file.bytes,
        mediaType: 'audio/wav',
        name: `${file.name}-v${file.version}.wav`,
        open: (range) => voice.open(file, range),
      });
    },
    approveVoice: ({ params, who }) => voice.approve(placeOf(params), who.userId),
    withdrawVoice: ({ params }) => voice.withdraw(placeOf(params)),
    deleteVoice: ({ params }) => voice.remove(placeOf(params)),
  };
}

function placeOf({ language = '', name = '', version = 0 }: RestCall['params']): VoicePlace {
  return { language, name, version };
}
