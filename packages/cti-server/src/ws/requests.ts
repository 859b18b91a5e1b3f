import { type ClientCommand, type ClientRequest, CtiError, type EngineInputBody } from '@cordboard/cti-core';
import type { References } from '../streams/references.js';

/** Makes the engine's input of a request: references in the place of numbers are turned back. */
export function commandInput(request: ClientRequest, references: References): EngineInputBody | CtiError {
  const command = withNumber(request.command, references);
  return command instanceof CtiError ? command : { kind: 'client', ...request, command };
}

function withNumber(command: ClientCommand, references: References): ClientCommand | CtiError {
  if (!('to' in command) || !command.to.startsWith('ref:')) return command;
  const number = references.resolve(command.to);
  if (number === undefined) {
    return new CtiError('argument.number', 'the reference stands for no number here', {
      details: { path: 'command.to' },
    });
  }
  return { ...command, to: number };
}
