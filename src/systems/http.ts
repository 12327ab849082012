import { noAnswerFault, statusFault } from './fault';
import type { Pace } from './pace';
import { repeatReads } from './repeat';

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Address of the next page, where the answer names one in a `Link` header (RFC 8288). */
  readonly next?: string;
}

export interface JsonCall {
  readonly system: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent form-encoded instead of a JSON body. */
  readonly form?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** Statuses that the caller reads as values; all others outside 2xx are faults. */
  readonly expected?: readonly number[];
  readonly timeoutMs?: number;
  /** Waited for before each request, a repeated one too. */
  readonly pace?: Pace | undefined;
}

/** One request. A read is repeated after a passing fault; what writes is sent exactly once. */
export function callJson(call: JsonCall): Promise<JsonAnswer> {
  return repeatReads(call.method, async () => {
    await call.pace?.();
    return sendOnce(call);
  });
}

async function sendOnce(call: JsonCall): Promise<JsonAnswer> {
  const what = `${call.method} ${new URL(call.url).pathname.replace(/[^/]*(?:@|%40)[^/]*/gi, '…')}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(call.url, {
      method: call.method,
      headers: {
        Accept: call.contentType ?? 'application/json',
        ...(call.body === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.form === undefined ? {} : { body: new URLSearchParams(call.form) }),
      signal: AbortSignal.timeout(call.timeoutMs ?? 20_000),
    });
    text = await response.text();
  } catch (error) {
    throw noAnswerFault(call.system, what, error);
  }
  if (!response.ok && !call.expected?.includes(response.status)) {
    throw statusFault(
      call.system,
      response.status,
      response.headers.get('retry-after') ?? untilReset(response.headers),
      what,
    );
  }
  const next = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(response.headers.get('link') ?? '')?.[1];
  return {
    status: response.status,
    body: text ? parse(text) : null,
    ...(next === undefined ? {} : { next }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Okta says when its window ends as a Unix time instead of `Retry-After`. */
function untilReset(headers: Headers): string | null {
  const reset = headers.get('x-rate-limit-reset');
  return reset && /^\d+$/.test(reset)
    ? String(Math.max(1, Number(reset) - Math.floor(Date.now() / 1000)))
    : null;
}
