import { z } from 'zod';
import { noAnswerFault } from './fault';

const answer = z.object({ aheadMs: z.number() });
const PATIENCE_MS = 5_000;

/** Asks a sandbox how far its clock is ahead, in milliseconds. @throws SystemFault where it doesn't answer */
export const sandboxClock = (url: string) => async (): Promise<number> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.parse(await response.json()).aheadMs;
  } catch (error) {
    throw noAnswerFault('sandbox', 'its clock', error);
  }
};
