import { parseVariables } from '../switch/dial-string.js';
import { hangupCause } from '../switch/hangup-cause.js';
import { hangUp, preAnswer, tellAnswered } from '../switch/lifecycle.js';
import { transfer } from '../switch/transfer.js';
import type { App, AppRun } from './app.js';

/** Takes the call: the far end hears of it through the virtual switch. */
const answer: App = ({ sw, channel, done }) => {
  if (channel.leg.state === 'connected') tellAnswered(sw, channel);
  else if (channel.leg.state !== 'ended') sw.pbx.connect(channel.leg);
  done();
};

const early: App = ({ sw, channel, done }) => {
  preAnswer(sw, channel);
  done();
};

const ringReady: App = ({ sw, channel, done }) => {
  if (channel.answer === 'ringing') sw.tell(channel, 'CHANNEL_PROGRESS');
  done();
};

/** Keeps the channel until somebody takes it: CHANNEL_PARK, CHANNEL_UNPARK. */
const park: App = (run) => {
  const { sw, channel } = run;
  const [seconds, cause] = (channel.get('park_timeout') ?? '').split(':');
  channel.set('park_timeout', undefined);
  sw.tell(channel, 'CHANNEL_PARK');
  const cancel =
    Number(seconds) > 0
      ? sw.onThread(channel, Number(seconds) * 1_000, () => hangUp(sw, channel, hangupCause(cause, 'NORMAL_CLEARING')))
      : undefined;
  run.onLeave((_why, then) => {
    cancel?.();
    sw.tell(channel, 'CHANNEL_UNPARK');
    then();
  });
};

const hangup: App = ({ sw, channel, data, done }) => {
  hangUp(sw, channel, hangupCause(data));
  done();
};

function assign({ channel }: AppRun, text: string): void {
  const at = text.indexOf('=');
  if (at > 0) channel.set(text.slice(0, at).trim(), text.slice(at + 1));
}

const set: App = (run) => {
  assign(run, run.data);
  run.done();
};

/** Sets a variable and has legs that are called later inherit it; `nolocal:` leaves it out here. */
const exportVariable: App = (run) => {
  const { channel } = run;
  const text = run.data.replace(/^nolocal:/u, '');
  const name = text.slice(0, text.indexOf('='));
  assign(run, text);
  const names = (channel.get('export_vars') ?? '').split(',').filter((one) => one !== '' && one !== name);
  channel.set('export_vars', [...names, name].join(','));
  run.done();
};

const multiset: App = (run) => {
  const { data } = run;
  const pairs = data.startsWith('^^') ? data.slice(3).split(data[2] ?? ' ') : data.split(' ');
  for (const pair of pairs) assign(run, pair);
  run.done();
};

const unset: App = ({ channel, data, done }) => {
  channel.set(data.trim(), undefined);
  done();
};

const sleep: App = (run) => {
  const cancel = run.sw.after(Math.max(0, Math.trunc(Number(run.data)) || 0), () =>
    run.whenInnermost(() => run.done()),
  );
  run.onLeave((_why, then) => {
    cancel();
    then();
  });
};

const transferApp: App = ({ sw, channel, data, done }) => {
  const [number = '', dialplan = 'XML', context = channel.profile.context] = data.split(' ');
  transfer(sw, channel, { number, dialplan, context });
  done();
};

const nothing: App = ({ done }) => done();

const log: App = nothing;

const sendDtmf: App = ({ channel, data, done }) => {
  channel.leg.party.heard += data.replace(/@.*$/u, '').replaceAll(/[wW+]/gu, '');
  done();
};

const setUser: App = ({ channel, data, done }) => {
  channel.fill(parseVariables(`user_name=${data.split('@')[0] ?? ''}`));
  done();
};

/** Applications that need nothing but the channel itself. */
export const BASIC_APPS = {
  answer,
  pre_answer: early,
  ring_ready: ringReady,
  park,
  hangup,
  set,
  export: exportVariable,
  multiset,
  unset,
  sleep,
  transfer: transferApp,
  send_dtmf: sendDtmf,
  set_user: setUser,
  log,
  info: nothing,
  bind_meta_app: nothing,
  start_dtmf: nothing,
  stop_dtmf: nothing,
  deflect: nothing,
  event: nothing,
} as const;
