import type * as z from 'zod';
import { type CheckedConfig, configInput } from './input.js';
import { type Meant, meantBy, type NameKind } from './names.js';

/** What can be read of a configuration of which fields are wrong. */
export interface SoundParts {
  readonly checked: CheckedConfig;
  readonly meant: Meant;
}

type Path = readonly PropertyKey[];
type Plain = Readonly<Record<PropertyKey, unknown>>;

/** What is wrong may hide more of the same: so many times it is taken out and the rest is read again. */
const MAX_ROUNDS = 12;
const TABLES = ['agents', 'queues', 'calendars', 'groups', 'modes', 'lists', 'switches'] as const;
/** Stands where a driver is wrong. */
export const noDriver = (): undefined => undefined;

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null;

/**
 * Takes what is wrong out of a configuration, so that the rest of it can be checked further. The names of what was taken out are meant to
 * be there; places stay where they are.
 *
 * @returns `undefined` when nothing can be said of the rest
 */
export function soundParts(input: unknown, error: z.ZodError): SoundParts | undefined {
  if (!isPlain(input) || Array.isArray(input)) return undefined;
  const meant = meantIn(input, error);
  let sound: unknown = input;
  let { issues } = error;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const place of placesOf(issues, sound)) {
      doubt(meant, place, at(sound, place.path));
      sound = withRouteId(replaced(sound, place.path, standIn(place)), place.path);
    }
    const result = configInput.safeParse(sound);
    if (result.success) return { checked: result.data, meant };
    issues = result.error.issues;
  }
  return undefined;
}

/** Names that stand in the input, in whatever form. Where a table is missing and some field is unknown, that may be the table. */
function meantIn(input: Plain, error: z.ZodError): Meant {
  const meant = meantBy();
  const isMistyped = error.issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  const isUnsure = (kind: NameKind, isReadable: (value: unknown) => boolean): boolean =>
    input[kind] === undefined ? isMistyped : !isReadable(input[kind]);
  for (const kind of TABLES) {
    if (isUnsure(kind, (value) => isPlain(value) && !Array.isArray(value))) meant.unsure.add(kind);
    else for (const name of Object.keys(input[kind] ?? {})) meant.names[kind].add(name);
  }
  if (isUnsure('flows', isPlain)) meant.unsure.add('flows');
  if (isUnsure('notReadyReasons', Array.isArray)) meant.unsure.add('notReadyReasons');
  return meant;
}

/** What nobody can know the names of any more once this is taken out. */
function doubt({ unsure }: Meant, { path, of }: Place, value: unknown): void {
  const [table] = path;
  if (mayHoldFlow(path) || holdsFlow(value, 4)) unsure.add('flows');
  if (table === 'notReadyReasons') unsure.add(table);
  if (of === 'name') for (const kind of TABLES) if (kind === table) unsure.add(kind);
}

/** A route without an id is called by its number, unless what was taken out was to be its id. */
function withRouteId(value: unknown, [kind, name, field]: Path): unknown {
  if (kind !== 'routes' || name === undefined || field === undefined) return value;
  const id: Path = [kind, name, 'id'];
  return at(value, id) === undefined ? replaced(value, id, routeStandIn(name).id) : value;
}

/** Somewhere that something must be taken out; a name of the wrong form goes with all that stands under it. */
interface Place {
  readonly path: Path;
  readonly of: 'name' | 'value';
}

/** Last places first, none inside another one. */
function placesOf(issues: readonly z.core.$ZodIssue[], input: unknown): readonly Place[] {
  const places = new Map<string, Place>();
  for (const issue of issues) {
    const of = issue.code === 'invalid_key' ? 'name' : 'value';
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) {
      const place = { path: placeOf(path, input), of } as const;
      places.set(JSON.stringify(place.path), place);
    }
  }
  const all = [...places.values()];
  const isInside = (path: Path, other: Path): boolean =>
    other.length < path.length && other.every((part, index) => part === path[index]);
  return all.filter(({ path }) => !all.some((other) => isInside(path, other.path))).toReversed();
}

/** Fields of a route and switches are replaced as a whole; of what is needed and is not there, what needs it is taken out. */
function placeOf(path: Path, input: unknown): Path {
  if (path[0] === 'routes' && path.length > 2) return path.slice(0, 3);
  if (path[0] === 'switches') return path.slice(0, 2);
  const isThere = path.length < 2 || at(input, path) !== undefined;
  return isThere ? path : placeOf(path.slice(0, -1), input);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, part) => (isPlain(inside) ? inside[part] : undefined), value);
}

/** The value with something else at a place, or nothing; copied along the path alone, as flows are known by their identity. */
function replaced(value: unknown, [part, ...rest]: Path, by: unknown): unknown {
  if (part === undefined) return by;
  if (!isPlain(value)) return value;
  const inner = replaced(value[part], rest, by);
  if (Array.isArray(value)) {
    return value.flatMap((one: unknown, index) => (index !== part ? [one] : inner === undefined ? [] : [inner]));
  }
  // Keys keep their order: the first switch is the one that is meant where none is named.
  const copy: Record<PropertyKey, unknown> = { ...value, [part]: inner };
  if (inner === undefined) delete copy[part];
  return copy;
}

/** What makes no problem of its own, in the place of what is needed there. */
function standIn({ path: [kind, name, field], of }: Place): unknown {
  if (of === 'name') return undefined;
  if (kind === 'switches') return name === undefined ? { main: noDriver } : noDriver;
  if (kind !== 'routes' || name === undefined) return undefined;
  const route = routeStandIn(name);
  return field === undefined ? route : route[field as keyof typeof route];
}

const routeStandIn = (index: PropertyKey) => ({ id: `r-${String(index)}`, number: '*', to: 'hangup' }) as const;

/** A flow may stand as a graph in a target or as a survey, so in what has them. */
function mayHoldFlow([kind, , field]: Path): boolean {
  if (kind === 'routes') return field === undefined || field === 'to';
  return kind === 'queues' && (field === undefined || field === 'overflow' || field === 'survey');
}

function holdsFlow(value: unknown, levels: number): boolean {
  if (!isPlain(value) || levels === 0) return false;
  return 'nodes' in value || Object.values(value).some((inside) => holdsFlow(inside, levels - 1));
}
