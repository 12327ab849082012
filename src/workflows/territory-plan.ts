import {
  allHandlersFinished,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { RunRef, TerritoryRunActivities } from '../activities/territory-run';
import { DeskInbox } from '../domain/desk-inbox';
import { GITLAB_QUEUE, queueOf } from '../domain/queues';
import { NOTHING_WRITTEN, type RunPhase } from '../domain/territory/run';
import { runDetails, type RunLate, type RunStanding, type RunStatus } from '../domain/territory/run-status';
import { hearDecisions } from './decisions';
import { deskCalls } from './desk-calls';
import { issueChanged, runLate, status } from './messages';
import { STATE } from './search';
import { left, now } from './time';

export interface TerritoryPlanInput extends RunRef {
  /** The run that it puts back; null: it plans. */
  readonly undoes: string | null;
  readonly by: string;
}

export interface TerritoryPlanResult extends RunRef {
  readonly phase: RunPhase;
}

const retry = { initialInterval: '1 second', maximumInterval: '1 minute' } as const;
/** A whole org is read and written within one call: a worker's death is noticed by its heartbeat, and the next one goes on. */
const long = {
  taskQueue: queueOf('salesforce'),
  startToCloseTimeout: '3 hours',
  heartbeatTimeout: '15 seconds',
  retry,
} as const;
const { planRun } = proxyActivities<TerritoryRunActivities>({ ...long, summary: 'read the accounts, plan' });
const { writeStaging } = proxyActivities<TerritoryRunActivities>({
  ...long,
  summary: 'write staging, read it back',
});
const { transferDue } = proxyActivities<TerritoryRunActivities>({
  ...long,
  summary: 'transfer the accounts whose day has come',
});
const { visitRun } = deskCalls<TerritoryRunActivities>(GITLAB_QUEUE, 'read the issue, judge, show');
const { endRun } = deskCalls<TerritoryRunActivities>(GITLAB_QUEUE, 'say how it came out');
const { openTerritoryNight } = deskCalls<TerritoryRunActivities>(GITLAB_QUEUE, 'begin the run of the night');

const WAITS_FOR = ['approve', 'reject', 'cancel'] as const;

/**
 * A run of territory planning: read, plan, and where it is above the threshold wait for one of those whom policy names; then staging is
 * written, and accounts whose day has come are transferred. One that puts back another goes the same way, and always waits.
 */
export async function territoryPlan({ run, undoes, by }: TerritoryPlanInput): Promise<TerritoryPlanResult> {
  const inbox = new DeskInbox();
  let seen: RunStanding | null = null;
  let late: RunLate | null = null;
  let isOver = false;
  let shown = '';
  const since = now();
  setHandler(issueChanged, () => inbox.hint());
  hearDecisions(inbox, {
    kinds: WAITS_FOR,
    otherwise: `of a run of territory planning, you can ${WAITS_FOR.join(', ')}`,
    isOver: () => isOver,
    over: 'the run is over',
  });
  setHandler(runLate, (told) => {
    late = told;
    setCurrentDetails(runDetails(statusNow()));
  });
  setHandler(status, () => statusNow());

  show(await planRun({ run, undoes, by, now: since }));
  if (phaseNow() === 'asked') await decided();
  if (phaseNow() === 'approved') {
    show(await writeStaging({ run, now: now() }));
    show(await transferDue({ run, now: now() }));
  }
  show(await endRun({ run, now: now() }));
  isOver = true;
  await condition(allHandlersFinished);
  return { run, phase: phaseNow() };

  /** Waits on the desk until somebody decided, or nobody did in time. */
  async function decided(): Promise<void> {
    for (;;) {
      const visit = await visitRun({ run, messages: inbox.takeMessages(), now: now() });
      inbox.wasJudged(visit.answers);
      show(visit);
      if (visit.phase !== 'asked') return;
      if (inbox.needsVisit) continue;
      await condition(() => inbox.needsVisit, Math.max(1, left(visit.expiresAt) - (visit.aheadMs ?? 0)), {
        summary: `over, ${visit.expiresAt}`,
      });
    }
  }

  function phaseNow(): RunPhase {
    return seen?.phase ?? 'approved';
  }

  function statusNow(): RunStatus {
    const { phase, figures, staging, transfers, expiresAt, url } = seen ?? NOT_YET;
    return {
      kind: 'territory-plan',
      run,
      undoes,
      since,
      phase,
      figures,
      staging,
      transfers,
      expiresAt,
      url,
      late,
    };
  }

  function show(standing: RunStanding): void {
    seen = standing;
    late = null;
    setCurrentDetails(runDetails(statusNow()));
    const { phase } = standing;
    if (phase === shown) return;
    shown = phase;
    upsertSearchAttributes([{ key: STATE, value: phase }]);
  }
}

const NOT_YET: Omit<RunStanding, 'phase'> & { readonly phase: 'new' } = {
  phase: 'new',
  figures: null,
  staging: NOTHING_WRITTEN,
  transfers: NOTHING_WRITTEN,
  expiresAt: '',
  url: null,
};

/** Each night: begins its run under its own id. */
export const territoryOpening = (): Promise<string | null> => openTerritoryNight({ now: now() });
