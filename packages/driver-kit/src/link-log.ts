import type { LinkDownReason, LinkId, Logger, SwitchId } from '@cordboard/cti-core';
import type { LinkState } from './link-loop.js';

/** Which link speaks. */
export interface LinkLogOptions {
  readonly log: Logger;
  readonly switchId: SwitchId;
  readonly linkId: LinkId;
}

/**
 * For `LinkLoopOptions.state`: tells people of attempts that fail, once for each reason until the link is up again, so that a switch that
 * is away for a night leaves a line and not thousands. The end of a link that was up is not told here: its driver tells `linkDown`.
 */
export function linkLog({ log, switchId, linkId }: LinkLogOptions): (state: LinkState, error?: unknown) => void {
  let before: 'up' | LinkDownReason | undefined;
  return (state, error) => {
    log.debug('link', { switchId, linkId, state: state.kind });
    if (state.kind === 'up') before = 'up';
    if (state.kind === 'gaveUp') {
      log.error('a link to a switch is given up', { switchId, linkId, reason: state.reason, code: codeOf(error) });
    }
    if (state.kind !== 'waiting') return;
    const isNews = before !== 'up' && before !== state.reason;
    before = state.reason;
    if (isNews) log.warn(wordsOf(state.reason), { switchId, linkId, reason: state.reason, code: codeOf(error) });
  };
}

function wordsOf(reason: LinkDownReason): string {
  if (reason === 'authFailed') return 'a switch refuses the log-in, it is tried again: are user and password right?';
  return 'a switch cannot be reached, it is tried again';
}

/** The stable code of a failure, ours or the system's (`ECONNREFUSED`), of itself or of what caused it. Never its text. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { readonly cause?: unknown }).cause) {
    const { code, cause } = at as { readonly code?: unknown; readonly cause?: unknown };
    const isLast = typeof cause !== 'object' || cause === null;
    if (typeof code === 'string' && (isLast || !/^[a-z]+\.[A-Za-z]+$/u.test(code))) return code;
  }
  return undefined;
}
