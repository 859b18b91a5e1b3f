import type { AppStep, Channel } from './channel.js';
import { expand } from './dialplan.js';
import type { EslSwitch } from './esl-switch.js';
import { appHeaders, endFrame, type Frame, holdIn, unwind } from './frames.js';
import { hangUp } from './lifecycle.js';

/** How an application is started. */
export interface ExecuteOptions {
  /** After it has ended by itself. */
  readonly next: () => void;
  readonly loops?: number;
  /** After the channel was taken out of it. */
  readonly cut?: () => void;
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
  const frame = newFrame(sw, channel, how);
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

/** Parks a channel outside of an application: CHANNEL_STATE CS_PARK, CHANNEL_PARK. */
export function enterPark(sw: EslSwitch, channel: Channel): void {
  sw.enter(channel, 'CS_PARK');
  sw.tell(channel, 'CHANNEL_PARK');
  holdIn(channel, 'park', (_why, then) => {
    sw.tell(channel, 'CHANNEL_UNPARK');
    then();
  });
}

function newFrame(sw: EslSwitch, channel: Channel, how: { readonly step: AppStep } & ExecuteOptions): Frame {
  const { step, cut } = how;
  return {
    name: step.app,
    data: step.data,
    uuid: step.uuid ?? sw.identity.uuid(),
    quiet: undefined,
    leaving: undefined,
    over: undefined,
    onLeave: undefined,
    onTop: [],
    cut,
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
  endFrame(sw, channel, { frame, response, uuidName: how.step.uuidName });
  next();
}
