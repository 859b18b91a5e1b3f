export { type BurstOptions, bytesRead, readBurst, type UartCharacter, type UartSettings } from './uart.js';
