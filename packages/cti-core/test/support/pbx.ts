import {
  asId,
  type ConnectionId,
  connectionId,
  type DeviceId,
  type DriverCapability,
  type DriverCommand,
  type DriverReply,
  type RawParty,
  type ReleaseCause,
  type SwitchSnapshot,
  type TenantConfig,
} from '../../src/index.js';
import { Floor, MAIN } from './floor.js';
import { site } from './site.js';

/** All that a key telephone system is asked for. */
export const PBX: readonly DriverCapability[] = [
  'makeCall',
  'answer',
  'clear',
  'hold',
  'retrieve',
  'transfer',
  'singleStepTransfer',
  'conference',
  'singleStepConference',
  'park',
  'unpark',
  'pickUp',
  'page',
  'redial',
  'flash',
  'sendDigits',
  'devices',
  'phoneHold',
  'phoneTransfer',
];

type Body<T> = T extends DriverCommand ? T : never;
type Refusal = Extract<DriverReply, { outcome: 'refused' }>['code'];

interface Part {
  readonly id: ConnectionId;
  readonly device: DeviceId;
  readonly direction: 'incoming' | 'outgoing';
  state: 'initiated' | 'alerting' | 'connected';
  ref: string;
  held: 'held' | undefined;
  slot: number | undefined;
  calling: RawParty;
  called: RawParty;
}

const NOBODY: RawParty = { number: '', presentation: 'unavailable' };
export const number = (digits: string): RawParty => ({ number: digits, presentation: 'allowed' });
export const ext = (address: string): DeviceId => asId(`main:extension:${address}`);
export const line = (address: string | number): DeviceId => asId(`main:line:${address}`);
const isLine = (device: DeviceId): boolean => device.startsWith('main:line:');
const INTERNAL = /^8\d{3}$/u;

/**
 * An engine beside a key telephone system that carries its calls out by itself, whether a person at a phone or a command asks for it. What it tells is what the
 * contract says of the services, in one of the orders that it leaves open.
 */
export class PbxFloor extends Floor {
  readonly parts = new Map<ConnectionId, Part>();
  readonly lastDialled = new Map<DeviceId, string>();
  /** References that the engine was told of. */
  readonly toldRefs = new Set<string>();
  private made = 0;
  private refs = 0;

  /** `before`: what goes on there before the engine hears of the switch for the first time. */
  constructor(more: Partial<TenantConfig> = {}, before: (pbx: PbxFloor) => void = () => undefined) {
    super(site(more));
    before(this);
    this.up();
  }

  static met(before: (pbx: PbxFloor) => void): PbxFloor {
    return new PbxFloor({}, before);
  }

  override ready(...agents: string[]): this {
    super.ready(...agents);
    return this;
  }

  override wait(ms: number): this {
    super.wait(ms);
    return this;
  }

  /** The phone of an extension is lifted, which takes what rings there. */
  answer_(phone: string): this {
    this.answers(ext(phone));
    return this;
  }

  override up(capabilities: readonly DriverCapability[] = PBX): this {
    return super.up(capabilities, 'callControl');
  }

  override snapshot(): SwitchSnapshot {
    const parts = [...this.parts.values()];
    return {
      connections: parts.map((part) => ({
        connectionId: part.id,
        device: part.device,
        direction: part.direction,
        state: part.state,
        control: 'full' as const,
        calling: part.calling,
        called: part.called,
        nativeCallRef: part.ref,
        ...(part.slot === undefined ? {} : { parkedAt: part.slot }),
        ...(part.held === undefined ? {} : { heldByDevice: part.held }),
      })),
      recordings: [],
      monitors: [],
      devices: [],
    };
  }

  /** What a person or a command does while the link is down is not told. */
  private tell(event: Parameters<Floor['event']>[0]): void {
    if (this.link !== 'up') return;
    if (event.type === 'created' && event.nativeCallRef !== undefined) this.toldRefs.add(event.nativeCallRef);
    this.event(event);
  }

  ref(): string {
    this.refs += 1;
    return String(this.refs);
  }

