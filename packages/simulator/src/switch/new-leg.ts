import type { RandomStream } from '../random.js';
import { none } from './lists.js';
import type { Leg, VirtualParty } from './model.js';

/** What a new connection is told of itself. */
export type LegSpec = Pick<
  Leg,
  'connectionId' | 'device' | 'direction' | 'control' | 'calling' | 'called' | 'nativeCallRef'
> & { readonly hidden?: Leg['hidden'] | undefined };

/** A connection that begins now. Written out, with every field that all of them get: a spread costs more than all else that is done to make one. */
export function newLeg(
  of: { readonly party: VirtualParty; readonly random: RandomStream; readonly nowMs: number },
  spec: LegSpec,
): Leg {
  const leg: { -readonly [K in keyof Leg]: Leg[K] } = {
    party: of.party,
    random: of.random,
    connectionId: spec.connectionId,
    device: spec.device,
    direction: spec.direction,
    control: spec.control,
    calling: spec.calling,
    called: spec.called,
    startedMs: of.nowMs,
    state: 'initiated',
    callId: undefined,
    bridge: undefined,
    music: undefined,
    playbacks: [],
    recordings: none(),
    watchers: none(),
    peer: undefined,
    ringTimer: undefined,
    tellFromMs: 0,
    doFromMs: 0,
    release: undefined,
  };
  if (spec.nativeCallRef !== undefined) leg.nativeCallRef = spec.nativeCallRef;
  if (spec.hidden !== undefined) leg.hidden = spec.hidden;
  return leg;
}
