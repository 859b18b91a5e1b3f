import type { LogFields, Logger } from '@cordboard/cti-core';
import { type DestinationStream, pino } from 'pino';

/** Fields whose values may be personal or secret, whoever logs them. */
const PRIVATE_KEY = /number|digit|token|secret|password|caller|called|party|display|name|address|url|body|data|text/iu;
/** Seven digits in a row are a telephone number until proven otherwise; ids of our own are let through by their key. */
const LONG_DIGITS = /\d{7,}/u;
const ID_KEY = /(?:Id|Ms|count|bytes)$/u;

/** A field as it may stand in a log. */
export function redactFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (ID_KEY.test(key)) return [key, value];
      if (PRIVATE_KEY.test(key)) return [key, '[redacted]'];
      return [key, typeof value === 'string' && LONG_DIGITS.test(value) ? '[redacted]' : value];
    }),
  );
}

/** A structured logger: one JSON line an entry, redacted by key and by look. */
export function createLogger(options: { readonly level: string; readonly destination?: DestinationStream }): Logger {
  const settings = { level: options.level, base: { product: 'cordboard' } };
  const log =
    options.destination === undefined ? pino(settings, pino.destination(2)) : pino(settings, options.destination);
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) =>
    fields === undefined ? log[level](message) : log[level](redactFields(fields), message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
