import type { Finding } from './finding.js';

/** One step of an extension of the XML dialplan. */
interface Step {
  readonly application: string;
  readonly data: string;
}

/** One extension, as it stands in a context. */
interface Extension {
  readonly name: string;
  /** What its conditions look at, in one text. */
  readonly asks: string;
  readonly steps: readonly Step[];
  /** Steps that are taken when a condition does not hold. */
  readonly otherwise: readonly Step[];
}

/** A context of the dialplan: its text, or nothing when the switch does not tell it. */
export interface ContextText {
  readonly name: string;
  readonly xml: string | undefined;
}

/** What the driver needs the dialplan to have. */
export interface DialplanNeeds {
  readonly context: string;
  readonly fallback: string;
  readonly transferContext: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What stands in a tag: a `>` between quotes does not end it. */
const INSIDE = `(?:[^>"']|"[^"]*"|'[^']*')*`;

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'u').exec(tag);
  return (found?.[1] ?? found?.[2] ?? '').replaceAll(
    /&(amp|lt|gt|quot|apos);/gu,
    (_all, word: string) => ENTITIES[word] ?? '',
  );
}

function stepsOf(xml: string, tag: 'action' | 'anti-action'): Step[] {
  return [...xml.matchAll(new RegExp(`<${tag}\\s${INSIDE}>`, 'gu'))].map(([text]) => ({
    application: attribute(text, 'application'),
    data: attribute(text, 'data'),
  }));
}

/** Takes the extensions of a context apart. Comments are left out; what is no extension is passed over. */
export function extensionsOf(xml: string): readonly Extension[] {
  const plain = xml.replaceAll(/<!--[\s\S]*?-->/gu, '');
  return [...plain.matchAll(/<extension\b([^>]*)>([\s\S]*?)<\/extension>/gu)].map(([, head = '', body = '']) => ({
    name: attribute(`<extension${head}>`, 'name'),
    asks: [...body.matchAll(new RegExp(`<condition\\b${INSIDE}>`, 'gu'))]
      .map(([tag]) => `${attribute(tag, 'field')} ${attribute(tag, 'expression')}`)
      .join('\n'),
    steps: stepsOf(body, 'action'),
    otherwise: stepsOf(body, 'anti-action'),
  }));
}

const isEntry = ({ steps }: Extension): boolean =>
  steps.some(({ application, data }) => application === 'set' && /^cordboard=(trunk(:|$)|phone$)/u.test(data)) &&
  steps.some(({ application }) => application === 'park');

const isRescued = ({ steps }: Extension): boolean => steps.some(({ application }) => application === 'sched_transfer');

/** Is the number of the extension one that its conditions take? */
function takes({ asks }: Extension, number: string): boolean {
  return asks.split('\n').some((line) => {
    const [field = '', expression = ''] = line.split(' ');
    if (field !== 'destination_number') return false;
    try {
      return new RegExp(expression, 'u').test(number);
    } catch {
      return false;
    }
  });
}

/**
 * Judges the dialplan: are calls parked for the server, do they go elsewhere when it is not there, does the place exist that they go to, and is what a phone
 * transfers kept?
 */
export function judgeFreeswitchDialplan(contexts: readonly ContextText[], needs: DialplanNeeds): Finding[] {
  const known = contexts.filter((context): context is ContextText & { xml: string } => context.xml !== undefined);
  if (known.length === 0) {
    const fix = 'look yourself, see docs/freeswitch.md: is there an entry, and a fallback?';
    return [{ id: 'dialplan.entry', level: 'unknown', text: 'the switch does not tell its dialplan', fix }];
  }
  const all = known.map(({ name, xml }) => ({ name, extensions: extensionsOf(xml) }));
  const entries = all.flatMap(({ extensions }) => extensions.filter(isEntry));
  const findings: Finding[] = [];
  if (entries.length === 0) {
    findings.push({
      id: 'dialplan.entry',
      level: 'failed',
      text: 'no extension marks its calls (set cordboard=trunk:NAME) and parks them',
      fix: 'add the entry of docs/freeswitch.md to the context of your trunk',
    });
  } else {
    findings.push({ id: 'dialplan.entry', level: 'ok', text: `${entries.length} extensions park calls for Cordboard` });
    const blind = entries.filter(({ asks }) => !asks.includes('cordboard_until')).map(({ name }) => name);
    findings.push(
      blind.length === 0
        ? { id: 'dialplan.lease', level: 'ok', text: 'each of them asks whether Cordboard is there' }
        : {
            id: 'dialplan.lease',
            level: 'failed',
            text: `without Cordboard calls to ${blind.slice(0, 5).join(', ')} are parked and reach nobody`,
            fix: 'let the entry ask for cordboard_until, as in docs/freeswitch.md',
          },
    );
    const lost = entries.filter((entry) => !isRescued(entry)).map(({ name }) => name);
    if (lost.length > 0) {
      findings.push({
        id: 'dialplan.rescue',
        level: 'warning',
        text: `a call that is parked in the moment the server dies waits for its return (${lost.slice(0, 5).join(', ')})`,
        fix: 'add sched_transfer before park, as in docs/freeswitch.md',
      });
    }
  }
  const own = all.find(({ name }) => name === needs.context)?.extensions ?? [];
  const reached = own.some((extension) => takes(extension, needs.fallback) && !isEntry(extension));
  findings.push(
    reached
      ? { id: 'dialplan.fallback', level: 'ok', text: `there is an extension ${needs.fallback}` }
      : {
          id: 'dialplan.fallback',
          level: 'failed',
          text: `there is no extension ${needs.fallback}: calls that are given back reach nobody`,
          fix: 'add one that rings a phone, as in docs/freeswitch.md',
        },
  );
  const transfers = all.find(({ name }) => name === needs.transferContext);
  const parks = transfers?.extensions.some(({ steps }) => steps.some(({ application }) => application === 'park'));
  findings.push(
    parks === true
      ? { id: 'dialplan.transfer', level: 'ok', text: `what a phone transfers is kept in ${needs.transferContext}` }
      : {
          id: 'dialplan.transfer',
          level: 'failed',
          text: `there is no context ${needs.transferContext} that parks: what a phone transfers is lost`,
          fix: 'add the context of docs/freeswitch.md',
        },
  );
  return findings;
}
