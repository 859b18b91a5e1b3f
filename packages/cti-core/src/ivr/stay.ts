import type { IvrBounds, IvrInput, IvrSessionState } from '../contract/index.js';
import { bounded, type Run } from './run.js';

/** The stay of a caller in a flow that begins now. */
export function stayOf(bounds: IvrBounds | undefined): IvrSessionState['stay'] {
  const endMs = promised(bounds);
  return endMs === undefined ? undefined : { spentMs: 0, endMs };
}

/** The bound of the flow that one is in now: that of the flow which called it, or its own where that is over before. */
export function stayIn(
  run: Run,
  flow: { readonly endMs: number | undefined; readonly bounds?: IvrBounds | undefined },
): void {
  const { state } = run;
  const spentMs = state.stay?.spentMs ?? 0;
  const own = promised(flow.bounds);
  const ends = [...(flow.endMs === undefined ? [] : [flow.endMs]), ...(own === undefined ? [] : [spentMs + own])];
  state.stay = ends.length === 0 ? undefined : { spentMs, endMs: Math.min(...ends) };
}

/**
 * Counts the time since the input before, unless somebody was waited for or the server was away.
 * @returns `over` when the flow has lasted longer than it may
 */
export function passTime(run: Run, input: IvrInput): 'over' | 'within' {
  const { stay, burst, phase } = run.state;
  if (stay === undefined) return 'within';
  const isPaused = phase === 'queued' || phase === 'transferring' || input.type === 'reenter';
  const passed = isPaused || burst === undefined ? 0 : Math.max(0, run.world.context.atMs - burst.atMs);
  const spentMs = stay.spentMs + passed;
  if (passed > 0) run.state.stay = { spentMs, endMs: stay.endMs };
  return spentMs >= stay.endMs ? 'over' : 'within';
}

function promised(bounds: IvrBounds | undefined): number | undefined {
  if (bounds?.maxMs === undefined) return undefined;
  return bounded(bounds.maxMs, { min: 1000, max: 86_400_000, otherwise: 86_400_000 });
}
