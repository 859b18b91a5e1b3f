export { type HotelFaults, noHotelFaults } from './faults.js';
export { HotelFace, type HotelFaceOptions } from './hotel-face.js';
export { type HotelScript, type HotelStep, playHotel, readHotelScript } from './script.js';
export { type HotelCharge, type HotelGuest, VirtualHotel, type VirtualHotelOptions } from './virtual-hotel.js';
export { type HotelFraming, type HotelInput, HotelReader, hotelFields, hotelFrame } from './wire.js';
