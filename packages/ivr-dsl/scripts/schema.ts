// Usage: npx tsx --conditions=@cordboard/source packages/ivr-dsl/scripts/schema.ts
// Writes the JSON Schema of flows, which the package publishes.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ivrJsonSchema } from '@cordboard/cti-protocol';

/** The published file. */
export const SCHEMA_FILE = fileURLToPath(new URL('../ivr.schema.json', import.meta.url));

/** Its text. */
export function schemaText(): string {
  return `${JSON.stringify(ivrJsonSchema(), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(SCHEMA_FILE, schemaText());