  create(part: {
    readonly device: DeviceId;
    readonly direction: 'incoming' | 'outgoing';
    readonly ref: string;
    readonly id?: ConnectionId | undefined;
    readonly calling?: RawParty | undefined;
    readonly called?: RawParty | undefined;
  }): Part {
    this.made += 1;
    const { device, direction, ref, calling = NOBODY, called = NOBODY } = part;
    const id = part.id ?? connectionId(MAIN, `p${this.made}`);
    const made: Part = {
      id,
      device,
      direction,
      state: 'initiated',
      ref,
      held: undefined,
      slot: undefined,
      calling,
      called,
    };
    this.parts.set(id, made);
    this.tell({
      type: 'created',
      connectionId: id,
      device,
      direction,
      control: 'full',
      calling,
      called,
      nativeCallRef: ref,
    });
    return made;
  }

  set(part: Part, state: 'alerting' | 'connected'): void {
    part.state = state;
    this.tell({ type: state, connectionId: part.id });
  }

  end(part: Part, cause: ReleaseCause): void {
    this.parts.delete(part.id);
    this.tell({ type: 'cleared', connectionId: part.id, release: { cause } });
  }

  of(ref: string): Part[] {
    return [...this.parts.values()].filter((part) => part.ref === ref);
  }

  on(device: DeviceId): Part[] {
    return [...this.parts.values()].filter((part) => part.device === device);
  }

  /** What the device talks or dials in: not what it holds. */
  active(device: DeviceId): Part | undefined {
    return this.on(device).find((part) => part.held === undefined);
  }

  heldAt(device: DeviceId): Part | undefined {
    return this.on(device).find((part) => part.held !== undefined);
  }

  others(part: Part): Part[] {
    return this.of(part.ref).filter((other) => other !== part);
  }

  /** Somebody calls on a line; these phones ring. */
  rings(
    from: string,
    phones: readonly string[],
    where: { readonly line?: string; readonly called?: string } = {},
  ): Part {
    const caller = from === '' ? NOBODY : number(from);
    const called = where.called === undefined ? NOBODY : number(where.called);
    const ref = this.ref();
    const part = this.create({ device: line(where.line ?? '1'), direction: 'incoming', ref, calling: caller, called });
    for (const phone of phones) this.alert(ext(phone), ref, caller);
    return part;
  }

  alert(device: DeviceId, ref: string, calling: RawParty = NOBODY): Part {
    const rung = this.create({
      device,
      direction: 'outgoing',
      ref,
      calling,
      called: number(device.split(':')[2] ?? ''),
    });
    this.set(rung, 'alerting');
    return rung;
  }

  answers(device: DeviceId): 'done' | Refusal {
    const part = this.on(device).find((one) => one.state === 'alerting');
    if (part === undefined) return 'conflict';
    for (const other of this.others(part)) {
      if (other.state === 'alerting' && !isLine(other.device)) this.end(other, 'answeredElsewhere');
    }
    this.set(part, 'connected');
    for (const other of this.others(part)) if (other.state === 'initiated') this.set(other, 'connected');
    return 'done';
  }

  /** A phone is lifted and dials; an inside phone rings, a line is seized. */
  dials(
    device: DeviceId,
    to: string,
    how: { readonly id?: ConnectionId; readonly late?: 'late' } = {},
  ): 'done' | Refusal {
    if (this.active(device) !== undefined) return 'conflict';
    if (INTERNAL.test(to) && this.on(ext(to)).length > 0) return 'rejected';
    const ref = this.ref();
    const own = number(device.split(':')[2] ?? '');
    const part = this.create({
      device,
      direction: 'incoming',
      ref,
      id: how.id,
      calling: own,
      called: how.late === undefined ? number(to) : NOBODY,
    });
    if (how.late !== undefined) this.tell({ type: 'identified', connectionId: part.id, called: number(to) });
    part.called = number(to);
    if (INTERNAL.test(to)) this.alert(ext(to), ref, own);
    else {
      this.lastDialled.set(device, to);
      const out = this.create({
        device: line(this.on(line('1')).length === 0 ? '1' : '2'),
        direction: 'outgoing',
        ref,
        calling: own,
        called: number(to),
      });
      this.set(out, 'alerting');
    }
    return 'done';
  }

  /** The far end of a line that was dialled answers. */
  farAnswers(where = '1'): void {
    const part = this.on(line(where)).find((one) => one.direction === 'outgoing' && one.state === 'alerting');
    if (part === undefined) return;
    this.set(part, 'connected');
    for (const other of this.others(part)) if (other.state === 'initiated') this.set(other, 'connected');
  }

