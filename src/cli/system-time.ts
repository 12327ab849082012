import type { WorkerSettings } from '../settings';
import { sandboxClock } from '../systems/sandbox-clock';
import type { Surroundings } from './surroundings';

/** The time as the systems have it: the same as here, but in a sandbox whose clock was put forward. */
export async function systemTime(
  { clockUrl }: Pick<WorkerSettings, 'clockUrl'>,
  around: Pick<Surroundings, 'now'>,
): Promise<string> {
  const ahead = clockUrl === null ? 0 : await sandboxClock(clockUrl)();
  return new Date(around.now().getTime() + ahead).toISOString();
}
