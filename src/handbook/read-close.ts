import type { CloseTask } from '../domain/close/tasks';
import { checklistShape, closeTaskShape } from './close-shapes';
import { quarterPeopleOf } from './quarter';
import { ConfigFile } from './config-file';
import type { Problem } from './problem';
import type { ChecklistReading } from './reading';

export const CLOSE_FILE = 'close.yml';

/** Reads `close.yml`; without it a close has no tasks. A faulty one doesn't hide the others. */
export function readChecklist(dir: string, present: boolean, problems: Problem[]): ChecklistReading | null {
  if (!present) return { file: null, tasks: [], quarter: null };
  const file = ConfigFile.read(dir, CLOSE_FILE, problems);
  const body = file?.shape(checklistShape);
  if (!file || !body) return null;
  const tasks = body.tasks.flatMap((_, index) => {
    const entry = file.shape(closeTaskShape, ['tasks', index]);
    if (!entry) return [];
    const task: CloseTask = {
      key: entry.key,
      title: entry.title,
      team: entry.team,
      preparer: entry.preparer,
      reviewer: entry.reviewer,
      due: { from: entry.due.from, businessDays: entry.due.business_days },
      needs: entry.needs,
      quarterOnly: entry.quarter_only,
      automatic: entry.automatic,
      overRecords: entry.over_records,
      overBilling: entry.over_billing,
      steps: entry.steps,
      shows: entry.shows,
    };
    return [{ index, task }];
  });
  return { file, tasks, quarter: quarterPeopleOf(body.letters, body.freeze) };
}
