/** An error as Salesforce answers it: an element of the array of a refused request, or of a record's `errors`. */
export class SalesforceError extends Error {
  constructor(
    readonly errorCode: string,
    message: string,
    readonly fields: readonly string[] = [],
    /** The HTTP status of a request that fails of it. */
    readonly status = 400,
  ) {
    super(message);
  }

  /** As the body of a request that failed: `[{message, errorCode, fields?}]`. */
  get body(): readonly object[] {
    return [
      {
        message: this.message,
        errorCode: this.errorCode,
        ...(this.fields.length > 0 ? { fields: this.fields } : {}),
      },
    ];
  }

  /** As one of a record's errors in a collection: `{statusCode, message, fields}`. */
  get result(): { statusCode: string; message: string; fields: readonly string[] } {
    return { statusCode: this.errorCode, message: this.message, fields: this.fields };
  }
}

export const notFound = (message = 'The requested resource does not exist') =>
  new SalesforceError('NOT_FOUND', message, [], 404);

export const methodNotAllowed = (method: string, allowed: string) =>
  new SalesforceError(
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${method}' not allowed. Allowed are ${allowed}`,
    [],
    405,
  );

/** What a status alone looks like, for faults that were asked for. */
export function bodyOfStatus(status: number): readonly object[] {
  if (status === 401) return [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }];
  if (status === 403 || status === 429) {
    return [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }];
  }
  if (status === 503) return [{ message: 'Server unavailable', errorCode: 'SERVER_UNAVAILABLE' }];
  return [
    {
      message: 'An unexpected error occurred. Please include this ErrorId if you contact support',
      errorCode: 'UNKNOWN_EXCEPTION',
    },
  ];
}
