import * as z from 'zod';
import { agentId, callId, queueId, recordingId } from '../ids.js';
import { phoneNumber } from '../numbers.js';
import { wallMs } from '../schema-helpers.js';
import { numberQuery, pageOf, pageQuery, timeQuery } from './schemas.js';

const name = z.string().min(1).max(64);
/** Who marked it last, and when. */
const marked = z.object({ atWallMs: wallMs, by: z.string() });

/** States of a message: what people did with it. */
export const MESSAGE_STATES = ['new', 'heard', 'handled'] as const;

/** A message in a voice box. Its sound is the recording of the same id. */
export const message = z
  .object({
    recordingId,
    callId,
    box: name,
    caller: phoneNumber,
    contact: z.string().exactOptional().describe('the number to call back that the caller keyed in'),
    leftWallMs: wallMs,
    durationMs: z.number(),
    state: z.enum(MESSAGE_STATES),
    marked: marked.exactOptional(),
    stored: z
      .array(z.object({ index: z.int(), bytes: z.int(), mediaType: z.string() }))
      .describe('files that can be listened to now'),
  })
  .meta({ id: 'Message' });

/** Query of the list of messages. Newest first. */
export const messageQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  box: name.exactOptional(),
  state: z.enum(MESSAGE_STATES).exactOptional(),
  number: numberQuery.exactOptional(),
  call: callId.exactOptional(),
});
/** Query of the list of messages. */
export type MessageQuery = z.output<typeof messageQuery>;

/** What somebody did with a message. */
export const messageMark = z.strictObject({ state: z.enum(MESSAGE_STATES) });

/** A voice box and how many messages it has of each state. */
export const voiceBox = z
  .object({ box: name, new: z.int(), heard: z.int(), handled: z.int() })
  .meta({ id: 'VoiceBox' });

/** One answer of a survey. */
export const score = z
  .object({
    callId,
    survey: name,
    score: z.int(),
    agentId: agentId.exactOptional(),
    queueId: queueId.exactOptional(),
    atWallMs: wallMs,
  })
  .meta({ id: 'Score' });

const scoreFilter = { survey: name.exactOptional(), agent: agentId.exactOptional(), queue: queueId.exactOptional() };
/** Query of the list of scores. Newest first. */
export const scoreQuery = z.object({ ...pageQuery, ...timeQuery, ...scoreFilter });
/** Query of the list of scores. */
export type ScoreQuery = z.output<typeof scoreQuery>;
/** Query of the summary of scores. */
export const scoreSummaryQuery = z.object({
  ...timeQuery,
  ...scoreFilter,
  by: z.enum(['survey', 'agent', 'queue', 'day']).default('survey').meta({ description: "`day`: of the site's zone" }),
});
/** Query of the summary of scores. */
export type ScoreSummaryQuery = z.output<typeof scoreSummaryQuery>;
/** Scores by group. `scores`: how often each was given. */
export const scoreSummary = z
  .object({
    items: z.array(
      z.object({ group: z.string(), count: z.int(), average: z.number(), scores: z.record(z.string(), z.int()) }),
    ),
  })
  .meta({ id: 'ScoreSummary' });

/** A wish to be called back. */
export const callback = z
  .object({
    callId,
    queueId,
    number: phoneNumber,
    askedWallMs: wallMs,
    state: z.enum(['open', 'done']),
    marked: marked.exactOptional(),
  })
  .meta({ id: 'Callback' });
/** Query of the list of callbacks. Newest first. */
export const callbackQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  queue: queueId.exactOptional(),
  state: z.enum(['open', 'done']).exactOptional(),
});
/** Query of the list of callbacks. */
export type CallbackQuery = z.output<typeof callbackQuery>;
/** What became of a wish to be called back. */
export const callbackMark = z.strictObject({ state: z.enum(['open', 'done']) });

const voiceLanguage = z.string().regex(/^[A-Za-z0-9_-]{1,16}$/u, 'expected a language such as zh or pt-BR');
const voiceName = z
  .string()
  .max(80)
  .regex(
    /^[\p{L}\p{N}_-]{1,64}(\/[\p{L}\p{N}_-]{1,64}){0,3}$/u,
    'expected 1-4 parts of letters, digits, _ and -, such as front/welcome',
  );
/** States of a version of a sound. A draft is heard by nobody but who listens here; of a sound's versions at most one is approved, the others are drafts or were. */
export const VOICE_STATES = ['draft', 'approved', 'replaced'] as const;

/** One version of a sound of the voice library. */
export const voiceFile = z
  .object({
    language: voiceLanguage,
    name: voiceName,
    version: z.int().min(1),
    state: z.enum(VOICE_STATES),
    durationMs: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    uploadedWallMs: wallMs,
    uploadedBy: z.string(),
    approvedWallMs: wallMs.exactOptional(),
    approvedBy: z.string().exactOptional(),
  })
  .meta({ id: 'VoiceFile' });
/** One version of a sound of the voice library. */
export type VoiceFile = z.output<typeof voiceFile>;
/** Query of the list of sounds. Newest first. */
export const voiceQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  language: voiceLanguage.exactOptional(),
  name: voiceName.exactOptional(),
  state: z.enum(VOICE_STATES).exactOptional(),
});
/** Query of the list of sounds. */
export type VoiceQuery = z.output<typeof voiceQuery>;

/** A switch of flows that operators set by hand. */
export const mode = z
  .object({ mode: name, values: z.array(name), value: name.describe('what holds now') })
  .meta({ id: 'Mode' });
/** What a mode shall be. */
export const modeBody = z.strictObject({ value: name });

/** Pages of what flows keep, and parameters of their paths. */
export const flowPages = {
  message: pageOf(message),
  box: pageOf(voiceBox),
  score: pageOf(score),
  callback: pageOf(callback),
  voice: pageOf(voiceFile),
  mode: pageOf(mode),
};
const version = z.coerce.number().int().min(1).max(1_000_000);
/** Parameters by name. */
export const flowParams = {
  voice: z.object({ language: voiceLanguage, name: voiceName }),
  voiceVersion: z.object({ language: voiceLanguage, name: voiceName, version }),
  mode: z.object({ mode: name }),
};
