import type { DeviceKinds } from '../device/kinds.js';
import { simulatedKind } from './simulated.js';
import { createWhozzKind } from './whozz.js';

/** Every kind of device that a configuration may name: `device: { kind, ... }`. */
export const DEVICE_KINDS: DeviceKinds = { simulated: simulatedKind, whozz: createWhozzKind() };
