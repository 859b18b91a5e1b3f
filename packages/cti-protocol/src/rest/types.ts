import type { components, operations, paths } from './rest.gen.js';

/** Where a server serves the OpenAPI document that these types were made of; with the server's own URL in front it is what generators of other languages read. */
export const OPENAPI_PATH = '/openapi.json';

/** The REST interface by path and method, as openapi-typescript reads it from the OpenAPI document; made for `openapi-fetch`. */
export type RestPaths = paths;
/** The REST interface by operation. */
export type RestOperations = operations;
/** The objects of the REST interface by name, such as `RestObjects['Cdr']`. */
export type RestObjects = components['schemas'];
