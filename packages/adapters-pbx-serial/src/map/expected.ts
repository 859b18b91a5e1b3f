import type { CallId, ConnectionId } from '@cordboard/cti-core';
import type { CallKey } from './connections.js';

/** A connection that a service is to bring, whose id was chosen before. */
export interface Expected {
  readonly ext: string;
  readonly connectionId: ConnectionId;
  readonly callId: CallId;
  /** In which call, where the PBX has said it. */
  readonly call?: CallKey | undefined;
}

/** Which connections services are to bring: at most one at an extension. */
export class ExpectedConnections {
  readonly #byExt = new Map<string, Expected>();

  /** The service has begun. @returns what was expected there before, and did not come */
  add(expected: Expected): Expected | undefined {
    const before = this.#byExt.get(expected.ext);
    this.#byExt.set(expected.ext, expected);
    return before;
  }

  /** By the id that was chosen. */
  find(id: ConnectionId): Expected | undefined {
    for (const each of this.#byExt.values()) if (each.connectionId === id) return each;
    return undefined;
  }

  /** What is expected of a connection that has come at an extension, which is met by it. */
  take(ext: string, call?: CallKey): Expected | undefined {
    const expected = this.#byExt.get(ext);
    if (expected === undefined) return undefined;
    if (call !== undefined && expected.call !== undefined && expected.call !== call) return undefined;
    this.#byExt.delete(ext);
    return expected;
  }

  /** Nothing of it comes any more. */
  clear(): void {
    this.#byExt.clear();
  }
}
