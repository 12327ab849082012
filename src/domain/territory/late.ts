import { territoryRunId } from './run';
import type { RunLate } from './run-status';

export const lateKey = (run: string): string => `tsp-late:${run}`;

/** What ops are told of a run whose step is tried again for longer than policy says (`territory_run.tell_minutes`). */
export const lateTask = (run: string, { step, since, fault }: RunLate) => ({
  key: lateKey(run),
  title: `The territory run ${run} does not go on`,
  problems: [`the step "${step}" of ${territoryRunId(run)} is tried again since ${since}: ${fault}`],
  mend: `Mend what does not answer. The run tries on and goes on by itself, and this is closed then; daytwo show ${territoryRunId(run)} shows it. As long as it is at work, the next night does not begin.`,
});

/** What ops are told of a night that didn't begin, since there never are two runs at work. */
export const heldNightTask = (night: string, atWork: readonly string[]) => ({
  key: `tsp-held:${night}`,
  title: `The territory night of ${night} did not begin`,
  problems: atWork.map((run) => `the run ${territoryRunId(run)} is still at work`),
  mend: 'See why that run does not come to its end. Once it is over, daytwo territory apply begins one for the day, else the next night plans anew. Close this afterwards.',
});
