import { WebSocket } from 'not-declared-anywhere';
export const one = WebSocket;
