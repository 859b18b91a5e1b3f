import {
  asId,
  type ConnectionId,
  type CtiDriver,
  connectionId,
  type DeviceId,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverFactory,
  type DriverReply,
  type DriverSink,
  type LinkId,
  MEDIA_CAPABILITIES,
  type SwitchId,
} from '@cordboard/cti-core';
import { FakeFacets } from './facets.js';

const LACKS: ReadonlySet<DriverCapability> = new Set<DriverCapability>([
  'phoneTransfer',
  'monitor.whisper',
  'monitor.barge',
]);
const CAPABILITIES: readonly DriverCapability[] = MEDIA_CAPABILITIES.filter((each) => !LACKS.has(each));

/** A switch whose phones are lifted at once: enough of the media profile for a call to reach an agent and end. */
export class PhoneDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'media';
  readonly capabilities = new Set(CAPABILITIES);
  readonly facets = new FakeFacets();
  readonly commands: DriverCommand[] = [];
  readonly recordings = new Map<string, Uint8Array>();
  /** Whether phones that are called answer by themselves. */
  phones: 'answer' | 'ring' = 'answer';
  #sink: DriverSink | undefined;
  readonly #live = new Set<ConnectionId>();
  readonly #bridges = new Map<ConnectionId, string>();
  #count = 0;

  constructor(switchId: SwitchId) {
    this.switchId = switchId;
  }

  async start(sink: DriverSink): Promise<void> {
    this.#sink = sink;
    const linkId = asId<LinkId>('wire');
    this.emit({ type: 'linkUp', linkId });
    this.emit({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
    this.emit({ type: 'linkSynced', linkId, capabilities: CAPABILITIES });
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    this.commands.push(command);
    queueMicrotask(() => this.#confirm(command));
    return { outcome: 'accepted' };
  }

  async openRecording(_id: string, file: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = this.recordings.get(file);
    if (bytes === undefined) return undefined;
    return (async function* () {
      yield bytes;
    })();
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
  }

  emit(event: DriverEvent): void {
    this.#sink?.(event);
  }

  /** A caller from outside dials a number. */
  call(from: string, to: string): ConnectionId {
    this.#count += 1;
    const id = connectionId(this.switchId, `in-${this.#count}`);
    this.#live.add(id);
    this.emit({
      type: 'created',
      connectionId: id,
      device: asId<DeviceId>(`${this.switchId}:trunk:carrier`),
      direction: 'incoming',
      control: 'full',
      calling: { number: from, presentation: 'allowed', name: 'Zhang San' },
      called: { number: to, presentation: 'allowed' },
    });
    return id;
  }

  /** A party hangs up. */
  hangUp(id: ConnectionId): void {
    if (!this.#live.delete(id)) return;
    this.emit({ type: 'cleared', connectionId: id, release: { cause: 'normalClearing' } });
  }

  #confirm(command: DriverCommand): void {
    switch (command.type) {
      case 'originate': {
        const { connectionId: id, target } = command;
        const device = target.kind === 'device' ? target.device : target.trunk;
        const party = { number: target.kind === 'number' ? target.number : '', presentation: 'allowed' } as const;
        this.#live.add(id);
        this.emit({
          type: 'created',
          connectionId: id,
          device,
          direction: 'outgoing',
          control: 'full',
          calling: { number: command.callerNumber ?? '', presentation: 'allowed' },
          called: party,
          callId: command.mark.callId,
        });
        this.emit({ type: 'alerting', connectionId: id });
        if (this.phones === 'answer') this.emit({ type: 'connected', connectionId: id });
        return;
      }
      case 'answer':
        return this.emit({ type: 'connected', connectionId: command.connectionId });
      case 'redirect':
        if (!this.#live.delete(command.connectionId)) return;
        return this.emit({
          type: 'cleared',
          connectionId: command.connectionId,
          release: { cause: 'transferred' },
        });
      case 'clear':
        if (!this.#live.delete(command.connectionId)) return;
        return this.emit({ type: 'cleared', connectionId: command.connectionId, release: { cause: command.cause } });
      case 'bridge':
        for (const id of command.connectionIds) {
          this.#bridges.set(id, command.bridgeId);
          this.emit({ type: 'bridged', connectionId: id, bridgeId: command.bridgeId });
        }
        return;
      case 'unbridge': {
        const bridge = this.#bridges.get(command.connectionId);
        this.#bridges.delete(command.connectionId);
        if (bridge !== undefined)
          this.emit({ type: 'unbridged', connectionId: command.connectionId, bridgeId: asId(bridge) });
        return;
      }
      case 'record': {
        const file = `${command.recordingId}.wav`;
        this.recordings.set(file, new TextEncoder().encode(`RIFF${'x'.repeat(996)}`));
        return this.emit({
          type: 'recordingStarted',
          connectionId: command.connectionId,
          recordingId: command.recordingId,
        });
      }
      case 'controlRecording':
        if (command.mode !== 'stop') return;
        return this.emit({
          type: 'recordingFinished',
          connectionId: command.connectionId,
          recordingId: command.recordingId,
          outcome: 'done',
          files: [`${command.recordingId}.wav`],
          durationMs: 1000,
        });
      case 'play':
        this.emit({ type: 'playbackStarted', connectionId: command.connectionId, playbackId: command.playbackId });
        return this.emit({
          type: 'playbackFinished',
          connectionId: command.connectionId,
          playbackId: command.playbackId,
          outcome: 'done',
        });
      case 'monitor': {
        const { connectionId: id, targetId, mode } = command;
        return this.emit({ type: 'monitoring', connectionId: id, targetId, mode });
      }
      default:
        return;
    }
  }
}

/** A factory that keeps the driver it made. */
export function phoneDriver(): { factory: DriverFactory; driver: () => PhoneDriver } {
  let made: PhoneDriver | undefined;
  return {
    factory: (switchId) => {
      made = new PhoneDriver(switchId);
      return made;
    },
    driver: () => {
      if (made === undefined) throw new Error('the server was not made yet');
      return made;
    },
  };
}
