import { CtiError } from '@cordboard/cti-core';

/** The facts that a URL template may name. Absent ones become empty text. */
export type TemplateFacts = Readonly<Record<string, string | undefined>>;

const hole = /\{([a-zA-Z][a-zA-Z0-9.]{0,63})\}/g;
const maxUrl = 8_000;

/** Percent-encoded; half a surrogate pair, which no URL can carry, becomes the replacement character. */
function encoded(text: string): string {
  return encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));
}

/**
 * Fills `{caller.number}` and the like in a URL template; each value is percent-encoded, so that it stays inside its
 * parameter. Known names: `caller.number`, `caller.e164`, `caller.name`, `called.number`, `queue.id`, `call.id`,
 * `call.direction`, `agent.id`, `ivr.path`, `customer.id`, `customer.name`, `data.<key>`.
 *
 * @returns an absolute `http:` or `https:` URL
 * @throws {CtiError} `argument.invalid` when the result is no such URL or longer than 8,000 characters
 */
export function fillUrl(template: string, facts: TemplateFacts, base?: string): string {
  const text = template.replace(hole, (_whole, name: string) => encoded(facts[name] ?? ''));
  let url: URL;
  try {
    url = new URL(text, base);
  } catch (cause) {
    throw new CtiError('argument.invalid', 'the pop template does not give a URL', { cause });
  }
  // Anything else (javascript:, data:) would run text of a caller's making in the agent's page.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new CtiError('argument.invalid', 'a pop opens http and https addresses only', {
      details: { protocol: url.protocol },
    });
  }
  if (url.href.length > maxUrl)
    throw new CtiError('argument.invalid', `a pop address has at most ${maxUrl} characters`);
  return url.href;
}
