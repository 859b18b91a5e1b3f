import type { DeviceKinds } from '../device/kinds.js';
import { createBridgeKind } from './bridge.js';
import { createCm108Kind } from './cm108.js';
import { simulatedKind } from './simulated.js';
import { v253 } from './v253.js';
import { createWhozzKind } from './whozz.js';

/** Every kind of device that a configuration may name: `device: { kind, ... }`. */
export const DEVICE_KINDS: DeviceKinds = {
  bridge: createBridgeKind(),
  cm108: createCm108Kind(),
  simulated: simulatedKind,
  v253,
  whozz: createWhozzKind(),
};
