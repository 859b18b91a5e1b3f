import { type DeviceId, type DevicePresence, type DriverEvent, deviceId, type SwitchId } from '@cordboard/cti-core';
import { header, type SwitchEvent } from './event.js';
import { userOf } from './leg.js';

interface User {
  /** Contacts that are registered, by call id; `unknown` where nothing was told. */
  registered: 'yes' | 'no' | 'unknown';
  /** Channel id -> what that channel is doing. */
  readonly channels: Map<string, 'ringing' | 'talking' | 'held'>;
  /** What was told last. */
  told?: DevicePresence;
}

/** Users that are kept; a directory with more is not watched further. */
const MAX_USERS = 50_000;

/**
 * What every SIP phone is doing, whoever's call it is: registrations and channels of each user of the directory, kept from the events of sofia and
 * of the channels. Pure.
 */
export class DeviceModel {
  readonly #switchId: SwitchId;
  readonly #users = new Map<string, User>();
  /** Channel id -> its user. */
  readonly #channels = new Map<string, string>();

  constructor(context: { readonly switchId: SwitchId }) {
    this.#switchId = context.switchId;
  }

  /** Takes what the switch shows when asked for everything, and forgets what was before. */
  load(survey: { readonly users: readonly string[]; readonly registered: readonly string[] }): void {
    this.#users.clear();
    this.#channels.clear();
    for (const name of survey.users) {
      const user = this.#user(name);
      if (user !== undefined) user.registered = 'no';
    }
    for (const name of survey.registered) {
      const user = this.#user(name);
      if (user !== undefined) user.registered = 'yes';
    }
  }

  /** A channel that lives, in a survey. */
  loadChannel(id: string, event: SwitchEvent): void {
    const answered = header(event, 'Answer-State') === 'answered';
    this.#set(id, event, answered ? 'talking' : isOutgoing(event) ? 'ringing' : 'talking');
  }

  /** The survey is over: what is known now counts as told. */
  loaded(): void {
    for (const user of this.#users.values()) user.told = presenceOf(user);
  }

  /** Every device, for a snapshot. */
  get devices(): readonly { readonly device: DeviceId; readonly presence: DevicePresence }[] {
    return [...this.#users].map(([name, user]) => ({
      device: deviceId(this.#switchId, 'extension', name),
      presence: presenceOf(user),
    }));
  }

  /** The changes that an event makes. */
  apply(event: SwitchEvent): readonly DriverEvent[] {
    const id = header(event, 'Unique-ID') ?? '';
    switch (event.name) {
      case 'CHANNEL_CREATE':
        // A phone that dials is busy; one that is being called is not busy for anybody else before it rings.
        return isOutgoing(event) ? [] : this.#after(id, event, 'talking');
      case 'CHANNEL_PROGRESS':
      case 'CHANNEL_PROGRESS_MEDIA':
        return isOutgoing(event) ? this.#after(id, event, 'ringing') : [];
      case 'CHANNEL_ANSWER':
      case 'CHANNEL_UNHOLD':
        return this.#after(id, event, 'talking');
      case 'CHANNEL_HOLD':
        return this.#after(id, event, 'held');
      case 'CHANNEL_HANGUP_COMPLETE':
      case 'CHANNEL_DESTROY':
        return this.#gone(id);
      case 'CUSTOM':
        return this.#registration(event);
      default:
        return [];
    }
  }

  #after(id: string, event: SwitchEvent, doing: 'ringing' | 'talking' | 'held'): readonly DriverEvent[] {
    const name = this.#set(id, event, doing);
    return name === undefined ? [] : this.#changed(name);
  }

  #set(id: string, event: SwitchEvent, doing: 'ringing' | 'talking' | 'held'): string | undefined {
    const name = this.#channels.get(id) ?? userOf(event);
    // Trunks and numbers outside have no presence; users are those of the directory or with a registration.
    if (name === undefined || id === '' || !this.#users.has(name)) return undefined;
    this.#channels.set(id, name);
    this.#users.get(name)?.channels.set(id, doing);
    return name;
  }

  #gone(id: string): readonly DriverEvent[] {
    const name = this.#channels.get(id);
    if (name === undefined) return [];
    this.#channels.delete(id);
    this.#users.get(name)?.channels.delete(id);
    return this.#changed(name);
  }

  #registration(event: SwitchEvent): readonly DriverEvent[] {
    const subclass = header(event, 'Event-Subclass');
    const name = header(event, 'from-user') ?? header(event, 'user');
    if (name === undefined || !/^[\p{L}\p{N}_.+*#-]{1,64}$/u.test(name)) return [];
    const registered =
      subclass === 'sofia::register'
        ? 'yes'
        : subclass === 'sofia::unregister' || subclass === 'sofia::expire'
          ? 'no'
          : undefined;
    const user = registered === undefined ? undefined : this.#user(name);
    if (user === undefined || registered === undefined) return [];
    user.registered = registered;
    return this.#changed(name);
  }

  #changed(name: string): readonly DriverEvent[] {
    const user = this.#users.get(name);
    if (user === undefined) return [];
    const presence = presenceOf(user);
    if (user.told === presence) return [];
    user.told = presence;
    return [{ type: 'devicePresence', device: deviceId(this.#switchId, 'extension', name), presence }];
  }

  #user(name: string): User | undefined {
    const known = this.#users.get(name);
    if (known !== undefined || this.#users.size >= MAX_USERS) return known;
    const user: User = { registered: 'unknown', channels: new Map() };
    this.#users.set(name, user);
    return user;
  }
}

function isOutgoing(event: SwitchEvent): boolean {
  return (header(event, 'Call-Direction') ?? header(event, 'Caller-Direction')) === 'outbound';
}

function presenceOf(user: User): DevicePresence {
  const doing = [...user.channels.values()];
  if (doing.includes('talking')) return 'busy';
  if (doing.includes('ringing')) return 'alerting';
  if (doing.includes('held')) return 'held';
  if (user.registered === 'yes') return 'idle';
  return user.registered === 'no' ? 'unreachable' : 'unknown';
}
