import { type DriverCapability, MEDIA_CAPABILITIES } from '@cordboard/cti-core';

/** All that the virtual switch can do: the whole media profile and its facets. */
export const CAPABILITIES: ReadonlySet<DriverCapability> = new Set<DriverCapability>([
  ...MEDIA_CAPABILITIES,
  'observe',
]);
