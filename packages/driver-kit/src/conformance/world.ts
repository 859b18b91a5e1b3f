import type { CtiDriver, DeviceId, SwitchId } from '@cordboard/cti-core';

/** What a party does with a call that reaches it, until told otherwise. `ring` waits for {@link WorldParty.answer}. */
export type PartyHabit = 'ring' | 'answer' | 'reject' | 'busy';

/**
 * What a world can make happen beyond calls that come, ring, are answered and end. A case that needs one which is
 * absent is skipped with that reason; a driver that has the matching capability and a world that has not is reported.
 * - `outside` a party behind the trunk can be dialled; `unreachable` a phone that is not registered exists
 * - `hold`, `transfer`, `attendedTransfer`, `pickUp` phones do these by themselves; `digitsHeard` parties tell the keys that they received
 * - `lift` the first phone is the local one of the trunk's line: `answer` lifts it also when it does not ring
 * - `pbx` it is a PBX with park slots and two callers outside, see {@link PbxWorld}
 * - `cutLink`, `freeze`, `restartSwitch` see the methods; `foreignCalls` phones can call one another past us
 */
export type WorldAbility =
  | 'outside'
  | 'unreachable'
  | 'hold'
  | 'transfer'
  | 'attendedTransfer'
  | 'pickUp'
  | 'digitsHeard'
  | 'lift'
  | 'cutLink'
  | 'freeze'
  | 'restartSwitch'
  | 'foreignCalls'
  | 'pbx';

/**
 * What the world of a PBX (profile `callControl`) can make happen beside. A call from outside rings at the first two phones; all three are of one
 * pick-up group.
 */
export interface PbxWorld {
  /** Lines that callers come in on and that numbers go out on. At least three. */
  readonly lines: readonly DeviceId[];
  /** Two callers outside, each on a line of its own; the first is {@link World.outsider}. */
  readonly callers: readonly [WorldParty, WorldParty];
  /** The name that a caller has who is told with one. */
  readonly callerName: string;
  /** How the PBX tells who calls from now on: with the first ring, with a name as soon as it has one, seconds after the first ring, or that the caller wants it so. */
  tellCallers(how: 'ring' | 'name' | 'late' | 'withheld'): Promise<void>;
  /** The device of a park slot. */
  slot(number: number): DeviceId;
  /** Parks by hand what the phone talks on, and takes it back by hand. */
  park(phone: WorldParty, slot: number): Promise<void>;
  unpark(phone: WorldParty, slot: number): Promise<void>;
  /** Joins by hand what the phone holds and what it talks on to a conference. */
  join(phone: WorldParty): Promise<void>;
}

/** A telephone on the far side of the switch. Each method resolves when the party has acted, not when the driver has told of it. */
export interface WorldParty {
  /** How the driver names the device. */
  readonly device: DeviceId;
  /** The number that reaches it: the extension's own, or the outside number. */
  readonly number: string;
  setHabit(habit: PartyHabit): Promise<void>;
  /** Calls `number`: an internal or an inbound one. Resolves when the call is under way. */
  dial(number: string): Promise<void>;
  /** Lifts the call that rings here. */
  answer(): Promise<void>;
  /** Ends whatever this party is in: talking, ringing or dialling. */
  hangUp(): Promise<void>;
  /** Presses keys one after the other. */
  press(digits: string): Promise<void>;
  /** Keys received since the last `reset` (ability `digitsHeard`). */
  digitsHeard(): Promise<string>;
  /** Puts the active call on hold at the phone, and takes it back (ability `hold`). */
  hold(): Promise<void>;
  retrieve(): Promise<void>;
  /** Asks for a blind transfer of the active call to `number` (SIP REFER; ability `transfer`). */
  transfer(number: string): Promise<void>;
  /** Joins the call on hold with the active one (REFER with Replaces; ability `attendedTransfer`). */
  completeTransfer(): Promise<void>;
  /** Takes over the connection of `other`'s phone (INVITE with Replaces or a pick-up key; ability `pickUp`). */
  pickUp(other: DeviceId): Promise<void>;
}

/**
 * The outside of one switch as a test bed: the simulator, or a real switch with real phones. One world serves all cases
 * in turn; `reset` comes between them. No assumption is made about time: cases wait through {@link World.until} alone.
 */
export interface World {
  readonly switchId: SwitchId;
  /** What this world can make happen. */
  readonly can: ReadonlySet<WorldAbility>;
  /** Three phones, registered, idle, habit `ring`. */
  readonly phones: readonly [WorldParty, WorldParty, WorldParty];
  /** A caller outside, who reaches us by dialling {@link inboundNumber}; dialled on `trunk` by its `number` (ability `outside`). Habit `ring`. */
  readonly outsider: WorldParty;
  /** A phone that is configured and not registered (ability `unreachable`). */
  readonly unreachable?: DeviceId;
  /** The trunk of the outside: device of calls that come in, and what `originate` dials numbers on. */
  readonly trunk: DeviceId;
  /** Of a PBX (ability `pbx`). */
  readonly pbx?: PbxWorld;
  /** The number that brings a call under our control. */
  readonly inboundNumber: string;
  /** A number of the switch's own dialplan that answers a call given back by `redirect`. */
  readonly redirectNumber: string;
  /** Names in the voice library: one of 0.3-3 s, one of at least 8 s, one that does not exist. */
  readonly prompts: { readonly short: string; readonly long: string; readonly missing: string };
  /**
   * The bound of a case for one thing to happen, in ms of this world's time: generous for a real switch (5,000), anything in virtual time.
   * Ring times out of an `originate` are added by the case.
   */
  readonly patienceMs: number;
  /** A fresh driver, not started, to this switch. */
  createDriver(): CtiDriver;
  /**
   * Lets the world go on until `condition` holds, checked after everything that happens, or `boundMs` have passed.
   * @returns whether it holds
   */
  until(condition: () => boolean, boundMs: number): Promise<boolean>;
  /** Lets time pass (as `until` with a condition that never holds). */
  pass(forMs: number): Promise<void>;
  /** Breaks every link of the driver now and keeps it from coming back for `forMs`; calls live on (ability `cutLink`). */
  cutLink(forMs: number): Promise<void>;
  /** The switch takes what it is sent and says nothing for `forMs`; the link stays (ability `freeze`). Less than what the driver takes for a dead link. */
  freeze(forMs: number): Promise<void>;
  /** Restarts the switch: all calls are gone (ability `restartSwitch`). Resolves when it has gone down. */
  restartSwitch(): Promise<void>;
  /** Connections that live on the switch now, seen past the driver. */
  liveConnections(): Promise<number>;
  /** Timers, sockets and listeners that drivers of this world hold now: 0 before `start` and after `stop`. */
  resources(): number;
  /** Ends all calls, restores habits and registrations, forgets keys heard. */
  reset(): Promise<void>;
  /** Ends the world. */
  close(): Promise<void>;
}
