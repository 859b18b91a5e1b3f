import { RawAmi } from './lab/ami.js';
import { channelId, channelName, type Json, RawAri } from './lab/ari.js';
import type { AsteriskLab } from './lab/asterisk.js';
import { AsteriskSwitch } from './lab/lab-switch.js';
import { Phone } from './lab/phone.js';
import { SippParty } from './lab/sipp.js';
import { PROMPTS, TONE } from './lab/tone-plan.js';
import { until } from './lab/wait.js';

/** What one dialogue of the switch is made with. */
export class Stage {
  readonly lab: AsteriskLab;
  readonly ari: RawAri;
  readonly ami: RawAmi;
  readonly #open: { close(): void | Promise<void> }[] = [];

  constructor(lab: AsteriskLab) {
    this.lab = lab;
    this.ari = new RawAri(lab);
    this.ami = new RawAmi(lab);
  }

  /** A caller of the outside, on its way. */
  async caller(to = '4001', from = '13900000001'): Promise<SippParty> {
    this.ari.note(`caller ${from} dials ${to}`);
    return this.#keep(await SippParty.call(this.lab, { to, from, voice: TONE.caller1 }));
  }

  /** A registered phone. */
  async phone(extension: '8001' | '8002' | '8003' | '8004'): Promise<Phone> {
    return this.#keep(await Phone.start(this.lab, { extension }));
  }

  /** The outside world for one call over the trunk. */
  async provider(refuseWith = 486): Promise<SippParty> {
    return this.#keep(await SippParty.provider(this.lab, { voice: TONE.outside, refuseWith }));
  }

  /** Keeps something that is closed with the stage. */
  #keep<T extends { close(): void | Promise<void> }>(thing: T): T {
    this.#open.push(thing);
    return thing;
  }

  /** Next StasisStart after event `since` that `match` accepts; answers the channel's id. */
  async starts(match: (event: Json) => boolean = () => true, since = 0): Promise<string> {
    return channelId(
      await this.ari.event((event) => event.type === 'StasisStart' && match(event), { what: 'StasisStart', since }),
    );
  }

  /** Waits for an event of a type about a channel. */
  event(type: string, id: string, since = 0): Promise<Json> {
    return this.ari.event(
      (event) => event.type === type && (channelId(event) === id || (event.peer as Json | undefined)?.id === id),
      {
        what: `${type} of ${id}`,
        since,
      },
    );
  }

  /** A caller of the outside, answered by the application and in the bridge `name`; answers party and channel id. */
  async answeredCaller(bridge: string): Promise<{ readonly caller: SippParty; readonly id: string }> {
    const since = this.ari.events.length;
    const caller = await this.caller();
    const id = await this.starts((event) => channelName(event).startsWith('PJSIP/trunk'), since);
    await this.ari.rest('POST', `/channels/${id}/answer`);
    await caller.answered();
    await this.ari.rest('POST', `/bridges?bridgeId=${bridge}&type=mixing`);
    await this.ari.rest('POST', `/bridges/${bridge}/addChannel?channel=${id}`);
    return { caller, id };
  }

  /** Rings a phone as channel `id`, which answers, and adds it to a bridge. */
  async joins(phone: Phone, id: string, bridge: string): Promise<void> {
    const since = this.ari.events.length;
    const mark = phone.mark;
    await this.ari.rest(
      'POST',
      `/channels?endpoint=PJSIP/${phone.extension}&app=cordboard&appArgs=dialed&channelId=${id}&callerId=13900000001&timeout=20`,
    );
    await phone.rings({ since: mark });
    this.ari.note(`phone ${phone.extension} answers`);
    await phone.answer();
    await this.starts((event) => channelId(event) === id, since);
    await this.ari.rest('POST', `/bridges/${bridge}/addChannel?channel=${id}`);
  }

  /** Hangs up what is left in the switch, so that the next dialogue starts with a quiet one. */
  async clear(): Promise<void> {
    this.ari.mute();
    this.ami.mute();
    for (const thing of this.#open.reverse()) await thing.close();
    await this.lab.cli('channel request hangup all').catch(() => undefined);
    await until(async () => (await this.lab.cli('core show channels count')).startsWith('0 active channels'), {
      what: 'a quiet switch',
      everyMs: 50,
    });
    const bridges = (await this.ari.rest('GET', '/bridges')).body as unknown as readonly Json[];
    for (const bridge of bridges) await this.ari.rest('DELETE', `/bridges/${String(bridge.id)}`);
    await this.ari.close();
    this.ami.close();
  }
}

