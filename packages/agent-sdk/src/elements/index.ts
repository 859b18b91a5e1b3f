export { AgentBar, defineElements, type GetToken } from './agent-bar.js';
export type { Language } from './texts.js';
