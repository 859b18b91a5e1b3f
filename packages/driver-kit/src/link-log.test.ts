import { asId, CtiError, type Logger } from '@cordboard/cti-core';
import { beforeEach, expect, it } from 'vitest';
import { linkLog } from './link-log.js';
import type { LinkState } from './link-loop.js';

let lines: string[];
let tell: (state: LinkState, error?: unknown) => void;

beforeEach(() => {
  lines = [];
  const at =
    (level: string) =>
    (message: string, fields: object = {}): void => {
      const { reason, code } = fields as { reason?: string; code?: string };
      if (level !== 'debug') lines.push([level, reason, code].filter(Boolean).join(' '));
      expect(message).not.toContain('10.0.0.1');
    };
  const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  tell = linkLog({ log, switchId: asId('main'), linkId: asId('ari') });
});

const waiting = (reason: 'refused' | 'authFailed' | 'closed'): LinkState => ({
  kind: 'waiting',
  attempt: 1,
  delayMs: 100,
  reason,
});
const refusal = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' });

it('tells each reason once, however often it is tried', () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    tell({ kind: 'connecting', attempt });
    tell(waiting('refused'), refusal);
  }
  for (let attempt = 0; attempt < 5; attempt++) tell(waiting('authFailed'), new CtiError('link.auth', 'refused'));
  expect(lines).toEqual(['warn refused ECONNREFUSED', 'warn authFailed link.auth']);
});

it('tells the same reason again after the link was up, but not the end of the link that was up', () => {
  tell(waiting('refused'), refusal);
  tell({ kind: 'up' });
  tell(waiting('closed'));
  tell(waiting('refused'), new CtiError('link.closed', 'gone', { cause: refusal }));
  expect(lines).toEqual(['warn refused ECONNREFUSED', 'warn refused ECONNREFUSED']);
});

it('tells that a link is given up', () => {
  tell({ kind: 'up' });
  tell({ kind: 'gaveUp', reason: 'replaced' });
  expect(lines).toEqual(['error replaced']);
});
