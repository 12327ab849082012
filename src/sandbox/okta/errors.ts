import type { Response } from 'express';
import { randomBytes } from 'node:crypto';

/** An error as Okta answers it: status, code and summary of its published catalogue. */
export class OktaError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly summary: string,
    readonly causes: readonly string[] = [],
  ) {
    super(summary);
  }
}

export const notFound = (id: string, kind: 'User' | 'UserGroup') =>
  new OktaError(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`);
export const invalid = (what: string, ...causes: string[]) =>
  new OktaError(400, 'E0000001', `Api validation failed: ${what}`, causes);

/** The body of an error answer; `errorId` is new each time. */
export function errorBody(error: OktaError) {
  return {
    errorCode: error.code,
    errorSummary: error.summary,
    errorLink: error.code,
    errorId: `oae${randomBytes(12).toString('base64url')}`,
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  };
}

/** What a status alone looks like in Okta's words, for faults that were asked for. */
export function bodyOfStatus(status: number) {
  if (status === 429)
    return errorBody(
      new OktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.'),
    );
  if (status === 401) return errorBody(new OktaError(401, 'E0000011', 'Invalid token provided'));
  if (status === 403) {
    return errorBody(
      new OktaError(403, 'E0000006', 'You do not have permission to perform the requested action'),
    );
  }
  return errorBody(new OktaError(status, 'E0000009', 'Internal Server Error'));
}

export function sendError(res: Response, error: unknown): void {
  const known = error instanceof OktaError ? error : undefined;
  const malformed =
    error instanceof SyntaxError
      ? new OktaError(400, 'E0000003', 'The request body was not well-formed.')
      : undefined;
  const answer = known ?? malformed ?? new OktaError(500, 'E0000009', 'Internal Server Error');
  res.status(answer.status).json(errorBody(answer));
}