/** A short dialogue with the switch that checks itself; its wire lines can be kept as a fixture. */
export interface Dialogue {
  readonly name: string;
  readonly about: string;
  run(stage: Stage): Promise<void>;
}

const music = [TONE.musicLow, TONE.musicHigh];

export const dialogues: readonly Dialogue[] = [
  {
    name: 'inbound-menu',
    about:
      'A caller over the trunk enters the application, is answered, hears a prompt, presses two digits and hangs up.',
    async run(stage) {
      const caller = await stage.caller();
      const id = await stage.starts();
      await stage.ari.rest('POST', `/channels/${id}/answer`);
      await caller.answered();
      await stage.ari.rest('POST', `/channels/${id}/play/p1?media=sound:cordboard/front-menu`);
      await caller.hearing.hears([PROMPTS['front-menu'].hz]);
      stage.ari.note('caller presses 1 and 2');
      await caller.press('12');
      await stage.ari.event((event) => event.type === 'ChannelDtmfReceived' && event.digit === '2', {
        what: 'digit 2',
      });
      stage.ari.note('caller hangs up');
      await caller.hangUp();
      await stage.event('StasisEnd', id);
    },
  },
  {
    name: 'inbound-abandoned',
    about: 'A caller gives up before the application answers (CANCEL).',
    async run(stage) {
      const caller = await stage.caller();
      const id = await stage.starts();
      await stage.ari.rest('POST', `/channels/${id}/ring`);
      await caller.ringing();
      stage.ari.note('caller gives up');
      await caller.hangUp();
      await stage.event('StasisEnd', id);
    },
  },
  {
    name: 'agent-call',
    about:
      'A caller waits with music, an agent phone is rung, answers, both talk in a bridge that is recorded; the caller hangs up, the application ends the agent.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller, id } = await stage.answeredCaller('b1');
      await stage.ari.rest('POST', '/bridges/b1/moh');
      await caller.hearing.hears(music);
      await stage.ari.rest('DELETE', '/bridges/b1/moh');
      await stage.joins(phone, 'agent-1', 'b1');
      await stage.ari.rest('POST', '/bridges/b1/record?name=call-1&format=wav&ifExists=overwrite');
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      await stage.ari.rest('POST', '/recordings/live/call-1/stop');
      await stage.ari.event((event) => event.type === 'RecordingFinished', { what: 'RecordingFinished' });
      stage.ari.note('caller hangs up');
      await caller.hangUp();
      await stage.event('StasisEnd', id);
      await stage.ari.rest('DELETE', '/channels/agent-1');
      await stage.event('ChannelDestroyed', 'agent-1');
      await stage.ari.rest('DELETE', '/bridges/b1');
    },
  },
  {
    name: 'agent-hangs-up',
    about: 'The agent ends the call at the phone (BYE).',
    async run(stage) {
      const phone = await stage.phone('8001');
      await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      stage.ari.note('phone 8001 hangs up');
      await phone.hangUp();
      await stage.event('ChannelDestroyed', 'agent-1');
    },
  },
  {
    name: 'phone-hold',
    about:
      'The agent holds and resumes with the keys of the phone (re-INVITE with sendonly, then sendrecv). The switch itself gives music to the other side.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await caller.hearing.hears([TONE['8001']]);
      stage.ari.note('phone 8001 holds');
      await phone.hold();
      await stage.event('ChannelHold', 'agent-1');
      await caller.hearing.hears(music);
      stage.ari.note('phone 8001 resumes');
      await phone.resume();
      await stage.event('ChannelUnhold', 'agent-1');
      await caller.hearing.hears([TONE['8001']]);
    },
  },
  {
    name: 'hold-by-music',
    about: 'Hold made by the application: the agent leaves the bridge, the bridge gets music; then back.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await caller.hearing.hears([TONE['8001']]);
      await stage.ari.rest('POST', '/bridges/b1/removeChannel?channel=agent-1');
      await stage.ari.rest('POST', '/bridges/b1/moh');
      await caller.hearing.hears(music);
      await phone.hears.hears([]);
      await stage.ari.rest('DELETE', '/bridges/b1/moh');
      await stage.ari.rest('POST', '/bridges/b1/addChannel?channel=agent-1');
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
    },
  },
  {
    name: 'refer-blind',
    about:
      'The agent transfers blind at the phone (REFER) to 8002; the Local channel takes the place in the bridge, its other half enters the application through the dialplan of phones.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await caller.hearing.hears([TONE['8001']]);
      const since = stage.ari.events.length;
      stage.ari.note('phone 8001 sends REFER to 8002');
      const status = await phone.transfer('8002');
      stage.ari.note(`REFER is answered with ${status}`);
      await stage.ari.event((event) => event.type === 'BridgeBlindTransfer', { what: 'BridgeBlindTransfer', since });
      await stage.starts((event) => channelName(event).endsWith(';2'), since);
      stage.ari.note('the transferrer is still in the application');
      await stage.ari.rest('GET', '/channels');
      await stage.ari.rest('DELETE', '/channels/agent-1');
      // No ChannelDestroyed follows, although the application made this channel.
      await stage.event('StasisEnd', 'agent-1', since);
    },
  },
  {
    name: 'refer-attended',
    about:
      'The agent calls 8002 from the phone (that call enters the application too), then transfers with REFER and Replaces.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const second = await stage.phone('8002');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await caller.hearing.hears([TONE['8001']]);
      const held = await phone.talks();
      const since = stage.ari.events.length;
      stage.ari.note('phone 8001 holds and dials 8002');
      await phone.hold();
      const mark = phone.mark;
      await phone.dial('8002');
      const consultId = await stage.starts((event) => channelName(event).startsWith('PJSIP/8001'), since);
      await stage.ari.rest('POST', `/channels/${consultId}/answer`);
      const consult = await phone.talks({ since: mark });
      await stage.ari.rest('POST', '/bridges?bridgeId=b2&type=mixing');
      await stage.ari.rest('POST', `/bridges/b2/addChannel?channel=${consultId}`);
      await stage.joins(second, 'agent-2', 'b2');
      await second.hears.hears([TONE['8001']]);
      const before = stage.ari.events.length;
      stage.ari.note('phone 8001 sends REFER with Replaces');
      const status = await phone.transferTo(held, consult);
      stage.ari.note(`REFER is answered with ${status}`);
      await stage.ari.event((event) => event.type === 'BridgeAttendedTransfer', {
        what: 'BridgeAttendedTransfer',
        since: before,
      });
      await Promise.all([caller.hearing.hears([TONE['8002']]), second.hears.hears([TONE.caller1])]);
      stage.ari.note('who is where');
      await stage.ari.rest('GET', '/channels');
      await stage.ari.rest('GET', '/bridges');
    },
  },
  {
    name: 'originate-causes',
    about:
      'Outgoing calls that come to nothing: unregistered, unknown, busy (486), no answer, taken back, refused by the provider with 404, 503 and 603.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const call = async (endpoint: string, id: string, timeout = 20): Promise<number> =>
        (
          await stage.ari.rest(
            'POST',
            `/channels?endpoint=${endpoint}&app=cordboard&channelId=${id}&timeout=${timeout}`,
          )
        ).status;
      stage.ari.note('8003 is not registered');
      await call('PJSIP/8003', 'c-unregistered');
      stage.ari.note('8999 does not exist');
      await call('PJSIP/8999', 'c-unknown');
      stage.ari.note('8001 rejects (486)');
      let mark = phone.mark;
      await call('PJSIP/8001', 'c-busy');
      await phone.rings({ since: mark });
      await phone.reject();
      await stage.event('ChannelDestroyed', 'c-busy');
      stage.ari.note('8001 rings and nobody answers');
      mark = phone.mark;
      await call('PJSIP/8001', 'c-noanswer', 6);
      await phone.rings({ since: mark });
      await stage.event('ChannelDestroyed', 'c-noanswer');
      stage.ari.note('the application takes the call back');
      mark = phone.mark;
      await call('PJSIP/8001', 'c-cancelled');
      await phone.rings({ since: mark });
      await stage.ari.rest('DELETE', '/channels/c-cancelled');
      await stage.event('ChannelDestroyed', 'c-cancelled');
      for (const status of [404, 503, 603]) {
        stage.ari.note(`the provider refuses with ${status}`);
        const provider = await stage.provider(status);
        await call('PJSIP/03012345@trunk', `c-${status}`);
        await provider.ringing();
        provider.refuse();
        await provider.ended();
        await stage.event('ChannelDestroyed', `c-${status}`);
        await provider.close();
      }
    },
  },
  {
    name: 'supervise',
    about:
      'Listen, whisper and barge on a call between a caller and an agent: two snoop channels, the supervisor in a bridge with each; barge is a third member.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const boss = await stage.phone('8003');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await phone.hears.hears([TONE.caller1]);
      stage.ari.note('listen: snoop on the agent, both directions');
      await stage.ari.rest('POST', '/channels/agent-1/snoop/s1?app=cordboard&appArgs=snoop&spy=both&whisper=none');
      await stage.starts((event) => channelId(event) === 's1');
      await stage.ari.rest('POST', '/bridges?bridgeId=b-s1&type=mixing');
      await stage.ari.rest('POST', '/bridges/b-s1/addChannel?channel=s1');
      await stage.joins(boss, 'boss-1', 'b-s1');
      await boss.hears.hears([TONE.caller1, TONE['8001']]);
      stage.ari.note('whisper: another snoop that also speaks to the agent');
      await stage.ari.rest('POST', '/channels/agent-1/snoop/s2?app=cordboard&appArgs=snoop&spy=both&whisper=out');
      await stage.starts((event) => channelId(event) === 's2');
      await stage.ari.rest('POST', '/bridges/b-s1/addChannel?channel=s2');
      await stage.ari.rest('DELETE', '/channels/s1');
      await Promise.all([
        phone.hears.hears([TONE.caller1, TONE['8003']]),
        caller.hearing.hears([TONE['8001']]),
        boss.hears.hears([TONE.caller1, TONE['8001']]),
      ]);
      stage.ari.note('barge: the supervisor joins the bridge of the call');
      await stage.ari.rest('DELETE', '/channels/s2');
      await stage.ari.rest('POST', '/bridges/b1/addChannel?channel=boss-1');
      await Promise.all([
        phone.hears.hears([TONE.caller1, TONE['8003']]),
        caller.hearing.hears([TONE['8001'], TONE['8003']]),
      ]);
    },
  },
  {
    name: 'socket-lost',
    about:
      'The event socket is lost while a call lives; meanwhile the caller presses a digit. After the reconnect nothing is repeated; the state is asked for.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await caller.hearing.hears([TONE['8001']]);
      await stage.ari.close();
      await caller.press('5');
      await caller.hearing.hears([TONE['8001']]);
      await stage.ari.connect();
      stage.ari.note('event socket open again');
      await stage.ari.rest('GET', '/applications/cordboard');
      await stage.ari.rest('GET', '/channels');
      await stage.ari.rest('GET', '/bridges');
      stage.ari.note('caller hangs up');
      await caller.hangUp();
      await stage.ari.event((event) => event.type === 'StasisEnd', { what: 'StasisEnd' });
    },
  },
  {
    name: 'outgoing',
    about: 'The application calls the outside over the trunk, the party answers, then hangs up itself.',
    async run(stage) {
      const provider = await stage.provider();
      await stage.ari.rest(
        'POST',
        '/channels?endpoint=PJSIP/03012345@trunk&app=cordboard&appArgs=dialed&channelId=out-1&callerId=4008001000',
      );
      await provider.ringing();
      stage.ari.note('the party answers');
      provider.answer();
      await stage.starts((event) => channelId(event) === 'out-1');
      await stage.ari.rest('POST', '/bridges?bridgeId=b1&type=mixing');
      await stage.ari.rest('POST', '/bridges/b1/addChannel?channel=out-1');
      await stage.ari.rest('POST', '/channels/out-1/play/p1?media=sound:cordboard/welcome');
      await provider.hearing.hears([PROMPTS.welcome.hz], { forMs: 300 });
      stage.ari.note('the party hangs up');
      await provider.hangUp();
      await stage.event('ChannelDestroyed', 'out-1');
    },
  },
  {
    name: 'phone-dials',
    about:
      'A phone dials another extension; the application takes the call, rings the other phone and bridges both. Digits of the phone are told, since the bridge asks for them.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const second = await stage.phone('8002');
      stage.ari.note('phone 8001 dials 8002');
      await phone.dial('8002');
      const id = await stage.starts();
      await stage.ari.rest('POST', `/channels/${id}/ring`);
      await stage.ari.rest(
        'POST',
        '/channels?endpoint=PJSIP/8002&app=cordboard&appArgs=dialed&channelId=far-1&callerId=8001&timeout=20',
      );
      await second.rings();
      await second.answer();
      await stage.starts((event) => channelId(event) === 'far-1');
      await stage.ari.rest('POST', `/channels/${id}/answer`);
      await phone.talks();
      await stage.ari.rest('POST', '/bridges?bridgeId=b1&type=mixing,dtmf_events');
      await stage.ari.rest('POST', `/bridges/b1/addChannel?channel=${id},far-1`);
      await Promise.all([second.hears.hears([TONE['8001']]), phone.hears.hears([TONE['8002']])]);
      stage.ari.note('phone 8001 presses 7');
      await phone.press('7');
      await stage.ari.event((event) => event.type === 'ChannelDtmfReceived' && event.digit === '7', {
        what: 'digit 7',
      });
      stage.ari.note('phone 8002 hangs up');
      await second.hangUp();
      await stage.event('ChannelDestroyed', 'far-1');
    },
  },
  {
    name: 'channel-record-and-mute',
    about:
      'A member of a bridge is muted both ways in turn while the bridge is recorded with two members; the recording is stopped, fetched and removed.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await stage.ari.rest('POST', '/bridges/b1/record?name=dir/call-2&format=wav&ifExists=fail');
      await caller.hearing.hears([TONE['8001']]);
      stage.ari.note('mute direction=in: the agent is not heard');
      await stage.ari.rest('POST', '/channels/agent-1/mute?direction=in');
      await caller.hearing.hears([]);
      await phone.hears.hears([TONE.caller1]);
      await stage.ari.rest('DELETE', '/channels/agent-1/mute?direction=in');
      stage.ari.note('mute direction=out: the agent hears nothing');
      await stage.ari.rest('POST', '/channels/agent-1/mute?direction=out');
      await phone.hears.hears([]);
      await caller.hearing.hears([TONE['8001']]);
      await stage.ari.rest('DELETE', '/channels/agent-1/mute?direction=out');
      await stage.ari.rest('POST', '/recordings/live/dir%2Fcall-2/pause');
      await stage.ari.rest('DELETE', '/recordings/live/dir%2Fcall-2/pause');
      await stage.ari.rest('POST', '/recordings/live/dir%2Fcall-2/stop');
      await stage.ari.event((event) => event.type === 'RecordingFinished', { what: 'RecordingFinished' });
      await stage.ari.rest('GET', '/recordings/stored/dir%2Fcall-2');
      await stage.ari.rest('DELETE', '/recordings/stored/dir%2Fcall-2');
    },
  },
  {
    name: 'consult-and-complete',
    about:
      'Consultation made by the application: agent out of the bridge, music for the caller, a second bridge with the second agent, then caller and second agent together.',
    async run(stage) {
      const phone = await stage.phone('8001');
      const second = await stage.phone('8002');
      const { caller } = await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      await stage.ari.rest('POST', '/bridges/b1/moh');
      await stage.ari.rest('POST', '/bridges?bridgeId=b2&type=mixing');
      await stage.ari.rest('POST', '/bridges/b2/addChannel?channel=agent-1');
      await caller.hearing.hears(music);
      await stage.joins(second, 'agent-2', 'b2');
      await Promise.all([phone.hears.hears([TONE['8002']]), second.hears.hears([TONE['8001']])]);
      stage.ari.note('complete');
      await stage.ari.rest('DELETE', '/bridges/b1/moh');
      await stage.ari.rest('POST', '/bridges/b1/addChannel?channel=agent-2');
      await stage.ari.rest('DELETE', '/channels/agent-1');
      await stage.ari.rest('DELETE', '/bridges/b2');
      await Promise.all([caller.hearing.hears([TONE['8002']]), second.hears.hears([TONE.caller1])]);
      stage.ari.note('the second agent hangs up');
      await second.hangUp();
      await stage.event('ChannelDestroyed', 'agent-2');
    },
  },
  {
    name: 'socket-replaced',
    about: 'A second event socket for the same application: the first one is told and gets no events any more.',
    async run(stage) {
      const other = new RawAri(stage.lab);
      await other.connect();
      await stage.ari.event((event) => event.type === 'ApplicationReplaced', { what: 'ApplicationReplaced' });
      const caller = await stage.caller();
      await other.event((event) => event.type === 'StasisStart', { what: 'StasisStart at the second socket' });
      await caller.hangUp();
      await other.close();
    },
  },
  {
    name: 'fallback',
    about:
      'Nobody runs the application: the dialplan rings the phones, one answers. AMI sees a call that is not of the application.',
    async run(stage) {
      const phone = await stage.phone('8001');
      await stage.ari.close();
      await new AsteriskSwitch(stage.lab).isAlone();
      const caller = await stage.caller();
      await phone.rings();
      await phone.answer();
      await caller.answered();
      await Promise.all([phone.hears.hears([TONE.caller1]), caller.hearing.hears([TONE['8001']])]);
      await caller.hangUp();
      await phone.closed();
      await stage.ari.connect();
    },
  },
  {
    name: 'killed',
    about: 'SIGKILL of the switch in mid-call: no event, sockets end; after the boot there is nothing left.',
    async run(stage) {
      const phone = await stage.phone('8001');
      await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      stage.ari.note('SIGKILL');
      await stage.lab.kill();
      await until(() => stage.ari.lines.some((line) => line.data === 'event socket closed'), {
        what: 'the end of the event socket',
      });
      await stage.lab.boot();
      await stage.ari.connect();
      await stage.ari.rest('GET', '/channels');
    },
  },
  {
    name: 'restart',
    about: 'core restart now in mid-call: what the sockets say, and what there is afterwards.',
    async run(stage) {
      const phone = await stage.phone('8001');
      await stage.answeredCaller('b1');
      await stage.joins(phone, 'agent-1', 'b1');
      stage.ari.note('core restart now');
      await stage.lab.restart('now');
      stage.ari.note('booted again');
      await until(() => stage.ari.lines.some((line) => line.data === 'event socket closed'), {
        what: 'the end of the event socket',
      });
      await stage.ari.connect();
      await stage.ari.rest('GET', '/channels');
      await stage.ari.rest('GET', '/bridges');
    },
  },
];
