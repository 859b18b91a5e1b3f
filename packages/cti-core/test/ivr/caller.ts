import {
  asId,
  type DialPlan,
  type IvrAction,
  type IvrGraph,
  type IvrInput,
  type IvrSessionState,
} from '../../src/contract/index.js';
import { createIvrSession, type IvrWorld, stepIvr } from '../../src/ivr/index.js';

export const plan: DialPlan = {
  countryCode: '86',
  areaCode: '10',
  internal: [{ from: '8000', to: '8099' }],
  ownNumbers: [],
  emergency: [],
};

export type Nodes = IvrGraph['nodes'];

/** A graph with one prompt file per key that the nodes could use. */
export function graphOf(nodes: Nodes, more: Partial<IvrGraph> = {}): IvrGraph {
  const keys = ['hello', 'menu', 'again', 'wrong', 'bye', 'card', 'sorry'];
  return {
    format: 'cordboard-ivr/1',
    id: asId('main'),
    version: 'v1',
    languages: ['zh', 'en'],
    start: 'start',
    nodes,
    prompts: Object.fromEntries(keys.map((key) => [key, { zh: `zh/${key}`, en: `en/${key}` }])),
    ...more,
  };
}

export const prompt = (key: string) => [{ kind: 'prompt', prompt: key }] as const;

/** One session and what it asked for, step by step. */
export class Caller {
  state: IvrSessionState;
  actions: readonly IvrAction[] = [];
  readonly world: IvrWorld;
  constructor(graphs: IvrGraph | readonly IvrGraph[], more: Partial<IvrWorld> = {}) {
    const all = Array.isArray(graphs) ? (graphs as readonly IvrGraph[]) : [graphs as IvrGraph];
    this.world = {
      context: {
        atMs: 0,
        wallMs: Date.UTC(2026, 2, 2, 2),
        offsetMin: 480,
        callerNumber: '13912345678',
        dialledNumber: '8100',
        session: 's1',
      },
      graph: (flow, version) => all.find((graph) => graph.id === flow && (version ?? graph.version) === graph.version),
      calendars: {},
      dialPlan: plan,
      ...more,
    };
    const [first] = all;
    if (first === undefined) throw new TypeError('no graph');
    this.state = createIvrSession(first, this.world.context);
    this.gets({ type: 'start' });
  }
  gets(input: IvrInput): this {
    const step = stepIvr(this.state, input, this.world);
    this.state = step.state;
    this.actions = step.actions;
    return this;
  }
  presses(keys: string): this {
    for (const digit of keys) this.gets({ type: 'digit', digit });
    return this;
  }
  hearsOut(outcome: 'done' | 'stopped' | 'failed' = 'done'): this {
    return this.gets({ type: 'playbackFinished', turn: this.state.turn, outcome });
  }
  waitsOut(): this {
    return this.gets({ type: 'timer', turn: this.state.turn });
  }
  /** The actions of the last step in short: `play zh/menu`, `timer 5000`, `end hangup`. */
  get did(): readonly string[] {
    return this.actions.map(brief);
  }
}

function brief(action: IvrAction): string {
  switch (action.type) {
    case 'play':
      return `play ${action.media.map((media) => ('prompt' in media ? media.prompt : media.kind)).join('+')}`;
    case 'setTimer':
      return `timer ${action.inMs}`;
    case 'cancelTimer':
    case 'stopPlay':
    case 'stopRecord':
      return action.type;
    case 'collectDigits':
      return `collect ${action.mode}`;
    case 'enqueue':
      return `enqueue ${action.queue}`;
    case 'transfer':
      return `transfer ${action.to.kind} ${Object.values(action.to)[1]}`;
    case 'ask':
      return `ask ${action.question.type} ${action.timeoutMs}x${action.tries}`;
    case 'record':
      return `record ${action.minMs}-${action.maxMs}${action.box === undefined ? '' : ` ${action.box}`}`;
    case 'keep':
      return `keep ${JSON.stringify(action.what)}`;
    case 'setData':
      return `data ${JSON.stringify(action.data)}`;
    case 'visited':
      return `at ${action.node}`;
    case 'end':
      return `end ${action.reason}${action.result === undefined ? '' : ` ${action.result}`}`;
  }
}
