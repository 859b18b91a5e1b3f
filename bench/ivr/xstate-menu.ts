import { type AnyMachineSnapshot, assign, createActor, initialTransition, setup, transition } from 'xstate';

/** As many nodes as the flow beside it, each with the same ways out: the key `1`, two rounds of a wrong key, silence. */
const NODES = ['a', 'b', 'c'] as const;
const NO_INPUT_MS = 5000;

const base = setup({
  types: { context: {} as { tries: number }, events: {} as { type: 'digit' | 'digit.1' | 'digit.2' } },
  actions: {
    play: () => undefined,
    stopPlay: () => undefined,
    first: assign({ tries: 0 }),
    again: assign({ tries: 1 }),
  },
  guards: { hasTries: ({ context }) => context.tries < 2 },
});
const stateOf = (name: string, next: string) =>
  base.createStateConfig({
    id: name,
    entry: ['play', 'first'],
    exit: 'stopPlay',
    on: {
      'digit.1': { target: `#${next}` },
      'digit.2': { target: '#a' },
      digit: { guard: 'hasTries', target: '#a', actions: 'again' },
    },
    after: { [NO_INPUT_MS]: { target: `#${name}`, reenter: true } },
  });
/** The three-node menu as an XState 5 machine: says something when a node is entered, stops it when a key comes, waits for silence. */
export const menuMachine = base.createMachine({
  id: 'front',
  context: { tries: 0 },
  initial: 'a',
  states: { a: stateOf('a', 'b'), b: stateOf('b', 'c'), c: stateOf('c', 'a') },
});

const press = { type: 'digit.1' } as const;

/** XState's pure function: state and event in, state and actions out. @returns the name of the node at the end */
export function pureTransitions(count: number): string {
  let [state] = initialTransition(menuMachine);
  let actions = 0;
  for (let n = 0; n < count; n += 1) {
    const [next, asked] = transition(menuMachine, state, press);
    state = next;
    actions += asked.length;
  }
  if (actions === 0) throw new Error('nothing was asked for');
  return nameOf(state);
}

/** XState's actor: keeps its state in place and carries its actions out. Timers go to a clock that does nothing. */
export function actorTransitions(count: number): string {
  const clock = { setTimeout: () => 0, clearTimeout: () => undefined };
  const actor = createActor(menuMachine, { clock }).start();
  for (let n = 0; n < count; n += 1) actor.send(press);
  const name = nameOf(actor.getSnapshot());
  actor.stop();
  return name;
}

/** Where so many keys lead. */
export const nodeAfter = (count: number): string => NODES[count % NODES.length] ?? '';

function nameOf(snapshot: AnyMachineSnapshot): string {
  return String(snapshot.value);
}
