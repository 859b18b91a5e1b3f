import type { AgentId, CallView, ClientCommand, EngineEffect, PopId } from '@cordboard/cti-core';
import type { FloorAgent, RingHabit } from '../floor/agent.js';
import type { FloorCaller } from '../floor/caller.js';
import type { VirtualFloor } from '../floor/floor.js';
import { randomStream } from '../random.js';
import type { Leg, VirtualParty } from '../switch/model.js';
import type { Act, CallStep, FaultKind, MakeStep, SuperviseStep } from './day.js';
import { ABSENT_SEAT, DAY_SUPERVISOR } from './day-floor.js';
import { isOfGroup, sitAt } from './group-phones.js';

/** A talk that nobody ends is ended after so long. */
const LONGEST_TALK_MS = 150_000;
const BYSTANDER = { answersMs: 1_500, talksMs: 12_000 } as const;

interface Served {
  readonly step: CallStep;
  readonly caller: FloorCaller;
  rung: number;
  acted?: 'acted';
}

/** Plays what people do on a day: callers by their scripts, agents by what the script of the call asks of them. */
export class Players {
  readonly #floor: VirtualFloor;
  readonly #reached: (kind: FaultKind) => void;
  readonly #served: Served[] = [];
  readonly #makes = new Map<string, MakeStep>();
  readonly #pops = new Set<string>();
  readonly #open = new Set<string>();
  readonly #seed: number;

  constructor(floor: VirtualFloor, reached: (kind: FaultKind) => void) {
    this.#floor = floor;
    this.#reached = reached;
    this.#seed = floor.pbx.options.seed;
    floor.pbx.setRegistered(floor.pbx.party(ABSENT_SEAT), 'unregistered');
    for (const agent of floor.agents) this.#seat(agent);
    for (const party of floor.pbx.extensions) {
      if (isOfGroup(party)) sitAt(party, floor.pbx);
      else if (!floor.agents.some((agent) => agent.phone === party)) this.#bystander(party);
    }
    this.#bystander(floor.pbx.party('02188886666'));
  }

