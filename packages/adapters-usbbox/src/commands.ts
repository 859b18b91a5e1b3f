import {
  type ConnectionId,
  type DriverCommand,
  type DriverReply,
  isServiceCommand,
  type MediaCommand,
  parseDeviceId,
  type SwitchId,
} from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { BoxLine } from './box-line.js';
import type { Bridges } from './bridges.js';
import type { Party } from './party.js';
import { diallable } from './sound/keys.js';

type Of<T extends DriverCommand['type']> = Extract<DriverCommand, { type: T }>;
type OnConnection = Exclude<MediaCommand, { type: 'originate' | 'bridge' | 'monitor' | 'stopMonitor' | 'redirect' }>;

/** What commands are carried out on. */
export interface CommandsParts {
  readonly switchId: SwitchId;
  readonly lines: readonly BoxLine[];
  readonly bridges: Bridges;
  readonly party: (id: ConnectionId) => Party | undefined;
}

/** Carries out the commands of a driver on its lines and phones. */
export class Commands {
  readonly #parts: CommandsParts;

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** The line that a command is for, when it is one line's alone. */
  lineOf(command: DriverCommand): BoxLine | undefined {
    if (command.type === 'originate') return this.#lineToDial(command);
    if (command.type === 'bridge') return undefined;
    return this.#lineWith(command.connectionId);
  }

  /** Carries one out. */
  async carryOut(command: DriverCommand): Promise<DriverReply> {
    if (isServiceCommand(command)) return refused('notSupported');
    switch (command.type) {
      case 'originate':
        return this.#originate(command);
      case 'bridge':
        return this.#bridge(command);
      case 'monitor':
      case 'stopMonitor':
      case 'redirect':
        return refused('notSupported');
      default:
        return this.#onConnection(command);
    }
  }

  #lineWith(id: ConnectionId): BoxLine | undefined {
    return this.#parts.lines.find(
      ({ unit, phone }) => unit.party?.connectionId === id || phone.party?.connectionId === id,
    );
  }

  #originate(command: Of<'originate'>): DriverReply {
    if (this.#parts.party(command.connectionId) !== undefined) return refused('conflict', 'id in use');
    const { target, connectionId, mark, ringTimeoutMs } = command;
    const line = this.#lineToDial(command);
    const number = command.callerNumber;
    const call = {
      connectionId,
      callId: mark.callId,
      ringTimeoutMs,
      calling: {
        number: (number ?? '').slice(0, 64),
        ...(command.callerName === undefined ? {} : { name: command.callerName.slice(0, 128) }),
        presentation: number === undefined ? ('unavailable' as const) : ('allowed' as const),
      },
    };
    if (target.kind === 'device') {
      const known = this.#parts.lines.find((each) => each.phoneDevice === target.device);
      return known === undefined ? refused('rejected', 'no such phone') : known.phone.originate(call);
    }
    if (line === undefined) return refused(this.#knows(target.trunk) ? 'conflict' : 'rejected', 'no line is free');
    return line.unit.originate(call, target.number);
  }

  #knows(device: string): boolean {
    const parsed = parseDeviceId(device);
    return this.#parts.lines.some(
      (line) => line.unit.device === device || (parsed?.kind === 'trunk' && line.trunk === parsed.address),
    );
  }

  /** The line of a device, or of a trunk: the one on which a phone has dialled this already, else the first free one that is there. */
  #lineToDial({ target }: Of<'originate'>): BoxLine | undefined {
    const { lines } = this.#parts;
    if (target.kind === 'device') return lines.find((line) => line.phoneDevice === target.device);
    const direct = lines.find((line) => line.unit.device === target.trunk);
    if (direct !== undefined) return direct;
    const parsed = parseDeviceId(target.trunk);
    if (parsed?.kind !== 'trunk') return undefined;
    const group = lines.filter((line) => line.trunk === parsed.address && line.isUp);
    const number = diallable(target.number);
    const byPhone = group.find(({ unit, phone }) => {
      const dialled = phone.party?.called.number ?? '';
      return unit.state === 'byPhone' && dialled !== '' && (number.endsWith(dialled) || dialled.endsWith(number));
    });
    return byPhone ?? group.find((line) => line.unit.isFree && line.capabilities.has('originate'));
  }

  #bridge({ bridgeId, connectionIds }: Of<'bridge'>): DriverReply {
    const parties: Party[] = [];
    for (const id of connectionIds) {
      const party = this.#parts.party(id);
      if (party === undefined) return refused('gone');
      const line = this.#lineWith(id);
      const isLine = line?.unit.party === party;
      // The line is heard from the first moment; what merely rings has nothing to hear.
      const heard = isLine
        ? line.unit.state !== 'ringing'
        : party.state === 'connected' || party.direction === 'incoming';
      if (!heard) return refused('conflict', 'it rings');
      if (line?.capabilities.has('bridge') === false) return refused('notSupported');
      parties.push(party);
    }
    return this.#parts.bridges.join(bridgeId, parties);
  }

  async #onConnection(command: OnConnection): Promise<DriverReply> {
    const party = this.#parts.party(command.connectionId);
    const line = this.#lineWith(command.connectionId);
    if (party === undefined || line === undefined) return refused('gone');
    const { unit, phone } = line;
    const isLine = unit.party === party;
    switch (command.type) {
      case 'claim':
        party.callId = command.mark.callId;
        return ACCEPTED;
      case 'ring':
        // The exchange sends ringback by itself.
        return party.direction === 'incoming' && party.state === 'initiated' ? ACCEPTED : refused('conflict');
      case 'answer':
        if (party.direction === 'outgoing') return refused('conflict');
        if (isLine) return unit.answer(party);
        party.connected();
        return ACCEPTED;
      case 'clear':
        return isLine ? unit.clear(party, command.cause) : phone.clear(party, command.cause);
      case 'unbridge':
        return this.#parts.bridges.leave(party);
      case 'flash':
        return isLine ? unit.flash(party, command.digits, command.after) : refused('notSupported');
      case 'sendDigits':
        return isLine ? unit.sendDigits(party, command.digits, command) : phone.sendDigits(command.digits, command);
      default:
        return this.#media(command, party);
    }
  }

  async #media(
    command: Of<'holdMusic' | 'play' | 'stopPlay' | 'collectDigits' | 'mute' | 'record' | 'controlRecording'>,
    party: Party,
  ): Promise<DriverReply> {
    switch (command.type) {
      case 'holdMusic':
        return party.holdMusic(command.mode, command.musicClass);
      case 'play':
        return party.play(command.playbackId, command.media);
      case 'stopPlay':
        return party.stopPlay(command.playbackId);
      case 'collectDigits':
        return ACCEPTED;
      case 'mute':
        party.port.mute(command.mode);
        return ACCEPTED;
      case 'record':
        return party.record(command.recordingId, { tracks: command.tracks, format: command.format });
      case 'controlRecording':
        return party.controlRecording(command.recordingId, command.mode);
    }
  }
}
