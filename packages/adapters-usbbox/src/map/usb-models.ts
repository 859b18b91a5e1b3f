/** A USB device that is known by its numbers. */
export interface UsbModel {
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string;
  /** The kind of device that drives it, as configurations name it. `serial`: an adapter, behind which anything may be. */
  readonly kind: 'cm108' | 'v253' | 'serial';
}

const CMEDIA = 0x0d8c;

/** Sources: the id list of direwolf (C-Media), the Linux cdc_acm and usb-serial drivers. */
export const USB_MODELS: readonly UsbModel[] = [
  ...[0x0008, 0x0009, 0x000a, 0x000b, 0x000c, 0x000d, 0x000e, 0x000f].map(
    (productId): UsbModel => ({ vendorId: CMEDIA, productId, name: 'C-Media CM108/CM109/CM119', kind: 'cm108' }),
  ),
  { vendorId: CMEDIA, productId: 0x0012, name: 'C-Media CM108B', kind: 'cm108' },
  { vendorId: CMEDIA, productId: 0x0013, name: 'C-Media CM119B', kind: 'cm108' },
  { vendorId: CMEDIA, productId: 0x0139, name: 'C-Media CM108AH', kind: 'cm108' },
  { vendorId: CMEDIA, productId: 0x013a, name: 'C-Media CM119A', kind: 'cm108' },
  { vendorId: 0x0572, productId: 0x1349, name: 'Conexant CX93001 voice modem (StarTech USB56KEMH2)', kind: 'v253' },
  { vendorId: 0x0baf, productId: 0x0303, name: 'USRobotics 5637 voice modem', kind: 'v253' },
  { vendorId: 0x0803, productId: 0x3095, name: 'Zoom 3095 voice modem', kind: 'v253' },
  { vendorId: 0x0403, productId: 0x6001, name: 'FTDI serial adapter', kind: 'serial' },
  { vendorId: 0x067b, productId: 0x2303, name: 'Prolific serial adapter', kind: 'serial' },
  { vendorId: 0x10c4, productId: 0xea60, name: 'Silicon Labs serial adapter', kind: 'serial' },
  { vendorId: 0x1a86, productId: 0x7523, name: 'WCH CH340 serial adapter', kind: 'serial' },
];

/** The model with these numbers; `undefined`: none that is known. */
export function usbModel(vendorId: number, productId: number): UsbModel | undefined {
  return USB_MODELS.find((model) => model.vendorId === vendorId && model.productId === productId);
}
