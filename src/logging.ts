import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Fields that never reach a log, wherever somebody puts them by mistake. */
const PERSONAL_OR_SECRET = [
  'name',
  'email',
  'manager_email',
  'managerEmail',
  'title',
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'apiKey',
  'privateKey',
  'clientSecret',
];

/** Begins at a boundary only, so that a long run of letters costs one look, not one for each letter. */
const E_MAIL = /(?<![^\s"'<>(),;:\\])[^\s"'<>(),;:\\]+@[^\s"'<>(),;:\\]+/g;
const CREDENTIALS_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"]+@/gi;

/** Text without e-mail addresses and without credentials in URLs. */
export const withoutAddresses = (text: string): string =>
  text.replace(CREDENTIALS_IN_URL, '$1').replace(E_MAIL, '<address>');

/**
 * A log of JSON lines. Callers write ids, kinds and counts; redaction is the net below that.
 * `level` is one of pino's; `destination` is standard output where absent.
 */
export function createLog(
  options: { level?: string; part?: string; destination?: DestinationStream } = {},
): Log {
  const paths = PERSONAL_OR_SECRET.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: options.part ? { part: options.part } : {},
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '<removed>' },
    serializers: { err: faultOf, error: faultOf },
    hooks: { streamWrite: withoutAddresses },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** What a log may know of a fault: its kind, code and place. A message may quote what somebody sent, so it stays out. */
export function faultOf(fault: unknown): { kind: string; code?: string; at?: string } {
  if (!(fault instanceof Error)) return { kind: typeof fault };
  const code: unknown = 'code' in fault ? fault.code : undefined;
  const frames = (fault.stack ?? '')
    .replace(fault.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return {
    kind: fault.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(frames.length > 0
      ? {
          at: frames
            .slice(0, 4)
            .map((frame) => frame.trim())
            .join(' < '),
        }
      : {}),
  };
}
