import type { IvrNodeType } from '@cordboard/cti-core';
import * as z from 'zod';
import { ivrGraph, ivrNode } from './ivr.js';

/** Where the schema of flows is kept under this name by who publishes it; no address that answers. */
export const IVR_SCHEMA_ID = 'urn:cordboard:ivr:1';

const ABOUT: Readonly<Record<IvrNodeType, string>> = {
  play: 'Says something, then goes on',
  menu: 'Asks for a choice of one key or two',
  collect: 'Asks for several keys and keeps them in a variable',
  hours: 'Branches on local time, weekdays, dates and the days of a calendar',
  mode: 'Branches on a switch that operators set by hand',
  area: "Branches on where the caller's number belongs",
  list: "Branches on the first list that holds the caller's number",
  compute: 'Runs a function of the host that has no effect outside',
  query: 'Runs a function of the host that works outside',
  http: 'Asks an HTTP service',
  record: 'Records the caller',
  message: 'Throws a message away, or notes the number to call back',
  score: 'Keeps the answer of a survey',
  callback: 'Keeps the wish to be called back',
  listen: 'Asks for words',
  fax: 'Has a document faxed',
  orderDesk: 'Rings the phones of a group until somebody picks up',
  queue: 'Lets the caller wait for an agent',
  transfer: 'Puts the caller through',
  set: 'Sets variables',
  subflow: 'Calls another flow and goes on by its result',
  return: 'Ends a sub-flow with a result',
  language: 'Speaks another language from here on',
  hangup: 'Ends the call',
};

/**
 * The JSON Schema (2020-12) of a flow, for editors and other programs. A flow may leave out its `version`. What it cannot say: keys of one object
 * given twice, which `fromJson` refuses, and whether edges lead anywhere, which is the checker's question. The same value for each call.
 */
export function ivrJsonSchema(): Readonly<Record<string, unknown>> {
  const types = new Map<unknown, IvrNodeType>(ivrNode.options.map((option) => [option, option.shape.type.value]));
  const { $schema, ...schema } = z.toJSONSchema(ivrGraph, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const type = types.get(zodSchema);
      if (type !== undefined) Object.assign(jsonSchema, { title: type, description: ABOUT[type] });
      if (zodSchema === ivrGraph)
        jsonSchema.required = jsonSchema.required?.filter((field) => field !== 'version') ?? [];
    },
  });
  return { $schema, $id: IVR_SCHEMA_ID, title: 'A flow of the IVR', ...schema };
}
