import type { DriverReply, Refusal } from '@cordboard/cti-core';

/** What a reply of FreeSWITCH says. `word` is what stands behind `-ERR`, kept only when it is a word of its own. */
export type Answer = { readonly kind: 'ok'; readonly text: string } | { readonly kind: 'error'; readonly text: string };

/** Reads the body of an `api` reply or of a job: `+OK`, `-ERR why`, `-USAGE: ...`, or something that is neither (a list, `true`), which is a success. */
export function answerOf(body: string): Answer {
  const text = body.trim();
  return /^-(ERR|USAGE)/i.test(text)
    ? { kind: 'error', text: text.replace(/^-(ERR|USAGE):?\s*/i, '') }
    : { kind: 'ok', text: text.replace(/^\+OK\s*/i, '') };
}

/** The channel is not there (any more), in the words of mod_commands. */
const GONE =
  /no such channel|cannot locate session|cannot find|invalid session|invalid uuid|no such session|non-existant/i;

/**
 * What a reply means for a command. FreeSWITCH's own words stay out unless they are one word of capitals: others may repeat what was asked.
 */
export function replyOf(body: string): DriverReply {
  const answer = answerOf(body);
  if (answer.kind === 'ok') return { outcome: 'accepted' };
  if (GONE.test(answer.text)) return refusal('gone', answer.text);
  return refusal('rejected', answer.text);
}

function refusal(code: Refusal, text: string): DriverReply {
  const word = /^[A-Z0-9_]{3,64}$/.exec(text)?.[0];
  return { outcome: 'refused', code, ...(word === undefined ? {} : { native: word }) };
}
