export { FreeswitchDriver, freeswitch } from './driver.js';
export { type FreeswitchOptions, type FreeswitchOptionsInput, freeswitchOptions } from './driver-options.js';
