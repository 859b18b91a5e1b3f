import { loadNodeHid } from './hid.js';

/** Packages that are only needed by some devices, and are loaded when those are opened. */
export const OPTIONAL_PACKAGES = ['node-hid', 'serialport'] as const;
/** One of {@link OPTIONAL_PACKAGES}. */
export type OptionalPackage = (typeof OPTIONAL_PACKAGES)[number];

/** `broken`: it is installed and does not load, most often since a library of the system is missing. */
export type PackageState = 'works' | 'missing' | 'broken';

/** Loads a package to see whether it can be used. Never rejects. */
export async function probePackage(name: OptionalPackage): Promise<PackageState> {
  try {
    await (name === 'node-hid' ? loadNodeHid() : import('serialport'));
    return 'works';
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    return isMissing ? 'missing' : 'broken';
  }
}
