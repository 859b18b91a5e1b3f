import type { Bridge } from '../../switch/model.js';
import type { Channel } from './channel.js';
import type { EslSwitch, Extra } from './esl-switch.js';
import { bridgeIdOf } from './names.js';
import { DOMAIN } from './sip-variables.js';

const SUBCLASS = 'conference::maintenance';

/** One channel in a room. */
export interface Member {
  readonly id: number;
  readonly channel: Channel;
  readonly joinedMs: number;
  canHear: boolean;
  canSpeak: boolean;
  held: boolean;
  /** Takes it out: its application ends. */
  readonly leave: () => void;
}

/** A room in which any number of channels hear each other; gone with its last member. Members are counted over all rooms (freeswitch.md 41). */
export class Conference {
  readonly name: string;
  readonly profile: string;
  readonly uuid: string;
  readonly startedMs: number;
  readonly members = new Map<number, Member>();
  locked = false;
  floor: number | undefined;
  readonly tapes = new Map<string, number>();
  readonly #sw: EslSwitch;
  readonly #bridge: Bridge;

  constructor(sw: EslSwitch, name: string, profile: string) {
    this.#sw = sw;
    this.name = name;
    this.profile = profile;
    this.uuid = sw.identity.uuid();
    this.startedMs = sw.clock.nowMs();
    this.#bridge = { bridgeId: bridgeIdOf(this.uuid), members: [] };
    sw.conferences.set(name, this);
    this.tell('conference-create');
  }

  /** Lets a channel in: add-member, and the floor for the first one. */
  join(channel: Channel, flags: readonly string[], leave: () => void): Member {
    const sw = this.#sw;
    const member: Member = {
      id: ++sw.memberIds,
      channel,
      joinedMs: sw.clock.nowMs(),
      canHear: !flags.includes('deaf'),
      canSpeak: !flags.includes('mute'),
      held: false,
      leave,
    };
    this.members.set(member.id, member);
    sw.pbx.bridges.set(this.#bridge.bridgeId, this.#bridge);
    sw.pbx.join(channel.leg, this.#bridge, 0);
    channel.fill({
      conference_name: this.name,
      conference_member_id: String(member.id),
      conference_uuid: this.uuid,
    });
    this.tellMember(member, 'add-member');
    this.#presence();
    if (this.floor === undefined && member.canSpeak) {
      sw.onThread(channel, 20, () => (this.members.has(member.id) ? this.#takeFloor(member) : undefined));
    }
    return member;
  }

  /** A member is gone: del-member; with the last one the room is (conference-destroy). */
  part(member: Member): void {
    if (!this.members.delete(member.id)) return;
    const sw = this.#sw;
    if (member.channel.leg.bridge === this.#bridge) sw.pbx.leave(member.channel.leg, 'silent');
    if (this.floor === member.id) this.floor = undefined;
    this.tellMember(member, 'del-member');
    this.#presence();
    if (this.members.size > 0) return;
    for (const path of [...this.tapes.keys()]) this.stopTape(path);
    sw.conferences.delete(this.name);
    sw.after(sw.noticeMs(), () => this.tell('conference-destroy'));
  }

  startTape(path: string): void {
    this.tapes.set(path, this.#sw.clock.nowMs());
    this.tell('start-recording', [['Path', path]]);
  }

  stopTape(path: string): 'stopped' | 'none' {
    const startedMs = this.tapes.get(path);
    if (startedMs === undefined) return 'none';
    this.tapes.delete(path);
    const ms = Math.round(this.#sw.clock.nowMs() - startedMs);
    this.#sw.options.keepRecording(path, ms);
    this.tell('stop-recording', [
      ['Path', path],
      ['Other-Recordings', String(this.tapes.size > 0)],
      ['Samples-Out', String(ms * 8)],
      ['Samplerate', '8000'],
      ['Milliseconds-Elapsed', String(ms)],
      ['Record-File-Size', String(44 + ms * 16)],
    ]);
    return 'stopped';
  }

  /** An event of the room itself; `length` in front of its action where something has sounded. */
  tell(action: string, extra: readonly Extra[] = [], length: readonly Extra[] = []): void {
    this.#sw.fire('CUSTOM', {
      source: 'CONFERENCE',
      subclass: SUBCLASS,
      headers: [...this.#room(), ...length, ['Action', action], ...extra],
    });
  }

  /** An event of one member. */
  tellMember(member: Member, action: string, extra: readonly Extra[] = []): void {
    this.#sw.tell(member.channel, 'CUSTOM', {
      source: 'CONFERENCE',
      subclass: SUBCLASS,
      detail: 'basic',
      lead: [...this.#room(), ['Floor', String(this.floor === member.id)]],
      trail: [...this.#state(member), ['Action', action], ...extra],
    });
  }

  /** An event that tells of its action first and then of the room once more, with the member behind it. */
  tellTwice(member: Member, action: readonly Extra[], extra: readonly Extra[]): void {
    this.#sw.tell(member.channel, 'CUSTOM', {
      source: 'CONFERENCE',
      subclass: SUBCLASS,
      detail: 'basic',
      lead: [...this.#room(), ...action, ...this.#room(), ['Floor', String(this.floor === member.id)]],
      trail: [...this.#state(member), ...extra],
    });
  }

  #takeFloor(member: Member): void {
    const old = this.floor;
    this.floor = member.id;
    this.tellTwice(
      member,
      [
        ['Action', 'floor-change'],
        ['Old-ID', old === undefined ? 'none' : String(old)],
      ],
      [['New-ID', String(member.id)]],
    );
  }

  #room(): readonly Extra[] {
    return [
      ['Conference-Name', this.name],
      ['Conference-Domain', DOMAIN],
      ['Conference-Size', String(this.members.size)],
      ['Conference-Ghosts', '0'],
      ['Conference-Profile-Name', this.profile],
      ['Conference-Unique-ID', this.uuid],
    ];
  }

  #state(member: Member): readonly Extra[] {
    return [
      ['Video', 'false'],
      ['Hear', String(member.canHear)],
      ['See', 'true'],
      ['Speak', String(member.canSpeak)],
      ['Talking', 'false'],
      ['Mute-Detect', 'false'],
      ['Hold', String(member.held)],
      ['Member-ID', String(member.id)],
      ['Member-Type', 'member'],
      ['Member-Ghost', 'false'],
      ['Energy-Level', '100'],
      ['Current-Energy', '0'],
    ];
  }

  #presence(): void {
    const count = this.members.size;
    const live = count > 0;
    this.#sw.fire('PRESENCE_IN', {
      source: 'PRESENCE_IN_CONFERENCE',
      headers: [
        ['proto', 'conf'],
        ['login', this.name],
        ['from', `${this.name}@${DOMAIN}`],
        ['event_type', 'presence'],
        ['alt_event_type', 'dialog'],
        ['event_count', '0'],
        ['unique-id', this.name],
        ['force-status', live ? `Active (${count} caller${count === 1 ? '' : 's'})` : 'Inactive'],
        ['channel-state', live ? 'CS_ROUTING' : 'CS_HANGUP'],
        ['answer-state', live ? (count === 1 ? 'early' : 'confirmed') : 'terminated'],
        live ? ['presence-call-direction', 'outbound'] : ['call-direction', 'inbound'],
      ],
    });
  }
}
