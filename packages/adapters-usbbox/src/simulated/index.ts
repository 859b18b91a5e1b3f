export { SimulatedBox, type SimulatedBoxOptions, SimulatedLine } from './box.js';
export { ExchangeLine, type ExchangeWorld } from './exchange-line.js';
export type { FarStep, IncomingCall } from './far-end.js';
export { type PhoneHabit, SimulatedPhone } from './phone.js';
export { humSource } from './sounds.js';
export { VirtualModem } from './v253-modem.js';
export type { VirtualFormat, VirtualModemOptions } from './v253-options.js';
export { serveVirtualModem } from './v253-serve.js';
