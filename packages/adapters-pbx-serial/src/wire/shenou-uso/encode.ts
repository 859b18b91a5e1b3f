import { CtiError } from '@cordboard/cti-core';

/** What a host may ask of a Shenou console: the class of an extension, 0-9. */
export interface ShenouCommand {
  readonly type: 'setClass';
  /** 1 to 8 digits, as people dial it. */
  readonly extension: string;
  readonly classOfService: number;
}

/** `Q10*P*XXXX#`, without an end of line. @throws {CtiError} `wire.unsafeValue` */
export function encodeShenou({ extension, classOfService }: ShenouCommand): Uint8Array {
  if (!/^\d{1,8}$/u.test(extension) || !Number.isInteger(classOfService) || classOfService < 0 || classOfService > 9) {
    const path = /^\d{1,8}$/u.test(extension) ? 'classOfService' : 'extension';
    throw new CtiError('wire.unsafeValue', 'extensions have 1 to 8 digits, classes are 0 to 9', { details: { path } });
  }
  return Uint8Array.from(Buffer.from(`Q10*${classOfService}*${extension}#`, 'latin1'));
}
