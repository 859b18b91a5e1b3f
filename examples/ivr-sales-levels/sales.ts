import { type AnySpec, BACK, defineIvr, hangup, menu, play, queue } from '@cordboard/ivr-dsl';

/** How many menus lie below one another. */
export const DEPTH = 100;

const name = (level: number) => `level.${level}` as const;

/** What a menu says. */
function prompt(level: number) {
  const more = level < DEPTH ? 'For more of this kind, press 1. ' : '';
  return { file: `sales/level-${level}`, text: `Level ${level}. ${more}To order, press 2. To go back, press star.` };
}

/** The menu of a level: deeper (1), order from here (2), back to where the caller came from (*). */
function level(at: number) {
  return menu({
    say: name(at),
    keys: { ...(at < DEPTH ? { 1: name(at + 1) } : {}), 2: 'order', '*': BACK },
    tries: 2,
    noInput: 'order',
    noMatch: BACK,
  });
}

const levels = Array.from({ length: DEPTH }, (_, index) => index + 1);

/** Names that are computed are not known to the compiler one by one; the checker holds them against one another. */
const nodes: { readonly start: AnySpec } & Readonly<Record<string, AnySpec>> = {
  start: play({ say: 'welcome', bargeIn: true, next: name(1) }),
  ...Object.fromEntries(levels.map((at) => [name(at), level(at)])),
  order: queue('sales', { overflowAfter: '2m', overflow: 'bye' }),
  bye: hangup({ say: 'bye' }),
};

/** A sales line of a hundred menus below one another, made by a plain function. */
export const sales = defineIvr(
  {
    id: 'sales',
    languages: ['en'],
    prompts: {
      welcome: { en: { file: 'sales/welcome', text: 'Welcome to the sales line.' } },
      bye: { en: { file: 'sales/bye', text: 'Please call again later. Goodbye.' } },
      ...Object.fromEntries(levels.map((at) => [name(at), { en: prompt(at) }])),
    },
    queues: ['sales'],
    bounds: { depth: DEPTH },
  },
  nodes,
);
