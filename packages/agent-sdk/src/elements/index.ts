export { AgentBar, defineElements } from './agent-bar.js';
export type { Language } from './texts.js';
export type { GetToken } from './token-address.js';
