import {
  createRequesterFn,
  type FormattedResponse,
  type ResponseBodyTypes,
} from '@gitbeaker/requester-utils';
import { noAnswerFault, statusFault } from '../fault';

const TIMEOUT_MS = 20_000;

/** Statuses that callers read as values rather than as faults: they arrive as `GitlabRefusal`. */
export class GitlabRefusal extends Error {
  override readonly name = 'GitlabRefusal';
  constructor(readonly status: number) {
    super(`GitLab answered ${status}`);
  }
}

const REFUSALS = new Set([400, 403, 404, 409, 422]);

/**
 * Sends each request exactly once. The library's own requester repeats every method, POST too, on 429 and 502, which
 * makes second issues; Temporal repeats our activities instead, which look before they create.
 */
export const sendOnce = createRequesterFn(
  (_resource, request) => Promise.resolve(request),
  async <T extends ResponseBodyTypes>(endpoint: string, options: Record<string, unknown> = {}) => {
    const { prefixUrl, searchParams, method, headers, body } = options as {
      prefixUrl?: string;
      searchParams?: string;
      method?: string;
      headers?: Record<string, string>;
      body?: string | FormData;
    };
    const url = new URL(endpoint, prefixUrl?.endsWith('/') ? prefixUrl : `${prefixUrl ?? ''}/`);
    url.search = searchParams ?? '';
    const verb = method ?? 'GET';
    const what = `${verb} ${url.pathname}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: verb,
        ...(headers ? { headers } : {}),
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      throw noAnswerFault('gitlab', what, error);
    }
    if (REFUSALS.has(response.status)) throw new GitlabRefusal(response.status);
    if (!response.ok) throw statusFault('gitlab', response.status, response.headers.get('retry-after'), what);
    const json = response.headers.get('content-type')?.includes('application/json') ?? false;
    const answer: FormattedResponse = {
      body: json && text ? (JSON.parse(text) as Record<string, unknown>) : text,
      headers: Object.fromEntries(response.headers.entries()),
      status: response.status,
    };
    return answer as FormattedResponse<T>;
  },
);
