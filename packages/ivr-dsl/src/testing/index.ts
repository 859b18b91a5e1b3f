export { FlowCaller, type FlowTestOptions, flowTest } from './flow-test.js';
