// A scripted switch: callers come at a rate, phones ring for a moment, are lifted, talk, hang up. It notes when a phone began to ring.
import {
  asId,
  type ConnectionId,
  type CtiDriver,
  connectionId,
  type DeviceId,
  type DriverCapability,
  type DriverCommand,
  type DriverReply,
  type DriverSink,
  type LinkId,
  type SwitchId,
} from '@cordboard/cti-core';

const CAPABILITIES: readonly DriverCapability[] = [
  'originate',
  'claim',
  'ring',
  'answer',
  'clear',
  'bridge',
  'unbridge',
  'holdMusic',
  'play',
  'stopPlay',
  'collectDigits',
  'record',
];

/** Nanoseconds on the machine's monotone clock: the same in every process. */
export const machineNow = (): number => Number(process.hrtime.bigint());

/** See the head of the file. */
export class Phones implements CtiDriver {
  readonly profile = 'media';
  readonly capabilities = new Set(CAPABILITIES);
  /** By the caller's number: when the call came in, when the agent's phone rang. */
  readonly cameNs = new Map<string, number>();
  readonly rangNs = new Map<string, number>();
  readonly switchId: SwitchId;
  readonly #talkMs: number;
  readonly #ringMs: number;
  readonly #onRing: (id: ConnectionId) => void;
  readonly #bridges = new Map<ConnectionId, string>();
  readonly #live = new Set<ConnectionId>();
  #sink: DriverSink = () => undefined;
  #count = 0;

  constructor(
    switchId: SwitchId,
    options: { readonly ringMs: number; readonly talkMs: number; readonly onRing: (id: ConnectionId) => void },
  ) {
    this.switchId = switchId;
    this.#ringMs = options.ringMs;
    this.#onRing = options.onRing;
    this.#talkMs = options.talkMs;
  }

  async start(sink: DriverSink): Promise<void> {
    this.#sink = sink;
    const linkId = asId<LinkId>('wire');
    sink({ type: 'linkUp', linkId });
    sink({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
    sink({ type: 'linkSynced', linkId, capabilities: CAPABILITIES });
  }

  /** A caller dials in. */
  call(to: string): void {
    this.#count += 1;
    const number = `139${String(this.#count).padStart(8, '0')}`;
    const id = connectionId(this.switchId, `in-${this.#count}`);
    this.#live.add(id);
    this.cameNs.set(number, machineNow());
    this.#sink({
      type: 'created',
      connectionId: id,
      device: asId<DeviceId>(`${this.switchId}:trunk:carrier`),
      direction: 'incoming',
      control: 'full',
      calling: { number, presentation: 'allowed' },
      called: { number: to, presentation: 'allowed' },
    });
    setTimeout(() => this.#end(id, 'normalClearing'), this.#ringMs + this.#talkMs);
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    const about = 'connectionId' in command && command.type !== 'originate' ? command.connectionId : undefined;
    if (about !== undefined && !this.#live.has(about)) return { outcome: 'refused', code: 'gone' };
    if (command.type === 'originate') this.#live.add(command.connectionId);
    setImmediate(() => this.#confirm(command));
    return { outcome: 'accepted' };
  }

  async openRecording(): Promise<undefined> {
    return undefined;
  }

  async stop(): Promise<void> {
    this.#sink = () => undefined;
  }

  #end(id: ConnectionId, cause: 'normalClearing' | Extract<DriverCommand, { type: 'clear' }>['cause']): void {
    if (this.#live.delete(id)) this.#sink({ type: 'cleared', connectionId: id, release: { cause } });
  }

  #confirm(command: DriverCommand): void {
    switch (command.type) {
      case 'originate': {
        const { connectionId: id, target, callerNumber = '' } = command;
        this.#sink({
          type: 'created',
          connectionId: id,
          device: target.kind === 'device' ? target.device : target.trunk,
          direction: 'outgoing',
          control: 'full',
          calling: { number: callerNumber, presentation: 'allowed' },
          called: { number: '', presentation: 'allowed' },
          callId: command.mark.callId,
        });
        setImmediate(() => {
          if (!this.#live.has(id)) return;
          this.rangNs.set(callerNumber.replace(/^\+86/u, ''), machineNow());
          this.#onRing(id);
          this.#sink({ type: 'alerting', connectionId: id });
          setTimeout(() => {
            if (this.#live.has(id)) this.#sink({ type: 'connected', connectionId: id });
          }, this.#ringMs);
        });
        return;
      }
      case 'answer':
        return this.#sink({ type: 'connected', connectionId: command.connectionId });
      case 'clear':
        return this.#end(command.connectionId, command.cause);
      case 'bridge':
        for (const id of command.connectionIds) {
          this.#bridges.set(id, command.bridgeId);
          this.#sink({ type: 'bridged', connectionId: id, bridgeId: command.bridgeId });
        }
        return;
      case 'unbridge': {
        const bridge = this.#bridges.get(command.connectionId);
        this.#bridges.delete(command.connectionId);
        if (bridge === undefined) return;
        return this.#sink({ type: 'unbridged', connectionId: command.connectionId, bridgeId: asId(bridge) });
      }
      default:
        return;
    }
  }
}
