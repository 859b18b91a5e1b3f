import type { Move, Script } from './moves.js';

const MAX_RUNS = 3000;

/** The shortest script that still fails: moves are left out, many at a time and then one by one, and the world is made plain where that changes nothing. */
export function shrink(script: Script, fails: (script: Script) => boolean): Script {
  let runs = 0;
  const still = (candidate: Script): boolean => {
    runs += 1;
    return runs <= MAX_RUNS && fails(candidate);
  };
  let best = script;
  for (let before = -1; best.moves.length !== before; ) {
    before = best.moves.length;
    for (let size = Math.max(1, best.moves.length >> 1); size >= 1; size >>= 1) best = without(best, size, still);
  }
  for (const field of Object.keys(best.world)) {
    const world = Object.fromEntries(Object.entries(best.world).filter(([name]) => name !== field));
    if (still({ ...best, world })) best = { ...best, world };
  }
  best = { ...best, moves: best.moves.map((move) => move) };
  for (const [index, move] of best.moves.entries()) {
    for (const plainer of plainerThan(move)) {
      const candidate = { ...best, moves: best.moves.with(index, plainer) };
      if (!still(candidate)) continue;
      best = candidate;
      break;
    }
  }
  return best;
}

function without(script: Script, size: number, still: (script: Script) => boolean): Script {
  let best = script;
  for (let at = 0; at < best.moves.length; ) {
    const candidate = { ...best, moves: best.moves.toSpliced(at, size) };
    if (still(candidate)) best = candidate;
    else at += size;
  }
  return best;
}

function plainerThan(move: Move): readonly Move[] {
  if (move.move === 'presses' && move.keys.length > 1) return [{ move: 'presses', keys: move.keys.slice(0, 1) }];
  if (move.move === 'waits' && move.ms > 1000) return [{ move: 'waits', ms: 1000 }];
  return [];
}