  hangsUp(part: Part | undefined, cause: ReleaseCause = 'normalClearing'): 'done' | Refusal {
    if (part === undefined || !this.parts.has(part.id)) return 'gone';
    const ringing = part.state === 'alerting';
    this.end(part, ringing && cause === 'normalClearing' ? 'rejected' : cause);
    const left = this.of(part.ref);
    const talks = left.filter((one) => one.state === 'connected' || one.direction === 'incoming');
    const rung = left.filter((one) => !talks.includes(one));
    if (talks.length === 0) for (const one of rung) this.end(one, 'cancelled');
    else if (talks.length === 1 && rung.length === 0 && talks[0]?.slot === undefined)
      this.end(talks[0] as Part, 'normalClearing');
    return 'done';
  }

  holds(part: Part | undefined): 'done' | Refusal {
    if (part === undefined || part.state !== 'connected' || part.held !== undefined || part.slot !== undefined)
      return 'conflict';
    part.held = 'held';
    this.tell({ type: 'heldByDevice', connectionId: part.id });
    return 'done';
  }

  retrieves(part: Part | undefined): 'done' | Refusal {
    if (part?.held === undefined) return 'conflict';
    const active = this.active(part.device);
    if (active !== undefined && this.holds(active) !== 'done') return 'conflict';
    part.held = undefined;
    this.tell({ type: 'retrievedByDevice', connectionId: part.id });
    return 'done';
  }

  private moveTo(part: Part, ref: string): void {
    if (part.ref === ref) return;
    part.ref = ref;
    this.tell({ type: 'movedCall', connectionId: part.id, nativeCallRef: ref });
  }

  /** The reference that goes on when two calls are joined: the one with a line, else the older. */
  private survivor(a: string, b: string): string {
    const outside = (ref: string): boolean => this.of(ref).some((part) => isLine(part.device));
    if (outside(a) !== outside(b)) return outside(a) ? a : b;
    return Number(a) < Number(b) ? a : b;
  }

  /** The held and the talking party are joined, the phone leaves. */
  transfers(device: DeviceId, order: 'leavesFirst' | 'movesFirst' = 'leavesFirst'): 'done' | Refusal {
    const active = this.active(device);
    const held = this.heldAt(device);
    if (active === undefined || held === undefined) return 'conflict';
    if (this.others(active).length === 0 || this.others(held).length === 0) return 'conflict';
    const into = this.survivor(active.ref, held.ref);
    const rest = [...this.others(active), ...this.others(held)];
    const leave = (): void => {
      this.end(active, 'transferred');
      this.end(held, 'transferred');
    };
    if (order === 'leavesFirst') leave();
    for (const part of rest) this.moveTo(part, into);
    if (order === 'movesFirst') leave();
    return 'done';
  }

  sends(part: Part | undefined, to: string): 'done' | Refusal {
    if (part === undefined || part.state !== 'connected' || !INTERNAL.test(to)) return 'conflict';
    if (this.others(part).length === 0) return 'conflict';
    if (this.on(ext(to)).length > 0) return 'rejected';
    const from = this.others(part)[0]?.calling;
    this.end(part, 'transferred');
    this.alert(ext(to), part.ref, from);
    return 'done';
  }

  confers(device: DeviceId): 'done' | Refusal {
    const active = this.active(device);
    const held = this.heldAt(device);
    if (active === undefined || held === undefined) return 'conflict';
    if (this.others(active).length === 0 || this.others(held).length === 0) return 'conflict';
    if (active.state !== 'connected' || this.others(active).some((one) => one.state !== 'connected')) return 'conflict';
    const into = this.survivor(active.ref, held.ref);
    const [stays, goes] = active.ref === into ? [active, held] : [held, active];
    for (const part of this.of(goes.ref)) if (part !== goes) this.moveTo(part, into);
    this.end(goes, 'normalClearing');
    if (stays.held !== undefined) {
      stays.held = undefined;
      this.tell({ type: 'retrievedByDevice', connectionId: stays.id });
    }
    return 'done';
  }

  adds(part: Part | undefined, to: string): 'done' | Refusal {
    if (part === undefined || this.on(ext(to)).length > 0) return 'conflict';
    this.alert(ext(to), part.ref, number(part.device.split(':')[2] ?? ''));
    return 'done';
  }

  slotOf(slot: number): Part | undefined {
    return [...this.parts.values()].find((part) => part.slot === slot);
  }

