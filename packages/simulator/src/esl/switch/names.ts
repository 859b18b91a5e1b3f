import type { BridgeId } from '@cordboard/cti-core';

/** A bridge's name on the virtual switch. */
export function bridgeIdOf(uuid: string): BridgeId {
  return `esl-${uuid}` as BridgeId;
}
