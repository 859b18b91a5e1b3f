import type { ModeView } from '../contract/views.js';
import type { Asking, Said } from './client/asking.js';
import { failure, type Run } from './run.js';

/** The present value of every switch of the configuration: what was set by hand, else what it begins with. */
export function modesNow(run: Run): Readonly<Record<string, string>> {
  run.ix.modes ??= Object.fromEntries(
    Object.entries(run.s.config.modes ?? {}).map(([name, { initial }]) => [
      name,
      Object.hasOwn(run.s.modes, name) ? (run.s.modes[name] ?? initial) : initial,
    ]),
  );
  return run.ix.modes;
}

/** The switches as a board shows them, in the order of the configuration. */
export function modeViews(run: Run): ModeView[] {
  const now = modesNow(run);
  return Object.entries(run.s.config.modes ?? {}).map(([mode, { values, initial }]) => ({
    mode,
    value: now[mode] ?? initial,
    values,
  }));
}

/** A supervisor sets a switch: it holds until it is set again. */
export function modeSet({ run, actor, command }: Asking<'mode.set'>): Said {
  const { mode, value } = command;
  if (actor.role !== 'supervisor' && actor.role !== 'admin')
    return failure('auth.forbidden', 'modes are set by supervisors');
  const modes = run.s.config.modes ?? {};
  const known = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (known === undefined) return failure('resource.notFound', 'no such mode');
  if (!known.values.includes(value)) return failure('argument.invalid', 'the mode has no such value');
  if (modesNow(run)[mode] === value && Object.hasOwn(run.s.modes, mode)) return 'done';
  run.s.modes = { ...run.s.modes, [mode]: value };
  run.ix.modes = undefined;
  run.links.push({ type: 'mode', mode: { mode, value, values: known.values } });
  return 'done';
}

/**
 * Another configuration is in force: what was set by hand holds as long as the switch still has that value. Boards are told of every switch that has
 * come or has changed.
 */
export function keepModes(run: Run, before: readonly ModeView[]): void {
  const modes = run.s.config.modes ?? {};
  const kept = Object.entries(run.s.modes).filter(
    ([mode, value]) => Object.hasOwn(modes, mode) && modes[mode]?.values.includes(value) === true,
  );
  run.s.modes = Object.fromEntries(kept);
  run.ix.modes = undefined;
  const told = new Map(before.map((view) => [view.mode, view]));
  for (const view of modeViews(run)) {
    const last = told.get(view.mode);
    const isSame = last?.value === view.value && last.values.join('\n') === view.values.join('\n');
    if (!isSame) run.links.push({ type: 'mode', mode: view });
  }
}
