import { expect, it } from 'vitest';

it('resolves workspace packages to their sources, so that tests need no build', async () => {
  const names = ['cti-core', 'cti-protocol', 'driver-kit', 'ivr-dsl', 'simulator'];
  for (const name of names) {
    expect(import.meta.resolve(`@cordboard/${name}`)).toMatch(new RegExp(`packages/${name}/src/index\\.ts$`));
  }
});
