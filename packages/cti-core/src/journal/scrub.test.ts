import { describe, expect, it } from 'vitest';
import type { TenantConfig } from '../contract/config.js';
import type { EngineInput } from '../contract/engine-io.js';
import { createScrubber } from './scrub.js';

const config = {
  routes: [{ number: '4008001000' }],
  dialPlan: { ownNumbers: ['01088880000'], emergency: ['110'] },
  recording: { neverNumbers: [] },
  switches: [],
  agents: [{ id: 'ann', name: 'Ann Lee' }],
} as unknown as TenantConfig;

const created = (number: string, called: string): EngineInput =>
  ({
    kind: 'driver',
    switchId: 'main',
    atMs: 1,
    wallMs: 1_700_000_000_000,
    offsetMin: 480,
    event: {
      type: 'created',
      connectionId: 'main~1700000000.12',
      device: `main:external:${number}`,
      direction: 'incoming',
      control: 'full',
      calling: { number, name: 'Li Na', presentation: 'allowed' },
      called: { number: called, presentation: 'allowed' },
    },
  }) as unknown as EngineInput;

describe('createScrubber', () => {
  const scrubber = createScrubber(config, 'k');
  const text = (input: EngineInput): string => JSON.stringify(scrubber.input(input));

  it('leaves no number and no name of a caller', () => {
    const out = text(created('13912345678', '4008001000'));
    expect(out).not.toContain('13912345678');
    expect(out).not.toContain('345678');
    expect(out).not.toContain('Li Na');
  });

  it('keeps what the dial plan and the machine need', () => {
    const out = scrubber.input(created('13912345678', '4008001000')) as unknown as {
      wallMs: number;
      event: Record<string, { number: string }>;
    };
    expect(out.event.connectionId).toBe('main~1700000000.12');
    expect(out.event.called?.number).toBe('4008001000');
    expect(out.event.calling?.number).toMatch(/^13912\d{6}$/u);
    expect(out.event.device).toBe(`main:external:${out.event.calling?.number ?? ''}`);
    expect(out.wallMs).toBe(1_700_000_000_000);
  });

  it('is consistent over spellings of one number', () => {
    const national = scrubber.input(created('13912345678', '1')) as unknown as {
      event: { calling: { number: string } };
    };
    const international = scrubber.input(created('+8613912345678', '1')) as unknown as {
      event: { calling: { number: string } };
    };
    expect(international.event.calling.number.slice(-11)).toBe(national.event.calling.number);
  });

  it('depends on the key', () => {
    expect(JSON.stringify(createScrubber(config, 'other').input(created('13912345678', '1')))).not.toBe(
      text(created('13912345678', '1')),
    );
  });

  it('renames the people of the configuration and nothing else of it', () => {
    const boot = scrubber.input({
      kind: 'boot',
      coreVersion: '1',
      epoch: 'e',
      seed: 1,
      config,
      atMs: 0,
      wallMs: 0,
      offsetMin: 0,
    } as EngineInput);
    expect(JSON.stringify(boot)).not.toContain('Ann Lee');
    expect(JSON.stringify(boot)).toContain('"ann"');
  });
});
