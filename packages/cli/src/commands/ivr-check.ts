import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { CtiError, type IvrGraph, isCtiError, type RouteTarget, type TenantConfig } from '@cordboard/cti-core';
import { readServerConfig } from '@cordboard/cti-server';
import { type CheckOptions, checkIvr, fromJson, type IvrProblem } from '@cordboard/ivr-dsl';
import { loadConfig } from '../config/load-config.js';
import { loadFlows } from '../flows/load-flows.js';
import { type CommandContext, describeError, type ExitCode, withFile } from './context.js';

/** Options of `cordboard ivr check`. */
export interface CheckCommand {
  /** A flow's JSON, or a module that exports flows. Absent: all flows of the configuration. */
  readonly file?: string;
  /** A configuration whose queues, lists, functions and the like the flows of a file are held against. */
  readonly config?: string;
  readonly json?: 'json';
}

interface Flows {
  readonly flows: readonly IvrGraph[];
  readonly options: CheckOptions;
}

/** Findings of one flow. */
interface Report {
  readonly flow: string;
  readonly problems: readonly IvrProblem[];
}

/** Checks flows and tells what is wrong with them: 0 nothing, 1 something, 2 they could not be read. */
export async function checkFlows(command: CheckCommand, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  let reports: readonly Report[];
  try {
    const { flows, options } = await gather(command, context);
    reports = flows.map((graph) => ({ flow: String(graph.id), problems: checkIvr(graph, options) }));
  } catch (error) {
    // Whatever stops flows from being read is told apart from findings.
    if (!isCtiError(error)) throw error;
    if (command.json === undefined) output.err(`cordboard: ${describeError(error)}`);
    else output.out(JSON.stringify({ unreadable: { code: error.code, message: error.message } }));
    return 2;
  }
  const count = reports.reduce((sum, { problems }) => sum + problems.length, 0);
  if (command.json !== undefined) output.out(JSON.stringify({ findings: count, flows: reports }));
  else for (const line of lines(reports, count)) output.out(line);
  return count === 0 ? 0 : 1;
}

function lines(reports: readonly Report[], count: number): readonly string[] {
  const told = reports.flatMap(({ flow, problems }) =>
    problems.flatMap(({ code, path, message, way, hint }) => [
      `${flow}  ${code}  ${path}`,
      `  ${message}`,
      ...(way.length === 0 ? [] : [`  way:  ${way.join(' > ')}`]),
      `  hint: ${hint}`,
    ]),
  );
  const flows = `${reports.length} ${reports.length === 1 ? 'flow' : 'flows'}`;
  return [...told, `${count} ${count === 1 ? 'finding' : 'findings'} in ${flows}`];
}

async function gather(command: CheckCommand, context: CommandContext): Promise<Flows> {
  const { file, config } = command;
  const site = file === undefined || config !== undefined ? await siteOf(config, context) : undefined;
  if (file === undefined) {
    if (site === undefined || site.flows.length > 0) return site ?? { flows: [], options: {} };
    throw new CtiError('argument.invalid', 'the configuration has no flows to check');
  }
  const { flows, duplicates } = await flowsOf(file, context.folder);
  const own = new Set(flows.map(({ id }) => id));
  const all = [...flows, ...(site?.flows.filter(({ id }) => !own.has(id)) ?? [])];
  return { flows, options: { speech: 'available', ...site?.options, flows: all, duplicates } };
}

/** The flows of a file. A name that stands twice in its JSON is a finding: the rest is checked as the text is commonly read. */
async function flowsOf(
  file: string,
  folder: string,
): Promise<{ readonly flows: readonly IvrGraph[]; readonly duplicates: readonly string[] }> {
  try {
    return { flows: await loadFlows(file, folder), duplicates: [] };
  } catch (error) {
    const twice = isCtiError(error) && 'firstLine' in error.details ? error.details.path : undefined;
    if (typeof twice !== 'string' || extname(file) !== '.json') throw error;
    const value: unknown = JSON.parse(await readFile(resolve(folder, file), 'utf8'));
    return { flows: [fromJson(JSON.stringify(value))], duplicates: [twice] };
  }
}

async function siteOf(config: string | undefined, context: CommandContext): Promise<Flows> {
  const { file, value } = await loadConfig(config, context.folder);
  const { tenant, ivr, functions, timeZone } = await withFile(file, context, () => readServerConfig(value));
  const { flows, dialPlan, groups = {}, modes = {}, lists = {}, calendars, agents, queues } = tenant;
  const thisYear = new Date().getUTCFullYear();
  return {
    flows,
    options: {
      flows,
      entries: [...entriesOf(tenant)],
      speech: ivr.speech?.synthesise === undefined ? 'none' : 'available',
      years: { from: thisYear, to: thisYear + 4 },
      site: {
        dialPlan,
        groups,
        modes,
        lists,
        calendars,
        agents,
        queues,
        functions: Object.keys(functions),
        services: (ivr.http?.allow ?? []).map(({ origin }) => origin),
        ...(timeZone === undefined ? {} : { zone: timeZone }),
      },
    },
  };
}

/** Flows that calls begin in: those that routes, queues and surveys name, and those that no flow calls. */
function* entriesOf({ flows, routes, queues }: TenantConfig): Generator<string> {
  const called = new Set(
    flows.flatMap(({ nodes }) => Object.values(nodes).flatMap((node) => (node.type === 'subflow' ? [node.flow] : []))),
  );
  for (const { id } of flows) if (!called.has(id)) yield id;
  const targets: readonly RouteTarget[] = [...routes.map(({ to }) => to), ...queues.map(({ overflow }) => overflow)];
  for (const target of targets) if (target.kind === 'ivr') yield target.flow;
  for (const { survey } of queues) if (survey !== undefined) yield survey;
}
