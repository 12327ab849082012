import type { AccessOutcome } from '../connector';
import { SystemFault } from '../fault';

/** Error codes that may be gone next time, and how long to wait at least, in milliseconds. */
const TRANSIENT: Readonly<Record<string, number | undefined>> = {
  UNABLE_TO_LOCK_ROW: 1_000,
  QUERY_TIMEOUT: 5_000,
  SERVER_UNAVAILABLE: 5_000,
  // Of requests at one time, and then over soon; of a day, and then a request asks less and less often, down to twice an hour.
  REQUEST_LIMIT_EXCEEDED: 10_000,
  INVALID_SESSION_ID: 0,
  UNKNOWN_EXCEPTION: 5_000,
  ERROR_HTTP_420: 5_000,
  ERROR_HTTP_429: 5_000,
  ERROR_HTTP_500: 5_000,
  ERROR_HTTP_502: 2_000,
  ERROR_HTTP_503: 2_000,
  ERROR_HTTP_504: 2_000,
};

const NETWORK = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
]);

/** One translation of Salesforce's errors: which are worth a retry, and which no retry mends. */
export function salesforceFault(error: unknown, what: string): SystemFault {
  if (error instanceof SystemFault) return error;
  const { errorCode, code, name } = (error ?? {}) as { errorCode?: string; code?: string; name?: string };
  const known = errorCode ?? name ?? '';
  if (known in TRANSIENT)
    return new SystemFault('salesforce', known, true, `${what} failed for now`, TRANSIENT[known], {
      cause: error,
    });
  if (isNetwork(error, code))
    return new SystemFault('salesforce', code ?? 'no-answer', true, `${what} got no answer`, undefined, {
      cause: error,
    });
  return new SystemFault('salesforce', known || 'unknown', false, `${what} was refused`, undefined, {
    cause: error,
  });
}

function isNetwork(error: unknown, code: string | undefined): boolean {
  if (code && NETWORK.has(code)) return true;
  const { name, type } = (error ?? {}) as { name?: string; type?: string };
  return name === 'FetchError' || type === 'system' || name === 'AbortError' || name === 'TypeError';
}

export interface RecordError {
  readonly statusCode?: string;
  readonly errorCode?: string;
  readonly message?: string;
  readonly fields?: readonly string[];
}

/** The code of the first error of one record in a collection's answer. */
export const codeOf = (errors: readonly RecordError[]): string =>
  errors[0]?.statusCode ?? errors[0]?.errorCode ?? 'UNKNOWN';

/** Whether a record that was refused with this code may be taken next time. */
export const mayPass = (code: string | undefined): boolean => code !== undefined && code in TRANSIENT;

/** One record's error, inside an answer that as a whole succeeded, that may be gone next time; undefined for any other. */
export function passing(code: string | undefined): AccessOutcome | undefined {
  const wait = code === undefined ? undefined : TRANSIENT[code];
  return code === undefined || wait === undefined
    ? undefined
    : { kind: 'waiting_for_system', system: 'salesforce', code, retryAfterSeconds: Math.ceil(wait / 1000) };
}
