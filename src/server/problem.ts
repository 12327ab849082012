import type { Response } from 'express';

/** One thing that is wrong with what was sent. Never quotes the value. */
export interface Problem {
  /** The field, dotted; empty for the whole. */
  readonly path: string;
  readonly problem: string;
  readonly mend: string;
}

/** Every refusal of the server has this one shape. */
export function refuse(
  res: Response,
  status: number,
  error: string,
  problems: readonly Problem[] = [],
): void {
  res.status(status).json({ error, problems });
}
