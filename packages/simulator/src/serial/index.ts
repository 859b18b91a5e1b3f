export { type KtsFaceOptions, ktsFace } from './kts/face.js';
export type { ExchangeSide } from './pbx/core.js';
export type { HotelRequest, HotelResult } from './pbx/hotel.js';
export type { Caller } from './pbx/incoming.js';
export type { KeypadSeat, KeypadSession, OpenKeypad } from './pbx/keys.js';
export { type ParameterValue, PbxMemory, type Room, type Wake } from './pbx/memory.js';
export { DEFAULT_TIMES, EMERGENCY_NUMBERS, type PbxOptions, type PbxSetup, type PbxTimes } from './pbx/options.js';
export { type FieldRule, ITEMS, type ItemRule, type ParameterScope } from './pbx/parameter-table.js';
export type { ParameterAt, Parameters as PbxParameters, SetOutcome } from './pbx/parameters.js';
export { VirtualPbx } from './pbx/pbx.js';
export type { ServiceName, ServiceRefusal, ServiceRequest, ServiceResult } from './pbx/services.js';
export type {
  CallEnd,
  CallerIdentity,
  Charset,
  Direction,
  ExtensionState,
  ExtensionStatus,
  LineState,
  LineStatus,
  LocalMs,
  PbxNews,
  PbxRecord,
  Presentation,
  RoomNews,
  SlotStatus,
  Tone,
} from './pbx/status.js';
export { type PhoneHabit as PbxPhoneHabit, setHabit as setPhoneHabit } from './people/habits.js';
export { type FarEnd, gbk, Outside, type OutsideCall, type OutsideCaller } from './people/outside.js';
export { Phone } from './people/phone.js';
export { startTraffic, type Traffic } from './people/traffic.js';
export type { AttachedFace, FaceLine, FaceSettings, SendOptions, SerialFace } from './port/face.js';
export type { ByteFaults, LineFaults } from './port/line-faults.js';
export { openPath } from './port/open-path.js';
export { PbxPort } from './port/serial-port.js';
export { WireLine, type WireLineOptions } from './port/wire-line.js';
export { readPbxScenario } from './read-scenario.js';
export {
  type PbxScenario,
  type PbxScenarioAct,
  type PbxScenarioCaller,
  type PbxScenarioPhone,
  type PbxScenarioTrouble,
  pbxOfScenario,
  startScenario,
} from './scenario.js';
export { SERIAL_FACES, SerialPbx, type SerialPbxOptions, serialPbx } from './serial-pbx.js';
