export { type Act, type Day, FAULT_KINDS, type Fault, type FaultKind, parseDay, type Step } from './days/day.js';
export { RACES, type Race } from './days/races.js';
export { randomDay } from './days/random-day.js';
export { type DayOptions, type DayResult, runDay } from './days/run-day.js';
export { type ShrinkOptions, shrinkDay } from './days/shrink.js';
export {
  type DialplanRule,
  defineScenario,
  ESL_ORDERS,
  type EslCommandFault,
  EslFace,
  type EslFaceOptions,
  type EslFaults,
  type EslOrder,
  type EslOrderGroup,
  type EslScenario,
  type EslUser,
  eslFace,
  faceOf,
  type PhoneHabit,
  readScenario,
  type ScenarioCaller,
  type ScenarioPhone,
  type ScenarioStep,
  setHabit,
  startCallers,
  type WriteFault,
} from './esl/index.js';
export { FloorAgent, type Given, type RingHabit } from './floor/agent.js';
export type { FloorAsked, FloorReply, FloorRequest, FloorServices, FunctionReply, HttpReply } from './floor/answers.js';
export { FloorCaller } from './floor/caller.js';
export { FLOOR_NUMBER, FLOOR_SWITCH, type FloorQueue, type FloorShape, floorConfig } from './floor/config.js';
export {
  EngineHost,
  type HostObserver,
  type HostOptions,
  type LookupPlan,
  type SwitchPort,
} from './floor/engine-host.js';
export { type FloorCdr, type FloorOptions, VirtualFloor, virtualFloor } from './floor/floor.js';
export {
  type HotelCharge,
  HotelFace,
  type HotelFaceOptions,
  type HotelFaults,
  type HotelFraming,
  type HotelGuest,
  type HotelInput,
  HotelReader,
  type HotelScript,
  type HotelStep,
  hotelFields,
  hotelFrame,
  noHotelFaults,
  playHotel,
  readHotelScript,
  VirtualHotel,
  type VirtualHotelOptions,
} from './hotel/index.js';
export * from './nec/index.js';
export { INVARIANTS, type InvariantId, type Violation } from './oracle/check.js';
export { Oracle } from './oracle/oracle.js';
export { type RandomStream, randomStream } from './random.js';
export { Scheduler } from './scheduler.js';
export * from './serial/index.js';
export * from './serial-keypad/index.js';
export * from './serial-wrong/index.js';
export * from './shenou/index.js';
export * from './smdr/index.js';
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
export type { Timer } from './timer-queue.js';
