import { activityInfo, ApplicationFailure, heartbeat, log } from '@temporalio/activity';
import { SystemFault } from '../systems/fault';
import { GitlabRefusal } from '../systems/gitlab';

const HEARTBEAT_MS = 3_000;

/** Says how far an activity has come; seen in the Temporal UI, and kept with its heartbeats. */
export type Show = (progress: unknown) => void;

/**
 * Runs an activity's body: says every few seconds that it lives (so that a dead worker is noticed at once), and turns a
 * system's fault into Temporal's own, with the wait that the system asked for. Such a fault is repeated; what no retry
 * mends is turned into an outcome before it comes here.
 */
export const living = <A extends unknown[], R>(
  body: (...args: A) => Promise<R>,
): ((...args: A) => Promise<R>) => showing((_, ...args: A) => body(...args));

/** Runs a body that says nothing while it lives: its worker's death is noticed when its time is over. No heartbeat is a server action. */
export const quiet =
  <A extends unknown[], R>(body: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) =>
  async (...args) => {
    try {
      return await body(...args);
    } catch (error) {
      throw asFailure(error);
    }
  };

/** The same for a body that says how far it has come. */
export function showing<A extends unknown[], R>(
  body: (show: Show, ...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    let progress: unknown;
    const beat = setInterval(() => heartbeat(progress), HEARTBEAT_MS);
    try {
      return await body(
        (now) => {
          progress = now;
          heartbeat(now);
        },
        ...args,
      );
    } catch (error) {
      throw asFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}

/** How long GitLab is left alone after it refused what must be written there: only a person mends that. */
const AFTER_A_REFUSAL_MS = 5 * 60_000;

/**
 * What GitLab refuses (a token without the right, a project that is gone) can't be shown in GitLab: it stands in the log and
 * in the Temporal UI, is asked for again now and then, and goes on by itself once it was mended.
 */
function asFailure(error: unknown): unknown {
  if (error instanceof GitlabRefusal) {
    log.error('GitLab refused; somebody must look', {
      code: error.status,
      attempt: activityInfo().attempt,
    });
    return ApplicationFailure.create({
      message: error.message,
      type: `gitlab:refused:${error.status}`,
      nextRetryDelay: AFTER_A_REFUSAL_MS,
    });
  }
  if (!(error instanceof SystemFault)) return error;
  log.warn('a system did not do what it was asked', {
    system: error.system,
    code: error.code,
    attempt: activityInfo().attempt,
  });
  return ApplicationFailure.create({
    message: error.message,
    type: `${error.system}:${error.code}`,
    nonRetryable: false,
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}
