import type { PbxSetup } from './options.js';
import type { ServiceName, ServiceRequest } from './services.js';

/** Services that a PBX may lack, by what its options call that. */
export const LACKING: Partial<Readonly<Record<ServiceName, PbxSetup['lacks'][number]>>> = {
  conference: 'conference',
  park: 'park',
  unpark: 'park',
  page: 'page',
  flash: 'flash',
};

const needsNothing = (): boolean => true;
const needsTo = ({ to = '' }: ServiceRequest): boolean => to !== '';
const isSlot = (slot: number): boolean => Number.isInteger(slot) && slot >= 1 && slot <= 6;

/** Does a request have what its service needs, each of it such a thing? Source: docs/protocols/kts-1.md, section 11. */
export const NEEDS: Readonly<Record<ServiceName, (request: ServiceRequest) => boolean>> = {
  make: needsTo,
  answer: needsNothing,
  hangUp: needsNothing,
  hold: needsNothing,
  retrieve: needsNothing,
  transfer: needsNothing,
  conference: needsNothing,
  park: ({ slot }) => slot === undefined || isSlot(slot),
  unpark: ({ slot }) => slot !== undefined && isSlot(slot),
  page: ({ to = '' }) => /^\d$/.test(to),
  redial: needsNothing,
  pickUp: needsNothing,
  flash: needsNothing,
  digits: needsTo,
};
