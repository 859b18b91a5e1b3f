import { isCtiError } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkedOptions } from './checked-options.js';

const schema = z.strictObject({ link: z.strictObject({ port: z.number().int().default(8021) }) });

function problemOf(
  input: unknown,
  under: readonly string[] = [],
): { readonly message: string; readonly path: unknown } {
  try {
    checkedOptions(schema, input, { whole: 'box', under });
  } catch (error) {
    if (isCtiError(error) && error.code === 'config.invalid')
      return { message: error.message, path: error.details?.path };
    throw error;
  }
  throw new Error('taken');
}

describe('checkedOptions', () => {
  it('gives the options with their defaults', () => {
    expect(checkedOptions(schema, { link: {} }, { whole: 'box' })).toEqual({ link: { port: 8021 } });
  });

  it('names the first wrong field by its path', () => {
    expect(problemOf({ link: { port: 'secret' } })).toMatchObject({ path: 'link.port' });
    expect(problemOf({ link: { port: 'secret' } }).message).toMatch(/^option link\.port: /);
    expect(problemOf({ link: { port: 'secret' } }).message).not.toContain('secret');
  });

  it('names the whole where no field is wrong by itself', () => {
    expect(problemOf(undefined)).toMatchObject({ path: '' });
    expect(problemOf(undefined).message).toMatch(/^option box: /);
  });

  it('says where the options stand', () => {
    expect(problemOf({ link: { port: 0.5 } }, ['lines', '0'])).toMatchObject({ path: 'lines.0.link.port' });
    expect(problemOf(undefined, ['lines', '0']).message).toMatch(/^option lines\.0: /);
  });
});
