export { type Charge, type ChargeRules, chargeOf, type NotCharged } from './charge.js';
export { type ClassTable, DEFAULT_CLASSES } from './desk-words.js';
export {
  type ChargeOutcome,
  HotelBridge,
  type HotelBridgeOptions,
  type HotelNotice,
  type HotelState,
} from './hotel-bridge.js';
export {
  type HotelBridgeSetup,
  type HotelOptions,
  type HotelOptionsInput,
  hotelOptions,
  type RunningHotelBridge,
  startHotelBridge,
} from './start.js';
