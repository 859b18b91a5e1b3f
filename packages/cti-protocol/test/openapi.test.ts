import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DOCUMENT_FILE, documentText, TYPES_FILE, typesText } from '../scripts/openapi.js';
import { OPERATION_IDS, openApiDocument, operation } from '../src/index.js';

test('the committed document is the one that the operations give', async () => {
  // When this fails: npx tsx --conditions=@cordboard/source packages/cti-protocol/scripts/openapi.ts
  expect(await readFile(DOCUMENT_FILE, 'utf8')).toBe(documentText());
});

test('the committed client types are those of the document', async () => {
  expect(await readFile(TYPES_FILE, 'utf8')).toBe(await typesText());
});

test('every operation is in the document with its roles, and every reference leads somewhere', () => {
  const document = openApiDocument('1') as {
    paths: Record<string, Record<string, { operationId: string; 'x-roles'?: string[] }>>;
    components: { schemas: Record<string, unknown> };
  };
  for (const id of OPERATION_IDS) {
    const { method, path, roles } = operation(id);
    const found = document.paths[path]?.[method.toLowerCase()];
    expect(found?.operationId).toBe(id);
    expect(found?.['x-roles']).toEqual(roles === 'anyone' ? undefined : roles);
  }
  const links = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/gu)].map(([, name = '']) => name);
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((name) => !(name in document.components.schemas))).toEqual([]);
});

test.each([
  ['/healthz', ['ok', 'starting', 'draining', 'failed']],
  ['/readyz', ['ok', 'starting', 'linkDown', 'draining', 'failed']],
])('503 of %s is said in the words of its 200', (path, words) => {
  type Told = { content: { 'application/json': { schema: { properties?: { status: { enum: string[] } } } } } };
  const { paths } = openApiDocument('1') as { paths: Record<string, { get: { responses: Record<string, Told> } }> };
  const { 200: well, 503: unwell } = paths[path]?.get.responses ?? {};
  expect(well?.content['application/json'].schema.properties?.status.enum).toEqual(words);
  expect(unwell?.content).toEqual(well?.content);
});
