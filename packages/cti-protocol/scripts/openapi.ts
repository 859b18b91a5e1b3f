// Usage: npx tsx --conditions=@cordboard/source packages/cti-protocol/scripts/openapi.ts
// Writes docs/openapi.json from the table of operations, and the client's types from that document.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import { openApiDocument } from '../src/index.js';

/** Version of the REST interface that the documents name. */
export const API_VERSION = '0.1.0';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** The committed documents. */
export const DOCUMENT_FILE = here('../../../docs/openapi.json');
/** See {@link DOCUMENT_FILE}. */
export const TYPES_FILE = here('../src/rest/rest.gen.ts');

/** The text of the document. */
export function documentText(): string {
  return `${JSON.stringify(openApiDocument(API_VERSION), null, 2)}\n`;
}

/** The text of the types. */
export async function typesText(): Promise<string> {
  const nodes = await openapiTypes(documentText(), { alphabetize: true, immutable: true });
  return `// Generated from docs/openapi.json by scripts/openapi.ts. Do not edit.\n${astToString(nodes)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(DOCUMENT_FILE, documentText());
  await writeFile(TYPES_FILE, await typesText());
}
