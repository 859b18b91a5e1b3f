import {
  type OptionalPackage,
  type PackageState,
  probePackage,
  type UsbModel,
  usbModel,
} from '@cordboard/adapters-usbbox';
import type { Finding } from '../finding.js';
import { accessTo, hasProgram, thisUser, type User } from './access.js';
import { type Plugged, pluggedIn } from './sysfs.js';

/** What an examination looks at; every member but `root` has the machine itself as its default. */
export interface UsbPlace {
  /** Folder that is `/` of the machine. */
  readonly root: string;
  readonly user?: User;
  /** Folders of programs, as in `PATH`. */
  readonly path?: string;
  readonly probe?: (name: OptionalPackage) => Promise<PackageState>;
}

/** What was found. `devices` holds what may be a box, with its model where that is known. */
export interface UsbReport {
  readonly devices: readonly (Plugged & { readonly model?: string; readonly kind?: UsbModel['kind'] })[];
  readonly findings: readonly Finding[];
}

const hex = (id: number | undefined): string => (id ?? 0).toString(16).padStart(4, '0');
const idOf = ({ vendorId, productId }: Plugged): string =>
  vendorId === undefined ? 'built in' : `${hex(vendorId)}:${hex(productId)}`;

function modelOf({ vendorId, productId }: Plugged): UsbModel | undefined {
  return vendorId === undefined || productId === undefined ? undefined : usbModel(vendorId, productId);
}

/** Says what is plugged in and what is missing. Reads only; opens nothing, and never throws for what it finds. */
export async function examineUsb(place: UsbPlace): Promise<UsbReport> {
  const { root, user = thisUser(), path = process.env.PATH ?? '', probe = probePackage } = place;
  const all = await pluggedIn(root);
  if (all === undefined) {
    const text = 'what is plugged in is told by Linux alone';
    const fix = 'name the port yourself: device: { kind: "v253", path: "COM3" }';
    return { devices: [], findings: [{ id: 'usb.system', level: 'unknown', text, fix }] };
  }
  const serial = all.filter(({ part }) => part === 'serial');
  const boxes = all.filter((each) => each.part === 'hid' && modelOf(each)?.kind === 'cm108');
  const cards = all.filter((each) => each.part === 'sound' && modelOf(each)?.kind === 'cm108');
  const findings: Finding[] = [];
  for (const each of serial) findings.push(describeSerial(each), ...(await access(each, { root, user })));
  for (const each of boxes) {
    findings.push(...describeBox(each, cards), ...(await access(each, { root, user })));
  }
  for (const card of cards) {
    if (boxes.some((box) => isSame(box, card))) continue;
    const text = `${card.opens}: a C-Media sound card (${idOf(card)}) without its HID part: its relay cannot be reached`;
    findings.push({
      id: `usb.${card.name}.hid`,
      level: 'failed',
      text,
      fix: 'load the kernel module hidraw; in a container pass /dev/hidraw*',
    });
  }
  if (findings.length === 0)
    findings.push({
      id: 'usb.none',
      level: 'warning',
      text: 'no serial port and no C-Media box is plugged in',
      fix: 'plug it in and ask again; units on the network and hosts of vendor SDKs are not seen here',
    });
  const needs = { hid: boxes.length + cards.length > 0, serial: serial.length > 0 };
  findings.push(
    await packageFinding('node-hid', { probe, level: needs.hid ? 'failed' : 'warning' }),
    await packageFinding('serialport', { probe, level: needs.serial ? 'failed' : 'warning' }),
    await alsa(path, needs.hid ? 'failed' : 'warning'),
  );
  const devices = all
    .filter((each) => each.part === 'serial' || modelOf(each)?.kind === 'cm108')
    .map((each) => {
      const model = modelOf(each);
      return model === undefined ? each : { ...each, model: model.name, kind: model.kind };
    });
  return { devices, findings };
}

