import type { Day, Step } from './day.js';

/** How far a shrink may go. */
export interface ShrinkOptions {
  /** Does this day still fail in the same way? */
  readonly fails: (day: Day) => boolean;
  /** Days that may be played; default 400. */
  readonly budget?: number;
}

/**
 * Makes a failing day smaller while it goes on failing: leaves out halves, quarters, ... single steps, then parts of the steps that are left.
 * What it returns fails.
 */
export function shrinkDay(day: Day, options: ShrinkOptions): Day {
  let left = options.budget ?? 400;
  let best = day;
  const holds = (steps: readonly Step[]): boolean => {
    if (left <= 0) return false;
    left--;
    const candidate = { ...best, steps };
    if (!options.fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let before = -1; before !== best.steps.length && left > 0; ) {
    before = best.steps.length;
    leaveOut(() => best.steps, holds);
  }
  for (let index = 0; index < best.steps.length; index++) simplify(index, () => best.steps, holds);
  leaveOut(() => best.steps, holds);
  return best;
}

function leaveOut(steps: () => readonly Step[], holds: (steps: readonly Step[]) => boolean): void {
  for (let size = Math.ceil(steps().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = steps().length - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const rest = [...steps().slice(0, start), ...steps().slice(Math.max(0, from + size))];
      if (rest.length < steps().length) holds(rest);
    }
  }
}

/** Tries plainer forms of one step. */
function simplify(index: number, steps: () => readonly Step[], holds: (steps: readonly Step[]) => boolean): void {
  for (;;) {
    const step = steps()[index];
    if (step === undefined) return;
    const plainer = plainerForms(step).find((form) => holds(steps().map((item, at) => (at === index ? form : item))));
    if (plainer === undefined) return;
  }
}

function plainerForms(step: Step): Step[] {
  if (step.do !== 'call' && step.do !== 'make' && step.do !== 'phoneMake') return [];
  const forms: Step[] = [];
  for (let at = step.service.length - 1; at >= 0; at--)
    forms.push({ ...step, service: step.service.filter((_, n) => n !== at) });
  if (step.do !== 'call') return forms;
  for (let at = step.presses.length - 1; at >= 0; at--)
    forms.push({ ...step, presses: step.presses.filter((_, n) => n !== at) });
  if (step.offers.length > 1)
    forms.push({ ...step, offers: step.offers.slice(0, -1) }, { ...step, offers: step.offers.slice(1) });
  return forms;
}
