import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './lib/workspace.mjs';
import { missingPlatforms, platformOf } from './lock-platforms.mjs';

it('has a lockfile that npm ci accepts on every system (mend it with: node tools/lock-platforms.mjs)', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(missingPlatforms(lock.packages)).toEqual({});
});

it('has a lockfile that names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

it('finds a platform package that was left out, and one of another version', () => {
  const tool = {
    version: '1.0.0',
    dev: true,
    optionalDependencies: { '@tool/linux-x64-musl': '1.0.0', '@tool/linux-x64-gnu': '1.0.0' },
  };
  const packages = { 'node_modules/tool': tool, 'node_modules/@tool/linux-x64-gnu': { version: '0.9.0' } };
  expect(missingPlatforms(packages)).toEqual({
    'node_modules/@tool/linux-x64-musl': {
      ...{ version: '1.0.0', cpu: ['x64'], libc: ['musl'], os: ['linux'], dev: true, optional: true },
    },
    'node_modules/@tool/linux-x64-gnu': {
      ...{ version: '1.0.0', cpu: ['x64'], libc: ['glibc'], os: ['linux'], dev: true, optional: true },
    },
  });
});

it('reads systems from names', () => {
  expect(platformOf('@rollup/rollup-linux-arm-musleabihf')).toEqual({ os: ['linux'], cpu: ['arm'], libc: ['musl'] });
  expect(platformOf('@biomejs/cli-darwin-arm64')).toEqual({ os: ['darwin'], cpu: ['arm64'] });
  expect(platformOf('fsevents')).toEqual({});
});
