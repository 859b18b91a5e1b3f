export { type RandomStream, randomStream } from './random.js';
export { Scheduler } from './scheduler.js';
export { SimulatorDriver } from './switch/driver.js';
export { type FinishedRecording, SwitchFloor } from './switch/floor.js';
export type {
  Bridge,
  CommandFault,
  EventFault,
  Leg,
  PartyHooks,
  Playback,
  SwitchFaults,
  SwitchOptions,
  VirtualParty,
} from './switch/model.js';
export { ORDER_IDS, ORDER_VARIANTS, type OrderGroup, type OrderVariant } from './switch/orders.js';
export { VirtualSwitch } from './switch/virtual-switch.js';