  parks(part: Part | undefined, slot?: number, order: 'leavesFirst' | 'parksFirst' = 'leavesFirst'): 'done' | Refusal {
    const other = part === undefined ? undefined : this.others(part).find((one) => one.state === 'connected');
    const at = slot ?? [1, 2, 3, 4, 5, 6].find((one) => this.slotOf(one) === undefined);
    if (part === undefined || other === undefined || part.held !== undefined || this.others(part).length !== 1)
      return 'conflict';
    if (at === undefined || this.slotOf(at) !== undefined) return 'rejected';
    other.slot = at;
    const parked = { type: 'parked', connectionId: other.id, slot: at } as const;
    if (order === 'leavesFirst') this.end(part, 'transferred');
    this.tell(parked);
    if (order === 'parksFirst') this.end(part, 'transferred');
    return 'done';
  }

  unparks(device: DeviceId, slot: number, id?: ConnectionId): 'done' | Refusal {
    const waits = this.slotOf(slot);
    if (waits === undefined || this.active(device) !== undefined) return 'conflict';
    const part = this.create({
      device,
      direction: 'incoming',
      ref: waits.ref,
      id,
      calling: number(device.split(':')[2] ?? ''),
    });
    waits.slot = undefined;
    this.tell({ type: 'parked', connectionId: waits.id, slot: null });
    this.set(part, 'connected');
    return 'done';
  }

  picksUp(device: DeviceId, from?: DeviceId, id?: ConnectionId): 'done' | Refusal {
    const rung = [...this.parts.values()].find(
      (part) =>
        part.state === 'alerting' &&
        !isLine(part.device) &&
        part.device !== device &&
        (from === undefined || part.device === from),
    );
    if (rung === undefined || this.active(device) !== undefined) return 'conflict';
    const part = this.create({ device, direction: 'outgoing', ref: rung.ref, id });
    for (const one of this.of(rung.ref)) if (one.state === 'alerting' && !isLine(one.device)) this.end(one, 'replaced');
    this.set(part, 'connected');
    for (const other of this.others(part)) if (other.state === 'initiated') this.set(other, 'connected');
    return 'done';
  }

  protected override execute(command: DriverCommand): void {
    this.commands.push(command);
    if (this.deaf.has(command.type)) return;
    const reply = (given: DriverReply): void => {
      this.input({ kind: 'reply', commandId: command.commandId, reply: given });
    };
    if (this.link === 'down') return reply({ outcome: 'refused', code: 'linkLost' });
    const code = this.refuse.get(command.type);
    if (code !== undefined) return reply({ outcome: 'refused', code, native: 'WRONGSTATE' });
    const did = this.serve(command);
    reply(did === 'done' ? { outcome: 'accepted' } : { outcome: 'refused', code: did, native: 'WRONGSTATE' });
  }

  private serve(command: Body<DriverCommand>): 'done' | Refusal {
    const part = this.parts.get(command.type === 'bridge' ? asId('') : command.connectionId);
    switch (command.type) {
      case 'makeCall':
        return this.dials(command.device, command.to, { id: command.connectionId });
      case 'answer':
        return part === undefined ? 'gone' : this.answers(part.device);
      case 'clear':
        return this.hangsUp(part, command.cause);
      case 'hold':
        return this.holds(part);
      case 'retrieve':
        return this.retrieves(part);
      case 'transfer':
      case 'conference': {
        const held = this.parts.get(command.heldId);
        if (part === undefined || held === undefined || part.device !== held.device) return 'gone';
        if (part.held !== undefined || held.held === undefined) return 'conflict';
        return command.type === 'transfer' ? this.transfers(part.device) : this.confers(part.device);
      }
      case 'singleStepTransfer':
        return this.sends(part, command.to);
      case 'singleStepConference':
        return this.adds(part, command.to);
      case 'park':
        return this.parks(part, command.slot);
      case 'unpark':
        return this.unparks(command.device, command.slot, command.connectionId);
      case 'pickUp':
        return this.picksUp(command.device, command.from, command.connectionId);
      case 'page': {
        if (this.active(command.device) !== undefined) return 'conflict';
        this.set(
          this.create({ device: command.device, direction: 'incoming', ref: this.ref(), id: command.connectionId }),
          'connected',
        );
        return 'done';
      }
      case 'redial': {
        const to = this.lastDialled.get(command.device);
        return to === undefined ? 'rejected' : this.dials(command.device, to, { id: command.connectionId });
      }
      case 'flash':
      case 'sendDigits':
        return part === undefined ? 'gone' : 'done';
      default:
        return 'notSupported';
    }
  }
}