function describeSerial(port: Plugged): Finding {
  const id = `usb.${port.name}`;
  const model = modelOf(port);
  const own = port.product === undefined ? '' : ` "${port.product}"`;
  if (model?.kind === 'v253')
    return {
      id,
      level: 'ok',
      text: `${port.opens}: ${model.name} (${idOf(port)}): device: { kind: 'v253', path: '${port.opens}' }`,
    };
  const what = model?.name ?? `a serial port that is in no table${own}`;
  const text = `${port.opens}: ${what} (${idOf(port)}): what is behind it cannot be seen; a modem is kind 'v253', a Whozz Calling? unit kind 'whozz'`;
  return { id, level: 'ok', text };
}

/** Two parts of one USB device; where the kernel does not tell the place, of one model. */
function isSame(one: Plugged, other: Plugged): boolean {
  if (one.place !== undefined && other.place !== undefined) return one.place === other.place;
  return one.vendorId === other.vendorId && one.productId === other.productId;
}

function describeBox(box: Plugged, cards: readonly Plugged[]): Finding[] {
  const name = modelOf(box)?.name ?? 'C-Media';
  const card = cards.find((each) => isSame(box, each));
  const id = `usb.${box.name}`;
  if (card === undefined) {
    const text = `${box.opens}: ${name} (${idOf(box)}), and its sound card is not there`;
    return [{ id, level: 'failed', text, fix: 'load the kernel module snd-usb-audio; in a container pass /dev/snd' }];
  }
  const text = `${box.opens}: ${name} (${idOf(box)}): device: { kind: 'cm108', hid: '${box.opens}', card: '${card.opens}' }`;
  return [{ id, level: 'ok', text }];
}

async function access(device: Plugged, who: { readonly root: string; readonly user: User }): Promise<Finding[]> {
  const found = await accessTo(device.opens, who);
  if (found.may === 'yes') return [];
  const id = `usb.${device.name}.access`;
  if (found.may === 'absent')
    return [
      {
        id,
        level: 'failed',
        text: `${device.opens} is not there, and the kernel knows the device`,
        fix: `is udev running? In a container: --device ${device.opens}`,
      },
    ];
  const text = `${device.opens} may not be opened by this user`;
  const rule = `a udev rule: SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${hex(device.vendorId)}", MODE="0660", GROUP="plugdev"`;
  const fix =
    found.group !== undefined && found.group !== 'root'
      ? `join its group and log in again: sudo usermod -aG ${found.group} "$USER"`
      : device.part === 'hid'
        ? rule
        : 'give it a group that this user is in';
  return [{ id, level: 'failed', text, fix }];
}

async function packageFinding(
  name: OptionalPackage,
  how: { readonly probe: (name: OptionalPackage) => Promise<PackageState>; readonly level: 'failed' | 'warning' },
): Promise<Finding> {
  const id = `package.${name}`;
  const state = await how.probe(name);
  if (state === 'works') return { id, level: 'ok', text: `the package ${name} is there` };
  const what = name === 'node-hid' ? 'USB sound boxes (cm108)' : 'serial ports (v253, whozz)';
  if (state === 'missing')
    return { id, level: how.level, text: `${what} need the package ${name}`, fix: `npm install ${name}` };
  const fix =
    name === 'node-hid' ? 'apt-get install libusb-1.0-0 libudev1, or npm rebuild node-hid' : `npm rebuild ${name}`;
  return { id, level: how.level, text: `the package ${name} is there and does not load`, fix };
}

async function alsa(path: string, level: 'failed' | 'warning'): Promise<Finding> {
  const id = 'program.alsa-utils';
  const missing: string[] = [];
  for (const name of ['arecord', 'aplay']) if ((await hasProgram(name, path)) === 'missing') missing.push(name);
  if (missing.length === 0) return { id, level: 'ok', text: 'arecord and aplay are there' };
  const text = `the sound of USB boxes (cm108) needs ${missing.join(' and ')}`;
  return { id, level, text, fix: 'apt-get install alsa-utils' };
}
