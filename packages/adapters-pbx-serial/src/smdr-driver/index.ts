export { type PbxSmdrInput, type PbxSmdrOptions, pbxSmdrOptions } from './options.js';
export { pbxSmdr } from './smdr-driver.js';
