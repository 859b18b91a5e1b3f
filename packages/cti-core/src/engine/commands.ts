import type { DriverCapability } from '../contract/driver.js';
import type { DriverCommand, DriverCommandType } from '../contract/driver-commands.js';
import type { CommandId, SwitchId } from '../contract/ids.js';
import { nextId, type Run } from './run.js';
import type { Asked } from './state.js';

type Body<T> = T extends { readonly type: DriverCommandType } ? Omit<T, 'commandId' | 'boundMs'> : never;

/** A driver command without its id and bound. */
export type CommandBody = Body<DriverCommand>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** May commands of calls be sent to this switch now? */
export function isUp(run: Run, switchId: SwitchId): boolean {
  return run.s.switches.get(switchId)?.media === 'up';
}

/** Can the switch do this now? */
export function can(run: Run, switchId: SwitchId, capability: DriverCapability): boolean {
  return run.s.switches.get(switchId)?.capabilities.includes(capability) ?? false;
}

/**
 * Sends a command to a switch and remembers what it was about until its answer. `undefined` when the switch is down:
 * nothing is sent then, and what is wanted is asked for again after the next snapshot.
 *
 * `body` and `about` are handed over: they become the command and the note of it where they are, since copies of them would cost more than all the rest.
 * Neither may be used for anything else afterwards.
 */
export function send(run: Run, body: CommandBody, about: Omit<Asked, 'type'>): CommandId | undefined {
  if (!isUp(run, about.switchId)) return undefined;
  const commandId = nextId<CommandId>(run, 'm');
  const command = body as Writable<DriverCommand>;
  command.commandId = commandId;
  command.boundMs = run.s.config.timers.commandMs;
  const asked = about as Writable<Asked>;
  asked.type = body.type;
  run.s.asked.set(commandId, asked);
  run.out.push({ kind: 'driver', switchId: asked.switchId, command });
  return commandId;
}
