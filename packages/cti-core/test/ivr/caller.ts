import {
  asId,
  type DialPlan,
  type IvrAction,
  type IvrGraph,
  type IvrInput,
  type IvrSessionState,
  type MediaRef,
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
  world: IvrWorld;
  readonly #graphs: readonly IvrGraph[];
  constructor(graphs: IvrGraph | readonly IvrGraph[], more: Partial<IvrWorld> = {}) {
    const all = Array.isArray(graphs) ? (graphs as readonly IvrGraph[]) : [graphs as IvrGraph];
    this.#graphs = all;
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
  /** The world outside answers with a way and values, or fails. */
  isAnswered(way: string | undefined, values: Readonly<Record<string, string>> = {}): this {
    const { turn } = this.state;
    const answer =
      way === undefined ? ({ outcome: 'failed' } as const) : ({ outcome: 'answered', way, values } as const);
    return this.gets({ type: 'answer', turn, answer });
  }
  /** The recording is over. */
  isRecorded(durationMs: number, outcome: 'done' | 'failed' = 'done'): this {
    const { turn } = this.state;
    return this.gets({ type: 'recorded', turn, outcome, recordingId: asId(`r${turn}`), durationMs });
  }
  /** The same flow from its start, called from another number. */
  as(callerNumber: string): Caller {
    return new Caller(this.#graphs, { ...this.world, context: { ...this.world.context, callerNumber } });
  }
  /** The same session in a world that differs. */
  in(more: Partial<IvrWorld>): this {
    this.world = { ...this.world, ...more };
    return this;
  }
  /** So much time passes before the next input. */
  later(ms: number): this {
    const { context } = this.world;
    return this.in({ context: { ...context, atMs: context.atMs + ms, wallMs: context.wallMs + ms } });
  }
  /** The question that was put last. */
  get asked(): Extract<IvrAction, { type: 'ask' }> | undefined {
    return this.actions.find((action) => action.type === 'ask');
  }
  /** The actions of the last step in short: `play zh/menu`, `timer 5000`, `end hangup`. */
  get did(): readonly string[] {
    return this.actions.map(brief);
  }
}

function heard(media: MediaRef): string {
  switch (media.kind) {
    case 'prompt':
      return media.prompt;
    case 'tone':
      return media.tone;
    case 'recording':
      return media.recordingId;
    case 'speech':
      return `"${media.text}"`;
    default:
      return media.kind;
  }
}

function brief(action: IvrAction): string {
  switch (action.type) {
    case 'play':
      return `play ${action.media.map(heard).join('+')}`;
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
      return `transfer ${action.to.kind} ${Object.values(action.to)[1]}${action.untilMs === undefined ? '' : ` ${action.untilMs}`}`;
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
