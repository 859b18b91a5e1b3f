import { CtiError, type IvrNode, type TenantConfig } from '@cordboard/cti-core';
import { allProblems } from '@cordboard/cti-protocol';
import { type AllowedService, permit } from './allow-list.js';
import { secretsIn } from './secrets.js';

/** What a server has for its flows. */
export interface FlowServices {
  readonly functions: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly allow: readonly AllowedService[];
}

interface Need {
  readonly path: string;
  readonly kind: 'functions' | 'ivr.secrets' | 'ivr.http.allow';
  readonly name: string;
}

/**
 * Refuses a configuration whose flows ask for what this server does not have.
 *
 * @throws {CtiError} `config.unresolved` with `path` (where the flow asks), `name` and `expectedIn` (where it would have to stand); with several, `all` of them
 */
export function resolveNeeds(config: TenantConfig, services: FlowServices): void {
  const problems = config.flows.flatMap((flow) =>
    Object.entries(flow.nodes)
      .flatMap(([id, node]) => needsOf(node, `flows.${flow.id}.nodes.${id}`))
      .filter((need) => !isMet(need, services))
      .map(unmet),
  );
  if (problems.length > 0) throw allProblems(problems);
}

function needsOf(node: IvrNode, path: string): readonly Need[] {
  if (node.type === 'compute' || node.type === 'query') {
    return [{ path: `${path}.function`, kind: 'functions', name: node.function }];
  }
  if (node.type !== 'http') return [];
  const secrets = Object.entries(node.headers ?? {}).flatMap(([header, text]) =>
    secretsIn(text).map((name): Need => ({ path: `${path}.headers.${header}`, kind: 'ivr.secrets', name })),
  );
  const origin = originOf(node.url);
  return origin === undefined ? secrets : [...secrets, { path: `${path}.url`, kind: 'ivr.http.allow', name: origin }];
}

/** The service that a URL names, where no variable stands in that part of it. */
function originOf(url: string): string | undefined {
  const [, beginning = ''] = /^([^/]*\/\/[^/?#]*)/u.exec(url) ?? [];
  if (beginning.includes('{') || !URL.canParse(beginning)) return undefined;
  return new URL(beginning).origin;
}

function isMet({ kind, name }: Need, services: FlowServices): boolean {
  if (kind === 'functions') return services.functions.has(name);
  if (kind === 'ivr.secrets') return services.secrets.has(name);
  return permit(name, services.allow) !== undefined;
}

function unmet({ path, kind, name }: Need): CtiError {
  return new CtiError(
    'config.unresolved',
    `${path} names ${JSON.stringify(name)}, which is not in ${kind}: add it there`,
    {
      details: { path, name, expectedIn: kind },
    },
  );
}
