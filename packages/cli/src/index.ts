export type { CommandContext, ExitCode } from './commands/context.js';
export { type Demo, type DemoOptions, startDemo } from './demo/demo.js';
export type { Output } from './output.js';
export { runCommandLine } from './program.js';
