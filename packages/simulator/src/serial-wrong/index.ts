export { type BurstOptions, bytesRead, readBurst, type UartCharacter, type UartSettings } from './uart.js';
export { type WrongLineOptions, wrongLine } from './wrong-line.js';
