export * from './bridge/index.js';
export * from './fias/index.js';
export * from './forward/index.js';
export { hotelOf } from './hotel-of.js';
export {
  HotelLedger,
  type LineFile,
  type LineFileContent,
  type Order,
  openLineFile,
  type Posting,
  type Report,
} from './ledger/index.js';
export * from './link/index.js';
export { HOTEL_COLUMNS, type HotelEvent, type HotelRecords, openHotelRecords } from './record-file.js';
export { type Rooms, type RoomTable, roomsOf, roomTableSchema } from './rooms.js';
