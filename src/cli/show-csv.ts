import { csvLine } from '../domain/escape';
import type { CrowdLine } from '../evidence/crowd';
import { findProcess } from './find-process';
import { readObject } from './objects';
import { withProcesses } from './open';
import { Refused, type Surroundings } from './surroundings';
import { viewOf } from './views';

/** `daytwo show <object> --csv`: everybody whom a filed request names, and how each task stands for them. */
export function showCsv(object: string, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ engine, places, settings, store }) => {
    const process = await findProcess(readObject(object, settings.gitlab.url), places);
    const status = viewOf(await engine.status(process));
    if (status?.kind !== 'access-request' || !status.filed)
      throw new Refused(`${process.workflowId} is no request that people filed: it has no list of people.`);
    const lines = await (await store()).crowd.rowsForCsv(status.request, status.filed.version);
    const tasks = status.tasks.map(({ id }) => id);
    for (const line of csvOf(lines, tasks)) around.out(line);
    return 0;
  });
}

/** One line a person, after a header; no cell is a formula. */
export function csvOf(lines: readonly CrowdLine[], tasks: readonly string[]): readonly string[] {
  return [
    ['email', 'employee_id', 'left_out', ...tasks],
    ...lines.map(({ email, employeeId, problem, statuses }) => [
      email,
      employeeId ?? '',
      problem ?? '',
      ...tasks.map((task) => statuses[task] ?? ''),
    ]),
  ].map(csvLine);
}
