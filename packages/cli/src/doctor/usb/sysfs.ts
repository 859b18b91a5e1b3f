import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A device of this machine that may be a box, or a part of one. */
export interface Plugged {
  readonly part: 'serial' | 'hid' | 'sound';
  /** `ttyACM0`, `hidraw0`, `card1`. */
  readonly name: string;
  /** Node or name that programs open it by: `/dev/ttyACM0`, `plughw:CARD=Device,DEV=0`. */
  readonly opens: string;
  readonly vendorId?: number;
  readonly productId?: number;
  /** Where it hangs: the same for all parts of one USB device. */
  readonly place?: string;
  /** What it calls itself. */
  readonly product?: string;
}

const text = async (path: string): Promise<string | undefined> => {
  try {
    return (await readFile(path, 'latin1')).trim().slice(0, 4_096);
  } catch {
    return undefined;
  }
};

const names = async (path: string): Promise<readonly string[]> => {
  try {
    return (await readdir(path)).sort().slice(0, 1_024);
  } catch {
    return [];
  }
};

interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly place: string;
  readonly product?: string;
}

/** The USB device that a node of sysfs belongs to: the nearest folder above it with an identity. */
async function usbOf(root: string, path: string): Promise<UsbIdentity | undefined> {
  let at: string;
  try {
    at = await realpath(path);
  } catch {
    return undefined;
  }
  const top = await realpath(root);
  for (let depth = 0; depth < 32 && at !== top && at !== dirname(at); depth++, at = dirname(at)) {
    const vendor = await text(join(at, 'idVendor'));
    const model = await text(join(at, 'idProduct'));
    if (vendor === undefined || model === undefined) continue;
    const product = await text(join(at, 'product'));
    return {
      vendorId: Number.parseInt(vendor, 16),
      productId: Number.parseInt(model, 16),
      place: relative(top, at),
      ...(product === undefined ? {} : { product: product.slice(0, 64) }),
    };
  }
  return undefined;
}

async function serialPorts(root: string): Promise<Plugged[]> {
  const folder = join(root, 'sys/class/tty');
  const found: Plugged[] = [];
  for (const name of await names(folder)) {
    const usb = await usbOf(root, join(folder, name));
    // Built-in ports are listed whether there is a chip or not; its type is 0 without one.
    const type = await text(join(folder, name, 'type'));
    if (usb === undefined && (!/^ttyS\d+$/.test(name) || type === undefined || type === '0')) continue;
    found.push({ part: 'serial', name, opens: `/dev/${name}`, ...usb });
  }
  return found;
}

async function hidDevices(root: string): Promise<Plugged[]> {
  const folder = join(root, 'sys/class/hidraw');
  const found: Plugged[] = [];
  for (const name of await names(folder)) {
    const usb = await usbOf(root, join(folder, name));
    const uevent = (await text(join(folder, name, 'device/uevent'))) ?? '';
    const [, vendor, product] = /^HID_ID=[0-9A-F]+:([0-9A-F]+):([0-9A-F]+)$/im.exec(uevent) ?? [];
    const told =
      vendor === undefined || product === undefined
        ? {}
        : { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
    found.push({ part: 'hid', name, opens: `/dev/${name}`, ...told, ...usb });
  }
  return found;
}

async function soundCards(root: string): Promise<Plugged[]> {
  const list = (await text(join(root, 'proc/asound/cards'))) ?? '';
  const found: Plugged[] = [];
  for (const [, number = '', id = '', product = ''] of list.matchAll(/^ *(\d+) +\[(\w+) *\]: *(.*)$/gm)) {
    const usbid = await text(join(root, `proc/asound/card${number}/usbid`));
    const [, vendor, model] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(usbid ?? '') ?? [];
    const told =
      vendor === undefined || model === undefined
        ? {}
        : { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(model, 16) };
    const usb = await usbOf(root, join(root, `sys/class/sound/card${number}`));
    const opens = `plughw:CARD=${id},DEV=0`;
    found.push({ part: 'sound', name: `card${number}`, opens, product: product.slice(0, 64), ...told, ...usb });
  }
  return found;
}

/**
 * What is plugged into a Linux machine.
 * @returns `undefined` where there is no sysfs to read
 */
export async function pluggedIn(root: string): Promise<readonly Plugged[] | undefined> {
  try {
    await stat(join(root, 'sys/class'));
  } catch {
    return undefined;
  }
  return [...(await serialPorts(root)), ...(await hidDevices(root)), ...(await soundCards(root))];
}
