import type { LeaveReason } from '../apps/app.js';
import type { AppStep, Channel, RunningApp } from './channel.js';
import type { EslSwitch, Extra } from './esl-switch.js';

/** One application on a channel, or a state that holds it as one does. */
export interface Frame extends RunningApp {
  readonly quiet: 'quiet' | undefined;
  leaving: LeaveReason | undefined;
  over: 'over' | undefined;
  onLeave: ((why: LeaveReason, then: (response?: string) => void) => void) | undefined;
  readonly onTop: (() => void)[];
  /** Runs when the channel was taken out of it: it has not ended by itself. */
  readonly cut: (() => void) | undefined;
}

/** A state that holds a channel as an application does, without being told as one: parked or bridged by the switch itself. */
export function holdIn(
  channel: Channel,
  name: string,
  onLeave: (why: LeaveReason, next: () => void) => void,
): { release(): void } {
  const frame: Frame = {
    name,
    data: '',
    uuid: '',
    quiet: 'quiet',
    leaving: undefined,
    over: undefined,
    onLeave,
    onTop: [],
    cut: undefined,
    leave: () => undefined,
  };
  channel.apps.push(frame);
  return { release: () => void remove(channel, frame) };
}

/** Takes a channel out of everything that it is in, innermost first, then goes on. */
export function unwind(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly why: LeaveReason; readonly next: () => void },
): void {
  const frame = channel.app as Frame | undefined;
  if (frame === undefined) return how.next();
  if (frame.leaving !== undefined) {
    frame.onTop.push(() => unwind(sw, channel, how));
    return;
  }
  frame.leaving = how.why;
  const gone = (response?: string): void => {
    if (frame.over) return;
    endFrame(sw, channel, { frame, response });
    frame.cut?.();
    unwind(sw, channel, how);
  };
  if (frame.onLeave === undefined) gone();
  else frame.onLeave(how.why, gone);
}

/** The frame is over: CHANNEL_EXECUTE_COMPLETE, unless it was never told of; what lies below it goes on. */
export function endFrame(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly frame: Frame; readonly response?: string | undefined; readonly uuidName?: string | undefined },
): void {
  const { frame, response = '_none_', uuidName } = how;
  frame.over = 'over';
  if (!frame.quiet) {
    if (response !== '_none_') channel.set('current_application_response', response);
    const step: AppStep = { app: frame.name, data: frame.data, ...(uuidName === undefined ? {} : { uuidName }) };
    sw.tell(channel, 'CHANNEL_EXECUTE_COMPLETE', { trail: appHeaders(step, frame.uuid, response) });
  }
  remove(channel, frame);
}

function remove(channel: Channel, frame: Frame): void {
  frame.over = 'over';
  const at = channel.apps.indexOf(frame);
  if (at >= 0) channel.apps.splice(at, 1);
  const top = channel.app as Frame | undefined;
  if (top !== undefined) for (const run of top.onTop.splice(0)) run();
}

/** The trailing headers of CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE. */
export function appHeaders(step: AppStep, uuid: string, response?: string): readonly Extra[] {
  const headers: Extra[] = [['Application', step.app]];
  if (step.data !== '') headers.push(['Application-Data', step.data]);
  if (response !== undefined) headers.push(['Application-Response', response]);
  headers.push(['Application-UUID', uuid]);
  if (step.uuidName !== undefined) headers.push(['Application-UUID-Name', step.uuidName]);
  return headers;
}
