import type { DeviceKinds } from '../device/kinds.js';
import { simulatedKind } from './simulated.js';

/** Every kind of device that a configuration may name: `device: { kind, ... }`. */
export const DEVICE_KINDS: DeviceKinds = { simulated: simulatedKind };
