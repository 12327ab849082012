import {
  createRequesterFn,
  type FormattedResponse,
  type ResponseBodyTypes,
} from '@gitbeaker/requester-utils';
import { noAnswerFault, statusFault } from '../fault';
import type { Pace } from '../pace';
import { repeatReads } from '../repeat';

const TIMEOUT_MS = 20_000;

/** Statuses that callers read as values rather than as faults: they arrive as `GitlabRefusal`. */
export class GitlabRefusal extends Error {
  override readonly name = 'GitlabRefusal';
  constructor(
    readonly status: number,
    what: string,
  ) {
    super(`gitlab: ${what} was answered ${status}`);
  }
}

const REFUSALS = new Set([400, 403, 404, 409, 422]);

/**
 * Sends what writes exactly once. The library's own requester repeats every method, POST too, on 429 and 502, which
 * makes second issues; Temporal repeats our activities instead, which look before they create. Reads are repeated.
 */
export const carefulRequester = (pace?: Pace) =>
  createRequesterFn(
    (_resource, request) => Promise.resolve(request),
    async <T extends ResponseBodyTypes>(endpoint: string, options: Record<string, unknown> = {}) => {
      const request = requestOf(endpoint, options);
      const answer: FormattedResponse = await repeatReads(request.method, async () => {
        await pace?.();
        return send(request);
      });
      return answer as FormattedResponse<T>;
    },
  );

interface GitlabRequest {
  readonly url: URL;
  readonly method: string;
  readonly init: RequestInit;
}

function requestOf(endpoint: string, options: Record<string, unknown>): GitlabRequest {
  const { prefixUrl, searchParams, method, headers, body } = options as {
    prefixUrl?: string;
    searchParams?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string | FormData;
  };
  const url = new URL(endpoint, prefixUrl?.endsWith('/') ? prefixUrl : `${prefixUrl ?? ''}/`);
  url.search = searchParams ?? '';
  return {
    url,
    method: method ?? 'GET',
    init: { ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) },
  };
}

async function send({ url, method, init }: GitlabRequest): Promise<FormattedResponse> {
  const what = `${method} ${url.pathname}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, method, signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch (error) {
    throw noAnswerFault('gitlab', what, error);
  }
  if (REFUSALS.has(response.status)) throw new GitlabRefusal(response.status, what);
  if (!response.ok) throw statusFault('gitlab', response.status, response.headers.get('retry-after'), what);
  const json = response.headers.get('content-type')?.includes('application/json') ?? false;
  return {
    body: json && text ? (JSON.parse(text) as Record<string, unknown>) : text,
    headers: Object.fromEntries(response.headers.entries()),
    status: response.status,
  };
}
