import { fileURLToPath } from 'node:url';
import { connectionId, type DriverEvent, deviceId, type Release, type SwitchId } from '@cordboard/cti-core';
import { readTraces, streamsOf, type Trace } from '@cordboard/driver-kit/testing';
import { DeviceModel } from '../src/map/devices.js';
import type { MapEffect } from '../src/map/effects.js';
import { header, type SwitchEvent } from '../src/map/event.js';
import type { Leg } from '../src/map/leg.js';
import { ObserveModel } from '../src/map/observe.js';
import { CallModel } from '../src/map/to-core.js';
import { EslDecoder } from '../src/wire/esl-decoder.js';
import type { EslEvent } from '../src/wire/esl-event.js';

export const MAIN = 'main' as SwitchId;

/** The recorded dialogues of a real FreeSWITCH, where they are on this machine. */
export const TRACES = [...readTraces(fileURLToPath(new URL('../../../../shared/traces/freeswitch', import.meta.url)))];

/** All events of each socket of a dialogue. */
export function eventsOf(
  trace: Trace,
): { readonly name: string; readonly trace: Trace; readonly events: EslEvent[] }[] {
  return streamsOf(trace, { link: 'esl', kind: 'in' }).map(({ conn, chunks }) => {
    const events: EslEvent[] = [];
    const decoder = new EslDecoder();
    for (const chunk of chunks) {
      decoder.push(chunk, (frame) => {
        if (frame.type === 'event') events.push(frame);
      });
    }
    return { name: `${trace.name} #${conn}`, trace, events };
  });
}

/** Channels that the recorder dialled, as `originate` names them. */
export function dialled(trace: Trace): { id: string; user: string }[] {
  return streamsOf(trace, { link: 'esl', kind: 'out' }).flatMap(({ chunks }) =>
    [
      ...Buffer.concat(chunks)
        .toString('utf8')
        .matchAll(/origination_uuid=([0-9a-f-]{36})[^\n]*?\}user\/(\d+)/g),
    ].map(([, id = '', user = '']) => ({ id, user })),
  );
}

/** A leg as the driver plans it before it dials. */
export function planned({ id, user }: { readonly id: string; readonly user: string }): Leg {
  return {
    id,
    connectionId: connectionId(MAIN, id),
    device: deviceId(MAIN, 'extension', user),
    direction: 'outgoing',
    calling: { number: '', presentation: 'unavailable' },
    called: { number: user, presentation: 'allowed' },
    state: 'initiated',
    place: { kind: 'before' },
    told: 'no',
    hold: 'none',
  };
}

/** The maps of the driver, with nothing around them. */
export class Maps {
  readonly model = new CallModel({ switchId: MAIN });
  readonly devices = new DeviceModel({ switchId: MAIN });
  readonly observe = new ObserveModel({
    switchId: MAIN,
    isOurs: (id) => this.model.isOurs(id),
    trunks: () => new Set(),
  });
  readonly told: DriverEvent[] = [];
  readonly others: Exclude<MapEffect['kind'], 'tell' | 'moved'>[] = [];

  /** Does with an event what the driver does. */
  take(event: SwitchEvent): void {
    const id = header(event, 'Unique-ID');
    if (id !== undefined && !this.model.isOurs(id) && this.observe.wasTold(id)) this.model.used(id);
    for (const effect of this.model.apply(event)) this.#follow(effect);
    for (const effect of this.observe.apply(event)) {
      if (effect.kind === 'tell') this.told.push(effect.event);
      else
        for (const later of this.observe.settle(effect.channelId))
          if (later.kind === 'tell') this.told.push(later.event);
    }
    this.told.push(...this.devices.apply(event));
  }

  #follow(effect: MapEffect): void {
    if (effect.kind === 'tell') this.told.push(effect.event);
    else if (effect.kind === 'ended') this.#cleared(effect.leg, effect.release);
    if (effect.kind !== 'tell' && effect.kind !== 'moved') this.others.push(effect.kind);
  }

  #cleared(leg: Leg, release: Release): void {
    this.told.push({ type: 'cleared', connectionId: leg.connectionId, release });
  }
}

/** An event with some of its headers said otherwise. */
export function changed(event: SwitchEvent, headers: Readonly<Record<string, string | undefined>>): SwitchEvent {
  return {
    name: headers['Event-Name'] ?? event.name,
    get: (name) => (name in headers ? headers[name] : event.get(name)),
  };
}