  /** A caller from outside begins. */
  call(step: CallStep): void {
    const caller = this.#floor.caller(step.from).dials(step.to).givesUp({ after: step.patienceMs });
    for (const { digits, afterMs } of step.presses) caller.presses(digits, { after: afterMs });
    caller.talks({ for: step.talkMs ?? LONGEST_TALK_MS }).hangsUp();
    this.#served.push({ step, caller, rung: 0 });
    if (this.#served.length > 200) this.#served.splice(0, 100);
  }

  /** An agent makes a call, by the page or at the phone. */
  make(step: MakeStep): void {
    const agent = this.#floor.agent(step.agent);
    this.#outside(step.to, { habit: step.answers, talksMs: step.talkMs });
    if (step.do === 'make') {
      this.#makes.set(step.agent, step);
      agent.make(step.to);
    } else if (agent.phone.legs.length === 0) {
      this.#makes.set(step.agent, step);
      const leg = this.#floor.pbx.dial(agent.phone, step.to);
      if (leg !== undefined) this.#later(step.talkMs + LONGEST_TALK_MS, () => this.#floor.pbx.hangUp(leg));
    }
  }

  /** Pages claim the pops that are offered to them and say what became of them; some do not. */
  applied(effects: readonly EngineEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'publish' && effect.stream === 'board' && effect.event.type === 'call') {
        this.#layDown(effect.event.call);
      }
      if (effect.kind !== 'publish' || effect.stream === 'board' || effect.event.type !== 'pop') continue;
      const { popId, agentId, state } = effect.event.pop;
      if (state === 'offered' && !this.#pops.has(popId)) {
        this.#pops.add(popId);
        this.#pop(this.#floor.agent(agentId), popId);
      }
    }
  }

  /** Who releases by hand does so in the end: at the page, or at the phone. */
  #layDown(call: CallView): void {
    for (const { connectionId, agentId, awaits } of call.connections) {
      if (awaits === undefined || agentId === undefined || this.#open.has(connectionId)) continue;
      this.#open.add(connectionId);
      const random = randomStream(this.#seed, `open:${connectionId}`);
      const agent = this.#floor.agent(agentId);
      const afterMs = random.int(200, 9_000);
      if (random.chance(0.5)) {
        this.#later(afterMs, () => agent.give({ type: 'call.clear', callId: call.callId }));
      }
      // The page may be silent, or the server away: the phone is laid down at last.
      this.#later(afterMs + 20_000, () => {
        const leg = this.#floor.pbx.legs.get(connectionId);
        if (leg !== undefined) this.#floor.pbx.hangUp(leg);
      });
    }
  }

  #pop(agent: FloorAgent, popId: PopId): void {
    const random = randomStream(this.#seed, `pop:${popId}`);
    const tabs = random.chance(0.3) ? ['one', 'two'] : ['one'];
    for (const tab of tabs) {
      const afterMs = random.int(5, 400);
      if (random.chance(0.85)) this.#later(afterMs, () => agent.give({ type: 'pop.claim', popId, tab }));
      if (!random.chance(0.8)) continue;
      const outcome = random.pick(['shown', 'shown', 'blocked', 'dismissed'] as const);
      const acknowledge = (): void => void agent.give({ type: 'pop.acknowledge', popId, tab, outcome });
      const inMs = afterMs + random.int(50, 3_000);
      this.#later(inMs, acknowledge);
      if (random.chance(0.1)) this.#later(inMs + 20, acknowledge);
      if (random.chance(0.2))
        this.#later(inMs + 900, () => agent.give({ type: 'pop.acknowledge', popId, tab, outcome: 'dismissed' }));
    }
  }

  /** A supervisor meddles. */
  supervise(step: SuperviseStep): void {
    const boss = this.#floor.supervisor(DAY_SUPERVISOR.name, DAY_SUPERVISOR.seat);
    const agentId = step.agent as AgentId;
    if (step.what !== 'pickWaiting') {
      boss.give({ type: 'supervise.agentState', agentId, state: step.what });
      return;
    }
    for (const queue of this.#floor.oracle.board.queues.values()) {
      const [first] = queue.waiting;
      if (first === undefined) continue;
      boss.give({ type: 'supervise.pickWaiting', callId: first.callId, toAgent: agentId });
      return;
    }
  }

  #seat(agent: FloorAgent): void {
    agent.onRing = (leg) => {
      const served = this.#servedBy(leg);
      if (served === undefined) return { does: 'answer', afterMs: BYSTANDER.answersMs };
      const habit = served.step.offers[Math.min(served.rung, served.step.offers.length - 1)];
      if (served.rung === 0) this.#leave(served, habit);
      served.rung++;
      const { meanwhile } = served.step;
      if (meanwhile !== undefined && served.rung === 1) {
        this.#later(meanwhile.afterMs, () => this.#floor.pbx.dial(agent.phone, meanwhile.to));
        return { does: 'ignore' };
      }
      return habit ?? { does: 'answer', afterMs: 1_000 };
    };
    agent.onTalk = (leg) => {
      const served = this.#servedBy(leg);
      const make = this.#makes.get(agent.name);
      if (served !== undefined && served.acted === undefined) {
        served.acted = 'acted';
        this.#act(agent, served.step.service);
      } else if (served === undefined && make !== undefined) {
        this.#makes.delete(agent.name);
        this.#act(agent, make.service);
        this.#later(make.talkMs + 30_000, () => this.#floor.pbx.hangUp(leg));
      } else this.#later(BYSTANDER.talksMs, () => this.#floor.pbx.hangUp(leg));
    };
  }

  #leave({ step, caller }: Served, habit: RingHabit | undefined): void {
    if (step.leaves === undefined) return;
    const lift = step.leaves.at === 'answer' && habit?.does === 'answer' ? habit.afterMs - 8 : 0;
    this.#later(Math.max(0, lift + step.leaves.offsetMs), () => {
      if (caller.leg !== undefined) this.#floor.pbx.hangUp(caller.leg);
    });
  }

  #servedBy(leg: Leg): Served | undefined {
    return leg.callId === undefined ? undefined : this.#served.findLast((item) => item.caller.callId === leg.callId);
  }

  #bystander(
    party: VirtualParty,
    habit: RingHabit = { does: 'answer', afterMs: BYSTANDER.answersMs },
    talksMs = BYSTANDER.talksMs as number,
  ): void {
    const { pbx } = this.#floor;
    party.hooks = {
      ringing: (leg) => {
        if (habit.does === 'ignore') return;
        this.#later(habit.afterMs, () => (habit.does === 'answer' ? pbx.lift(leg) : pbx.hangUp(leg)));
      },
      connected: (leg) => this.#later(talksMs, () => pbx.hangUp(leg)),
    };
  }

  #outside(to: string, how: { readonly habit?: RingHabit; readonly talksMs?: number } = {}): void {
    if (/^138/u.test(to)) this.#bystander(this.#floor.pbx.party(to), how.habit, how.talksMs);
  }

  #act(agent: FloorAgent, acts: readonly Act[]): void {
    let atMs = 0;
    for (const act of acts) {
      atMs += act.afterMs;
      this.#later(atMs, () => this.#do(agent, act));
    }
  }

  #do(agent: FloorAgent, act: Act): void {
    const { pbx } = this.#floor;
    const callId = (agent.callIn('connected') ?? agent.callIn('held'))?.callId;
    const give = (make: (id: NonNullable<typeof callId>) => ClientCommand): void => {
      if (callId !== undefined) agent.give(make(callId));
    };
    if ('to' in act) this.#outside(act.to);
    const legs = [...agent.phone.legs].filter((leg) => leg.state === 'connected');
    const active = legs.find((leg) => leg.heldByDevice === undefined);
    const held = legs.find((leg) => leg.heldByDevice !== undefined);
    switch (act.act) {
      case 'hold':
        agent.hold();
        return;
      case 'retrieve':
        agent.retrieve();
        return;
      case 'clear':
        give((id) => ({ type: 'call.clear', callId: id }));
        return;
      case 'consult':
        agent.consult(act.to, 'about the order');
        return;
      case 'completeTransfer':
        agent.completeTransfer();
        return;
      case 'cancelConsult':
        agent.cancelConsult();
        return;
      case 'alternate':
        agent.alternate();
        return;
      case 'conference':
        agent.conference();
        return;
      case 'transfer':
        agent.transfer(act.to);
        return;
      case 'addParty':
        give((id) => ({ type: 'call.addParty', callId: id, to: act.to }));
        return;
      case 'mute':
      case 'unmute':
        give((id) => ({ type: 'call.mute', callId: id, mode: act.act as 'mute' | 'unmute' }));
        return;
      case 'startRecording':
        give((id) => ({ type: 'call.record', callId: id, mode: 'start' }));
        return;
      case 'stopRecording':
        give((id) => ({ type: 'call.record', callId: id, mode: 'stop' }));
        return;
      case 'pauseRecording':
        give((id) => ({ type: 'call.record', callId: id, mode: 'pause' }));
        return;
      case 'resumeRecording':
        give((id) => ({ type: 'call.record', callId: id, mode: 'resume' }));
        return;
      case 'muteCaller':
        this.#muteCaller(agent);
        return;
      case 'setData':
        give((id) => ({ type: 'call.setData', callId: id, data: { order: '4711' } }));
        return;
      case 'sendDigits':
        give((id) => ({ type: 'call.sendDigits', callId: id, digits: '12#' }));
        return;
      case 'toFlow':
        give((id) => ({ type: 'call.toFlow', callId: id, flow: act.flow ?? 'survey' }));
        return;
      case 'monitor':
      case 'stopMonitor':
      case 'forceRelease':
        this.#supervise(agent, act);
        return;
      case 'phoneHold':
        if (active !== undefined) {
          this.#reached('phoneHold');
          pbx.phoneHold(active, 'hold');
        }
        return;
      case 'phoneRetrieve':
        if (held !== undefined) pbx.phoneHold(held, 'retrieve');
        return;
      case 'phoneHangUp':
        if (active !== undefined) pbx.hangUp(active);
        return;
      case 'phoneTransfer':
        if (active !== undefined) {
          this.#reached('phoneTransfer');
          pbx.phoneTransfer(active, act.to);
        }
        return;
      case 'phoneConsult':
        if (active === undefined) return;
        pbx.phoneHold(active, 'hold');
        this.#later(300, () => pbx.dial(agent.phone, act.to));
        return;
      case 'phoneJoin':
        if (active !== undefined && held !== undefined) {
          this.#reached('phoneJoin');
          pbx.phoneJoin(held, active);
        }
        return;
      case 'phonePickUp':
        if (active !== undefined) {
          this.#reached('phonePickUp');
          pbx.pickUp(pbx.party(act.by), active);
        }
        return;
    }
  }

  #muteCaller(agent: FloorAgent): void {
    const call = agent.callIn('connected');
    const caller = call?.connections.find((item) => item.agentId === undefined && item.state === 'connected');
    if (call === undefined || caller === undefined) return;
    const { callId } = call;
    agent.give({ type: 'call.mutePart', callId, connectionId: caller.connectionId, mode: 'mute' });
  }

  #supervise(agent: FloorAgent, act: Act): void {
    const call = agent.callIn('connected');
    const agentId = agent.view?.agentId;
    if (call === undefined || agentId === undefined) return;
    const { callId } = call;
    const boss = this.#floor.supervisor(DAY_SUPERVISOR.name, DAY_SUPERVISOR.seat);
    const seat = boss.phone.device;
    if (act.act === 'monitor') boss.give({ type: 'supervise.monitor', callId, agentId, mode: act.mode, seat });
    else if (act.act === 'stopMonitor') boss.give({ type: 'supervise.stop', callId });
    else boss.give({ type: 'supervise.forceRelease', callId });
  }

  #later(delayMs: number, act: () => void): void {
    this.#floor.clock.setTimer(delayMs, act);
  }
}
