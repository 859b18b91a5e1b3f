export { type PbxRoomsInput, type PbxRoomsOptions, pbxRoomsOptions } from './options.js';
export { pbxRooms } from './rooms-driver.js';
