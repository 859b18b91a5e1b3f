import type { LeaveReason } from '../apps/app.js';
import type { AppStep, Channel, RunningApp } from './channel.js';
import { expand } from './dialplan.js';
import type { EslSwitch, Extra } from './esl-switch.js';
import { hangUp } from './lifecycle.js';

interface Frame extends RunningApp {
  readonly quiet: 'quiet' | undefined;
  leaving: LeaveReason | undefined;
  over: 'over' | undefined;
  onLeave: ((why: LeaveReason, then: (response?: string) => void) => void) | undefined;
  readonly onTop: (() => void)[];
}

/** How an application is started. */
export interface ExecuteOptions {
  /** After it has ended by itself. */
  readonly next: () => void;
  readonly loops?: number;
}

/** Sends a channel through an extension's applications; after the last one it hangs up. */
export function runSteps(sw: EslSwitch, channel: Channel, steps: readonly AppStep[]): void {
  channel.steps = [...steps];
  nextStep(sw, channel);
}

/** Goes on with the next application of the extension. */
export function nextStep(sw: EslSwitch, channel: Channel): void {
  if (!channel.isUp) return;
  const step = channel.steps.shift();
  if (step === undefined) {
    if (channel.isTrue('park_after_bridge') && channel.lastApp.name === 'bridge') enterPark(sw, channel);
    else hangUp(sw, channel, 'NORMAL_CLEARING');
    return;
  }
  const { epoch } = channel;
  execute(sw, channel, {
    step: { ...step, data: expand(step.data, channel) },
    next: () => {
      if (channel.epoch === epoch) nextStep(sw, channel);
    },
  });
}

/** Starts an application on a channel, inside those that run. One that does not exist ends the call (freeswitch.md 16). */
export function execute(sw: EslSwitch, channel: Channel, how: { readonly step: AppStep } & ExecuteOptions): void {
  const { step, next } = how;
  const app = sw.options.apps[step.app];
  if (app === undefined) return hangUp(sw, channel, 'DESTINATION_OUT_OF_ORDER');
  const frame = newFrame(sw, channel, step);
  channel.apps.push(frame);
  channel.lastApp = { name: step.app, data: step.data };
  channel.set('current_application', step.app);
  channel.set('current_application_data', step.data);
  channel.set('current_application_response', undefined);
  sw.tell(channel, 'CHANNEL_EXECUTE', { trail: appHeaders(step, frame.uuid) });
  app({
    sw,
    channel,
    data: step.data,
    loops: how.loops ?? 1,
    done: (response) => finish(sw, channel, { frame, step, next, response }),
    onLeave: (leave) => {
      frame.onLeave = leave;
    },
    whenInnermost: (run) => {
      if (channel.app === frame) run();
      else frame.onTop.push(run);
    },
  });
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
    leave: () => undefined,
  };
  channel.apps.push(frame);
  return { release: () => void remove(channel, frame) };
}

/** Parks a channel outside of an application: CHANNEL_STATE CS_PARK, CHANNEL_PARK. */
export function enterPark(sw: EslSwitch, channel: Channel): void {
  sw.enter(channel, 'CS_PARK');
  sw.tell(channel, 'CHANNEL_PARK');
  holdIn(channel, 'park', (_why, then) => {
    sw.tell(channel, 'CHANNEL_UNPARK');
    then();
  });
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
    end(sw, channel, frame, response);
    unwind(sw, channel, how);
  };
  if (frame.onLeave === undefined) gone();
  else frame.onLeave(how.why, gone);
}

function newFrame(sw: EslSwitch, channel: Channel, step: AppStep): Frame {
  return {
    name: step.app,
    data: step.data,
    uuid: step.uuid ?? sw.identity.uuid(),
    quiet: undefined,
    leaving: undefined,
    over: undefined,
    onLeave: undefined,
    onTop: [],
    leave: (why) => unwind(sw, channel, { why, next: () => undefined }),
  };
}

function finish(
  sw: EslSwitch,
  channel: Channel,
  how: {
    readonly frame: Frame;
    readonly step: AppStep;
    readonly next: () => void;
    readonly response: string | undefined;
  },
): void {
  const { frame, next, response } = how;
  if (frame.over || frame.leaving !== undefined) return;
  if (channel.app !== frame) {
    frame.onTop.push(() => finish(sw, channel, how));
    return;
  }
  end(sw, channel, frame, response, how.step.uuidName);
  next();
}

function end(sw: EslSwitch, channel: Channel, frame: Frame, response = '_none_', uuidName?: string): void {
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

function appHeaders(step: AppStep, uuid: string, response?: string): readonly Extra[] {
  const headers: Extra[] = [['Application', step.app]];
  if (step.data !== '') headers.push(['Application-Data', step.data]);
  if (response !== undefined) headers.push(['Application-Response', response]);
  headers.push(['Application-UUID', uuid]);
  if (step.uuidName !== undefined) headers.push(['Application-UUID-Name', step.uuidName]);
  return headers;
}
