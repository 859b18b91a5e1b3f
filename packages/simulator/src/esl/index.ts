export { EslFace, type EslFaceOptions, eslFace } from './face.js';
export { ESL_ORDERS, type EslOrder, type EslOrderGroup } from './orders.js';
export { readScenario } from './read-scenario.js';
export {
  defineScenario,
  type EslScenario,
  faceOf,
  type PhoneHabit,
  type ScenarioCaller,
  type ScenarioPhone,
  type ScenarioStep,
  setHabit,
  startCallers,
} from './scenario.js';
export type { WriteFault } from './session/output.js';
export type { EslUser } from './session/rights.js';
export type { EslCommandFault, EslFaults } from './session/session.js';
export type { DialplanRule } from './switch/dialplan.js';
