import type { Finding } from './finding.js';

/** One line of a dialplan as `ShowDialPlan` lists it. */
export interface DialplanStep {
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
  readonly application: string;
  readonly data: string;
}

/** Applications that bring the caller to somebody, or somewhere that does. */
const REACHES = new Set(['dial', 'queue', 'voicemail', 'directory', 'playback', 'background', 'record', 'read']);
/** Applications that go on elsewhere in the dialplan. */
const GOES_ON = new Set(['goto', 'gotoif', 'gotoiftime', 'gosub', 'gosubif', 'macro', 'return', 'execif']);

/** The words of one extension, in order. */
interface Extension {
  readonly place: string;
  readonly steps: readonly DialplanStep[];
}

function extensionsOf(steps: readonly DialplanStep[]): Extension[] {
  const found = new Map<string, DialplanStep[]>();
  for (const step of steps) {
    const place = `${step.extension}@${step.context}`;
    found.set(place, [...(found.get(place) ?? []), step]);
  }
  return [...found].map(([place, own]) => ({ place, steps: own.toSorted((a, b) => a.priority - b.priority) }));
}

const isEntry = (step: DialplanStep, app: string): boolean =>
  step.application.toLowerCase() === 'stasis' && (step.data.split(',')[0] ?? '').trim() === app;

function givenBack(cutting: readonly string[], app: string): Finding[] {
  if (cutting.length === 0) return [];
  return [
    {
      id: 'dialplan.givenBack',
      level: 'warning',
      text: `calls that the server gives back while it stops are hung up at ${cutting.slice(0, 5).join(', ')}`,
      fix: `behind Stasis(${app}) go to the fallback whatever STASISSTATUS is: same => n,Goto(fallback,s,1)`,
    },
  ];
}

/** Does anything behind the entry lead to somebody? `Stasis` of an application that is not there falls through to it. */
function fallsBack({ steps }: Extension, app: string): boolean {
  const entry = steps.findIndex((step) => isEntry(step, app));
  return steps.slice(entry + 1).some(({ application }) => {
    const word = application.toLowerCase();
    return REACHES.has(word) || GOES_ON.has(word);
  });
}

/** Does a call that the server gives back (`STASISSTATUS` is `SUCCESS` then) meet a hang-up before anything that leads on? */
function cutsGivenBack({ steps }: Extension, app: string): boolean {
  const entry = steps.findIndex((step) => isEntry(step, app));
  for (const { application, data } of steps.slice(entry + 1)) {
    const word = application.toLowerCase();
    if (word === 'hangup') return true;
    // A jump that asks for the status is not taken then; any other may be.
    if (REACHES.has(word) || (GOES_ON.has(word) && !/STASISSTATUS[^?]*FAILED/u.test(data))) return false;
  }
  return true;
}

/**
 * Judges a dialplan: do calls get to the application, and does each place where they do lead on when the application is not there?
 */
export function judgeDialplan(steps: readonly DialplanStep[], app: string): Finding[] {
  const entries = extensionsOf(steps).filter(({ steps: own }) => own.some((step) => isEntry(step, app)));
  if (entries.length === 0) {
    return [
      {
        id: 'dialplan.entry',
        level: 'failed',
        text: `no extension hands its calls to Stasis(${app})`,
        fix: `add: exten => _X.,1,Stasis(${app},trunk) to the context of your trunk, and see docs/asterisk.md`,
      },
    ];
  }
  const lacking = entries.filter((entry) => !fallsBack(entry, app)).map(({ place }) => place);
  const found: Finding = {
    id: 'dialplan.entry',
    level: 'ok',
    text: `${entries.length} extensions hand calls to Stasis(${app})`,
  };
  if (lacking.length === 0) {
    const cutting = entries.filter((entry) => cutsGivenBack(entry, app)).map(({ place }) => place);
    return [
      found,
      ...givenBack(cutting, app),
      { id: 'dialplan.fallback', level: 'ok', text: 'each of them leads on when Cordboard is not there' },
    ];
  }
  return [
    found,
    {
      id: 'dialplan.fallback',
      level: 'failed',
      text: `without Cordboard calls to ${lacking.slice(0, 5).join(', ')} reach nobody`,
      fix: `behind Stasis(${app}) add: same => n,Goto(fallback,s,1) and a context that rings a phone`,
    },
  ];
}
