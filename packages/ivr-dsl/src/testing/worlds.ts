import { type HoursRule, type IvrNode, minutesOf, normalise, ruleFits } from '@cordboard/cti-core';
import type { WorldOfScript } from './moves.js';
import type { TestWorld } from './test-world.js';

type Of<T extends IvrNode['type']> = Extract<IvrNode, { type: T }>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MAX_DATES = 60;
const MAX_MOMENTS = 20_000;

/** A moment, and which edge each node of hours takes then and five minutes later. */
interface Moment {
  readonly at: string;
  readonly ways: ReadonlyMap<Of<'hours'>, string>;
}

/** Finds worlds in which a node takes a wanted edge: times of day, numbers, lists and switches. */
export class Worlds {
  readonly #world: TestWorld;
  readonly #hours: readonly Of<'hours'>[];
  #moments: readonly Moment[] | undefined;

  constructor(world: TestWorld) {
    this.#world = world;
    this.#hours = [...world.graphs.values()].flatMap((graph) =>
      Object.values(graph.nodes).filter((node): node is Of<'hours'> => node.type === 'hours'),
    );
  }

  /** Moments that differ in what hours decide; the first is the one that the test begins with. */
  get moments(): readonly string[] {
    return this.#found().map(({ at }) => at);
  }

  /** Worlds like the given one in which the node may take the edge; none where nothing of the world decides it. */
  for(node: IvrNode, field: string, like: WorldOfScript): readonly WorldOfScript[] {
    switch (node.type) {
      case 'hours':
        return this.#atHours(node, field, like);
      case 'mode': {
        const value = field.startsWith('ways.') ? field.slice('ways.'.length) : '';
        return [{ ...like, modes: { ...this.#world.options.modes, ...like.modes, [node.mode]: value } }];
      }
      case 'list':
        return this.#onList(node, field, like);
      case 'area':
        return this.#ofArea(node, field, like);
      case 'callback':
        return field === 'refused' && node.variable === undefined
          ? [{ ...like, from: '' }]
          : [{ ...like, from: CALLER }];
      case 'fax':
        return field === 'failed' ? [{ ...like, fax: 'fails' }] : [{ ...like, from: CALLER }];
      default:
        return [];
    }
  }

  #atHours(node: Of<'hours'>, field: string, like: WorldOfScript): readonly WorldOfScript[] {
    const now = this.#momentOf(like.at ?? this.#world.options.at);
    const alike = (moment: Moment): number =>
      this.#hours.filter((other) => other !== node && moment.ways.get(other) === now?.ways.get(other)).length;
    return this.#found()
      .filter(({ ways }) => ways.get(node) === field)
      .map((moment) => ({ moment, score: alike(moment) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 2)
      .map(({ moment }) => ({ ...like, at: moment.at }));
  }

  #momentOf(at: string | undefined): Moment | undefined {
    return this.#found().find((moment) => moment.at === at) ?? this.#found()[0];
  }

  #onList(node: Of<'list'>, field: string, like: WorldOfScript): readonly WorldOfScript[] {
    const index = ruleIndex(field);
    const { lists } = this.#world.options;
    if (lists === undefined) {
      const names = new Set(node.rules.map(({ list }) => list));
      const wanted = index === undefined ? undefined : node.rules[index]?.list;
      const from = like.from ?? this.#world.options.from ?? CALLER;
      const made = [...names].map((name): [string, readonly string[]] => [name, name === wanted ? [from] : []]);
      return [{ ...like, from, lists: { ...like.lists, ...Object.fromEntries(made) } }];
    }
    if (index === undefined) return OTHERS.map((from) => ({ ...like, from }));
    const entries = lists[node.rules[index]?.list ?? ''] ?? [];
    return entries
      .slice(0, 3)
      .map((entry) => ({ ...like, from: entry.endsWith('*') ? longer(entry.slice(0, -1)) : entry }));
  }

  #ofArea(node: Of<'area'>, field: string, like: WorldOfScript): readonly WorldOfScript[] {
    const index = ruleIndex(field);
    const rule = index === undefined ? undefined : node.rules[index];
    if (rule === undefined) return OTHERS.map((from) => ({ ...like, from, area: {} }));
    const { province, city, carrier } = rule;
    const area = {
      ...(province === undefined ? {} : { province }),
      ...(city === undefined ? {} : { city }),
      ...(carrier === undefined ? {} : { carrier }),
    };
    const numbers = (rule.prefixes ?? [like.from ?? CALLER]).map((prefix) => this.#numberWith(prefix));
    return numbers.slice(0, 3).map((from) => ({ ...like, from, area }));
  }

  /** A number whose E.164 form begins so. */
  #numberWith(prefix: string): string {
    const pads = ['12345678', '1234567', '123456', '123456789', '1234', '3800138000', ''];
    const fits = (number: string): boolean =>
      normalise({ number, presentation: 'allowed' }, this.#world.dialPlan).e164?.startsWith(prefix) === true;
    return pads.map((pad) => prefix + pad).find(fits) ?? prefix;
  }

  #found(): readonly Moment[] {
    this.#moments ??= this.#findMoments();
    return this.#moments;
  }

  /** Times at the bounds and in the middle of every rule, on days of each kind; one for each set of decisions. */
  #findMoments(): readonly Moment[] {
    const { startWallMs } = this.#world;
    const found = new Map<string, Moment>();
    for (const wallMs of [startWallMs, ...this.#candidates()]) {
      const ways = new Map(this.#hours.map((node) => [node, this.#fieldAt(node, wallMs)]));
      const settled = this.#hours.every((node) => this.#fieldAt(node, wallMs + 5 * MINUTE_MS) === ways.get(node));
      if (!settled && wallMs !== startWallMs) continue;
      const key = [...ways.values()].join('|');
      if (!found.has(key)) found.set(key, { at: this.#localText(wallMs), ways });
    }
    return [...found.values()];
  }

  *#candidates(): Generator<number> {
    const rules = this.#hours.flatMap((node) => node.rules.map((rule) => ({ rule, zone: node.zone })));
    const minutes = new Set(rules.flatMap(({ rule }) => minutesIn(rule)).concat([1, 720]));
    const zones = new Set([undefined, ...this.#hours.map(({ zone }) => zone)]);
    let left = MAX_MOMENTS;
    for (const day of this.#days(rules.map(({ rule }) => rule))) {
      for (const minute of minutes) {
        for (const zone of zones) {
          left -= 1;
          if (left < 0) return;
          yield this.#world.wallOf(zone, day + minute * MINUTE_MS);
        }
      }
    }
  }

  /** Days as midnights in UTC: a week from the start, then those that rules and calendars name and the ones after. */
  #days(rules: readonly HoursRule[]): readonly number[] {
    const first =
      Math.floor(
        (this.#world.startWallMs + this.#world.offsetMin(undefined, this.#world.startWallMs) * MINUTE_MS) / DAY_MS,
      ) * DAY_MS;
    const week = Array.from({ length: 8 }, (_, index) => first + index * DAY_MS);
    const calendars = Object.values(this.#world.calendars).flatMap(({ holidays, workdays }) => [
      ...workdays,
      ...holidays,
    ]);
    const named = [...rules.flatMap(({ dates }) => dates ?? []), ...calendars]
      .flatMap((range) => range.split('/'))
      .map((date) => Date.parse(`${date}T00:00Z`))
      .filter((day) => !Number.isNaN(day));
    // Half a year on, clocks that are set twice a year stand differently.
    const months = Array.from({ length: 7 }, (_, index) => first + (182 + index) * DAY_MS);
    const dates = [...new Set(named)].slice(0, MAX_DATES).flatMap((day) => [day, day + DAY_MS, day - DAY_MS]);
    return [...new Set([...week, ...dates, ...months])];
  }

  #fieldAt(node: Of<'hours'>, wallMs: number): string {
    const calendars = this.#world.calendars;
    const days =
      node.calendar !== undefined && Object.hasOwn(calendars, node.calendar) ? calendars[node.calendar] : undefined;
    const moment = { wallMs, offsetMin: this.#world.offsetMin(node.zone, wallMs) };
    const index = node.rules.findIndex((rule) => ruleFits(rule, days, moment));
    return index < 0 ? 'otherwise' : `rules.${index}.goTo`;
  }

  #localText(wallMs: number): string {
    const local = wallMs + this.#world.offsetMin(undefined, wallMs) * MINUTE_MS;
    return new Date(local).toISOString().slice(0, 16);
  }
}

const CALLER = '13900000000';
/** Callers of whom no list and no area is likely to know. */
const OTHERS = [CALLER, '18612345678', '+12025550123', ''];

function ruleIndex(field: string): number | undefined {
  const found = /^rules\.(\d+)\.goTo$/.exec(field)?.[1];
  return found === undefined ? undefined : Number(found);
}

function longer(beginning: string): string {
  return beginning + '00000000000'.slice(0, Math.max(1, 11 - beginning.replace('+', '').length));
}

/** Minutes of the day at which a rule begins to fit, fits in the middle and does not fit any more. */
function minutesIn(rule: HoursRule): readonly number[] {
  const from = minutesOf(rule.from ?? '00:00') ?? 0;
  const to = minutesOf(rule.to ?? '24:00') ?? 1440;
  const length = to > from ? to - from : to - from + 1440;
  return [from, from + Math.floor(length / 2), from + Math.max(0, length - 6), to].map((minute) => minute % 1440);
}
