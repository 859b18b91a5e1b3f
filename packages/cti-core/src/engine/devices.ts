import type { DeviceDetail, DriverEvent, SwitchSnapshot } from '../contract/driver-events.js';
import type { PublishedEvent } from '../contract/engine-io.js';
import { type DeviceId, parseDeviceId, type SwitchId } from '../contract/ids.js';
import type { DeviceDetailView, DeviceView } from '../contract/views.js';
import { normalise } from '../numbers/index.js';
import type { Run } from './run.js';
import type { KnownDevice } from './state.js';

type Told = Omit<Extract<DriverEvent, { type: 'devicePresence' }>, 'type'>;

/** Takes what a switch tells of a device, and puts it on the board when it is new. @returns whether the presence has changed */
export function keepDevice(run: Run, told: Told): 'changed' | 'same' {
  const { device, presence, detail } = told;
  const { s } = run;
  const before = s.presence.get(device);
  const known = s.devices.get(device);
  const isSame = before === presence;
  if (isSame && known !== undefined && sameDetail(known.detail, detail)) return 'same';
  s.presence.set(device, presence);
  const stays = known !== undefined && isSame && known.detail?.state === detail?.state;
  // Every field is there from the beginning: objects of one shape.
  const now: KnownDevice = {
    detail: detail === undefined ? undefined : cut(detail),
    sinceMs: stays ? known.sinceMs : run.at,
    sinceWallMs: stays ? known.sinceWallMs : run.wall,
  };
  s.devices.set(device, now);
  run.links.push(deviceEvent(viewOf(run, { device, presence, known: now })));
  return isSame ? 'same' : 'changed';
}

/** What a switch shows no more although it told of it in detail is not known any longer. */
export function forgetUnshown(run: Run, switchId: SwitchId, shown: SwitchSnapshot['devices']): void {
  const here = new Set(shown.map(({ device }) => device));
  const gone: DeviceId[] = [];
  for (const [device, { detail }] of run.s.devices) {
    if (detail !== undefined && !here.has(device) && parseDeviceId(device)?.switchId === switchId) gone.push(device);
  }
  for (const device of gone.sort()) keepDevice(run, { device, presence: 'unknown' });
}

/** A device as clients see it. */
export function deviceView(run: Run, device: DeviceId): DeviceView {
  return viewOf(run, {
    device,
    presence: run.s.presence.get(device) ?? 'unknown',
    known: run.s.devices.get(device),
  });
}

function viewOf(
  run: Run,
  { device, presence, known }: Pick<DeviceView, 'device' | 'presence'> & { readonly known: KnownDevice | undefined },
): DeviceView {
  const view: { -readonly [K in keyof DeviceView]: DeviceView[K] } = {
    device,
    presence,
    sinceMs: known?.sinceMs ?? 0,
    sinceWallMs: known?.sinceWallMs ?? 0,
  };
  if (known?.detail !== undefined) view.detail = detailView(run, known.detail);
  return view;
}

/** Written out: telephones change with every call, and a spread costs more than all else that is done to tell of one. */
function deviceEvent({ device, presence, sinceMs, sinceWallMs, detail }: DeviceView): PublishedEvent {
  return detail === undefined
    ? { type: 'device', device, presence, sinceMs, sinceWallMs }
    : { type: 'device', device, presence, sinceMs, sinceWallMs, detail };
}

/** All devices that switches tell of, by id. */
export function deviceViews(run: Run): readonly DeviceView[] {
  return [...run.s.devices.keys()].sort().map((device) => deviceView(run, device));
}

/** The park slots of a switch that somebody waits on. */
export function takenSlots(run: Run, switchId: SwitchId | undefined): readonly DeviceView[] {
  if (switchId === undefined) return [];
  const prefix = `${switchId}:park:`;
  return deviceViews(run).filter(({ device, detail }) => device.startsWith(prefix) && detail?.state === 'taken');
}

/** Who sits down at a switch is told which of its park slots are taken. */
export function tellSlots(run: Run, seat: DeviceId): void {
  for (const view of takenSlots(run, parseDeviceId(seat)?.switchId)) run.links.push(deviceEvent(view));
}

function detailView(run: Run, detail: DeviceDetail): DeviceDetailView {
  const { party, forward, ...rest } = detail;
  const plan = run.s.config.dialPlan;
  const view: { -readonly [K in keyof DeviceDetailView]: DeviceDetailView[K] } = { ...rest };
  if (party !== undefined) view.party = normalise(party, plan);
  if (party?.name !== undefined) view.partyName = party.name;
  if (forward !== undefined) view.forward = normalise({ number: forward, presentation: 'allowed' }, plan);
  return view;
}

/** Longer texts than these are no numbers and names. */
const MAX_NUMBER = 64;
const MAX_NAME = 128;

function cut(detail: DeviceDetail): DeviceDetail {
  const { party, forward, nativeCallRef } = detail;
  const isSound =
    (party === undefined || (party.number.length <= MAX_NUMBER && (party.name?.length ?? 0) <= MAX_NAME)) &&
    (forward?.length ?? 0) <= MAX_NUMBER &&
    (nativeCallRef?.length ?? 0) <= MAX_NUMBER;
  if (isSound) return detail;
  return {
    ...detail,
    ...(party === undefined
      ? {}
      : {
          party: {
            number: party.number.slice(0, MAX_NUMBER),
            presentation: party.presentation,
            ...(party.name === undefined ? {} : { name: party.name.slice(0, MAX_NAME) }),
          },
        }),
    ...(forward === undefined ? {} : { forward: forward.slice(0, MAX_NUMBER) }),
    ...(nativeCallRef === undefined ? {} : { nativeCallRef: nativeCallRef.slice(0, MAX_NUMBER) }),
  };
}

function sameDetail(a: KnownDevice['detail'], b: DeviceDetail | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.state === b.state &&
    a.direction === b.direction &&
    a.peer === b.peer &&
    a.line === b.line &&
    a.nativeCallRef === b.nativeCallRef &&
    a.forward === b.forward &&
    a.doNotDisturb === b.doNotDisturb &&
    a.messageLamp === b.messageLamp &&
    a.classOfService === b.classOfService &&
    a.party?.number === b.party?.number &&
    a.party?.name === b.party?.name &&
    a.party?.presentation === b.party?.presentation
  );
}
