import type { EslFace } from '../../packages/simulator/src/esl/index.js';
import type { Leg, VirtualParty } from '../../packages/simulator/src/switch/model.js';
import type { Awaited, LabCaller, LabPhone } from './party.js';
import type { PhoneEvent } from './phone-control.js';
import { heardBy, VirtualEar } from './virtual-hearing.js';
import { PATIENCE_MS, until } from './wait.js';

/** A key and the pause after it. */
const KEY_MS = 120;

/** What virtual telephones share: the switch, and everybody's voice. */
export interface VirtualStage {
  readonly face: EslFace;
  readonly voiceOf: (leg: Leg) => number;
}

/** A desk phone of the virtual switch with the hands of {@link LabPhone}; a call is named by its connection. */
export class VirtualPhone implements LabPhone<Leg> {
  readonly events: PhoneEvent[] = [];
  readonly #stage: VirtualStage;
  readonly #party: VirtualParty;
  readonly #ears = new Map<Leg, VirtualEar>();

  constructor(stage: VirtualStage, party: VirtualParty) {
    this.#stage = stage;
    this.#party = party;
    party.hooks = {
      ringing: (leg) => this.#note('CALL_INCOMING', leg),
      connected: (leg) => this.#note('CALL_ESTABLISHED', leg),
      cleared: (leg) => this.#note('CALL_CLOSED', leg),
    };
  }

  get extension(): string {
    return this.#party.address;
  }
  get mark(): number {
    return this.events.length;
  }
  get ringing(): boolean {
    return [...this.#party.legs].some((leg) => leg.state === 'alerting' && leg.direction === 'outgoing');
  }
  get calls(): readonly Leg[] {
    return [...this.#party.legs].filter((leg) => leg.state === 'connected');
  }
  get hears(): VirtualEar {
    const leg = [...this.#party.legs].at(-1) ?? [...this.#ears.keys()].at(-1);
    if (leg === undefined) throw new Error(`phone ${this.extension} has no call`);
    return this.hearsIn(leg);
  }

  hearsIn(leg: Leg): VirtualEar {
    const known = this.#ears.get(leg);
    if (known !== undefined) return known;
    const ear = new VirtualEar(() => heardBy(this.#stage.face, leg, this.#stage.voiceOf));
    this.#ears.set(leg, ear);
    return ear;
  }

  async rings(options: Awaited = {}): Promise<void> {
    await this.#event('CALL_INCOMING', options);
  }

  async talks(options: Awaited = {}): Promise<Leg> {
    const { callId } = await this.#event('CALL_ESTABLISHED', options);
    const leg = [...this.#ears.keys()].find((one) => one.connectionId === callId);
    if (leg === undefined) throw new Error(`phone ${this.extension}: no such call`);
    return leg;
  }

  async closed(options: Awaited = {}): Promise<string> {
    return (await this.#event('CALL_CLOSED', options)).param;
  }

  async accept(): Promise<void> {
    for (const leg of this.#party.legs) if (leg.state === 'alerting') this.#stage.face.pbx.lift(leg);
  }

  async answer(): Promise<Leg> {
    const since = this.mark;
    await this.accept();
    return this.talks({ since });
  }

  /** Refuses with 486, as baresip does. */
  async reject(): Promise<void> {
    for (const leg of [...this.#party.legs]) {
      if (leg.state === 'alerting') this.#stage.face.pbx.end(leg, 'busy', { q850: 17, sip: 486 });
    }
  }

  async hangUp(): Promise<void> {
    const since = this.mark;
    this.#stage.face.pbx.hangUp(this.#newest());
    await this.closed({ since });
  }

  async hangUpAll(): Promise<void> {
    for (const leg of [...this.#party.legs]) this.#stage.face.pbx.hangUp(leg);
  }

  async dial(number: string): Promise<void> {
    this.#stage.face.pbx.dial(this.#party, number);
  }

  async hold(): Promise<void> {
    this.#stage.face.pbx.phoneHold(this.#newest(), 'hold');
  }

  async resume(): Promise<void> {
    this.#stage.face.pbx.phoneHold(this.#newest(), 'retrieve');
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) this.#stage.face.pbx.press(this.#newest(), digit);
  }

  async transfer(number: string): Promise<number> {
    this.#stage.face.pbx.phoneTransfer(this.#newest(), number);
    return 202;
  }

  async transferTo(held: Leg, consult: Leg): Promise<number> {
    this.#stage.face.pbx.phoneJoin(held, consult);
    return 202;
  }

  close(): void {
    for (const leg of [...this.#party.legs]) this.#stage.face.pbx.hangUp(leg);
    for (const ear of this.#ears.values()) ear.close();
    this.#party.hooks = {};
  }

  #newest(): Leg {
    const leg = [...this.#party.legs].at(-1);
    if (leg === undefined) throw new Error(`phone ${this.extension} has no call`);
    return leg;
  }

  #note(type: string, leg: Leg): void {
    if (type === 'CALL_ESTABLISHED') this.hearsIn(leg);
    this.events.push({ atMs: Date.now(), type, param: leg.release?.cause ?? '', callId: leg.connectionId });
  }

  #event(type: string, options: Awaited): Promise<PhoneEvent> {
    return until(() => this.events.slice(options.since ?? 0).find((event) => event.type === type), {
      what: `phone ${this.extension}: ${type}`,
      withinMs: options.withinMs ?? PATIENCE_MS,
      seen: () => this.events.map((event) => event.type),
    });
  }
}

/** Somebody outside who calls in. */
export class VirtualCaller implements LabCaller {
  readonly hearing: VirtualEar;
  readonly #stage: VirtualStage;
  readonly #leg: Leg;
  #by: 'party' | 'switch' = 'switch';

  constructor(stage: VirtualStage, leg: Leg) {
    this.#stage = stage;
    this.#leg = leg;
    this.hearing = new VirtualEar(() => heardBy(stage.face, leg, stage.voiceOf));
  }

  get over(): boolean {
    return this.#leg.state === 'ended';
  }

  async answered(withinMs = PATIENCE_MS): Promise<void> {
    await until(() => this.#leg.state === 'connected', { what: 'the caller to be answered', withinMs });
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      this.#stage.face.pbx.press(this.#leg, digit);
      await new Promise((resolve) => setTimeout(resolve, KEY_MS));
    }
  }

  async ended(withinMs = PATIENCE_MS): Promise<{ readonly by: 'party' | 'switch' }> {
    await until(() => this.over, { what: 'the end of the call', withinMs });
    return { by: this.#by };
  }

  async hangUp(): Promise<void> {
    if (!this.over) this.#by = 'party';
    this.#stage.face.pbx.hangUp(this.#leg);
  }

  close(): void {
    this.#stage.face.pbx.hangUp(this.#leg);
    this.hearing.close();
  }
}
