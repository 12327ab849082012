/**
 * A fault of a system that daytwo talks to, translated once, at its client. Outcomes of the business (no seat, a name
 * that is taken) are values and never come this way.
 */
export class SystemFault extends Error {
  override readonly name = 'SystemFault';
  constructor(
    /** Which system, as `config/systems.yml` or `DESIGN` names it: `gitlab`, `salesforce`, `okta`, `scim/ringlead`. */
    readonly system: string,
    /** The system's own word for it: `429`, `UNABLE_TO_LOCK_ROW`, `timeout`. */
    readonly code: string,
    /** Whether the same call can work later. */
    readonly retryable: boolean,
    message: string,
    /** How long the system asked us to wait, in milliseconds. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(`${system}: ${message} (${code})`, options);
  }
}

/** `Retry-After` in milliseconds: delta seconds or an HTTP date; undefined where there is none or it can't be read. */
export function retryAfterMs(value: string | null | undefined, now: number = Date.now()): number | undefined {
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** HTTP answers that may be different next time. */
export const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/** A fault for an answer that isn't a success. The body is never quoted: it may hold personal data. */
export function statusFault(
  system: string,
  status: number,
  retryAfter: string | null | undefined,
  what: string,
): SystemFault {
  return new SystemFault(
    system,
    String(status),
    isTransientStatus(status),
    `${what} was answered ${status}`,
    retryAfterMs(retryAfter),
  );
}

/** A fault for a call that got no answer at all: the effect may or may not be there, so look before doing it again. */
export function noAnswerFault(system: string, what: string, cause: unknown): SystemFault {
  const { name } = (cause ?? {}) as { name?: unknown };
  const named = name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'no-answer';
  return new SystemFault(system, named, true, `${what} got no answer`, undefined, { cause });
}
