import { type FlashTransfer, flashTransfer } from '../flash.js';
import { agentConfig } from '../lookups.js';
import { waitFor } from '../ops.js';
import { wordFor } from '../planner.js';
import { failure } from '../run.js';
import type { Call, Transfer } from '../state.js';
import type { Asking, Said } from './asking.js';

/** By the PBX behind the line: I stay until the line is gone, and nothing tells whether the other phone rings. */
export function transferByFlash(
  asking: Asking<'call.transfer'>,
  how: FlashTransfer & { readonly call: Call; readonly by: Transfer['by'] },
): Said {
  const { run, command } = asking;
  const { call, leg, digits, by } = how;
  if (agentConfig(run, asking.actor.agentId)?.mayDial === 'none') {
    return failure('call.blocked', 'this agent may not dial');
  }
  if (flashTransfer(run, call, { leg, digits, by, to: command.to }) === 'down') {
    return failure('driver.linkLost', 'the switch cannot be reached now');
  }
  if (command.note !== undefined) call.data = { ...call.data, note: command.note.slice(0, 1000) };
  const settle = wordFor(run, leg.switchId, 'flashTransfer');
  waitFor(run, asking, { call, until: [{ is: 'legGone', legId: leg.id }], resultCallId: call.id, settle });
  return 'waiting';
}
