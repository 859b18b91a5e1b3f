import { type IvrNode, planDial, type TenantConfig, type TransferGoal } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type Found, found, type IvrProblemCode } from './problems.js';

/** What a site has, as far as it is known: what is absent is not held against a flow. A tenant's configuration is one. */
export interface CheckSite
  extends Partial<Pick<TenantConfig, 'dialPlan' | 'groups' | 'modes' | 'lists' | 'calendars'>> {
  readonly agents?: readonly { readonly id: string }[];
  readonly queues?: readonly { readonly id: string; readonly record?: 'always' | 'never' }[];
  /** Functions of the host, `id@version`. */
  readonly functions?: readonly string[];
  /** Boxes for messages. */
  readonly boxes?: readonly string[];
  /** Origins that may be asked by `http`, such as `https://api.example.com`. */
  readonly services?: readonly string[];
  /** The site's own zone (IANA), for hours that name none. */
  readonly zone?: string;
}

/** Names in a node that the site does not have. */
export function siteNames({ map, options }: View): Found[] {
  const { site } = options;
  if (site === undefined) return [];
  return map.nodes.flatMap((node, at) => {
    const name = map.names[at] ?? '';
    return namesIn(node, site).map(({ code, field, about }) => found(code, { node: name, field }, about));
  });
}

interface Missing {
  readonly code: IvrProblemCode;
  readonly field: string;
  readonly about: string;
}

function namesIn(node: IvrNode, site: CheckSite): readonly Missing[] {
  switch (node.type) {
    case 'queue':
    case 'callback':
      return absent('queue.unknown', { field: 'queue', name: node.queue, among: site.queues?.map(({ id }) => id) });
    case 'orderDesk':
      return absent('group.unknown', { field: 'group', name: node.group, among: keysOf(site.groups) });
    case 'transfer':
      return goalIn(node.to, site);
    case 'mode': {
      const unknown = absent('mode.unknown', { field: 'mode', name: node.mode, among: keysOf(site.modes) });
      if (unknown.length > 0 || site.modes === undefined) return unknown;
      return Object.keys(node.ways).flatMap((value) =>
        absent('mode.unknown', { field: `ways.${value}`, name: value, among: site.modes?.[node.mode]?.values }),
      );
    }
    case 'list':
      return node.rules.flatMap(({ list }, index) =>
        absent('list.unknown', { field: `rules.${index}.list`, name: list, among: keysOf(site.lists) }),
      );
    case 'hours':
      return node.calendar === undefined
        ? []
        : absent('calendar.unknown', { field: 'calendar', name: node.calendar, among: keysOf(site.calendars) });
    case 'compute':
    case 'query':
      return absent('function.unknown', { field: 'function', name: node.function, among: site.functions });
    case 'record':
      return node.box === undefined ? [] : absent('box.unknown', { field: 'box', name: node.box, among: site.boxes });
    default:
      return [];
  }
}

function goalIn(to: TransferGoal, site: CheckSite): readonly Missing[] {
  switch (to.kind) {
    case 'group':
      return absent('group.unknown', { field: 'to.group', name: to.group, among: keysOf(site.groups) });
    case 'agent':
      return absent('transfer.unknown', { field: 'to.agent', name: to.agent, among: site.agents?.map(({ id }) => id) });
    case 'extension':
    case 'outside': {
      if (site.dialPlan === undefined) return [];
      const { kind } = planDial(to.number, site.dialPlan);
      const fits = to.kind === 'extension' ? kind === 'internal' : kind !== 'invalid';
      return fits ? [] : [{ code: 'transfer.unknown', field: 'to.number', about: '' }];
    }
    case 'variable':
      return [];
  }
}

function absent(
  code: IvrProblemCode,
  what: { readonly field: string; readonly name: string; readonly among: readonly string[] | undefined },
): readonly Missing[] {
  const { field, name, among } = what;
  return among === undefined || among.includes(name) ? [] : [{ code, field, about: name }];
}

function keysOf(record: Readonly<Record<string, unknown>> | undefined): readonly string[] | undefined {
  return record === undefined ? undefined : Object.keys(record);
}
