import { z } from 'zod';
import { offboardingId } from '../temporal/client';
import { daytwo } from './command';
import { estateOf } from './estate';
import type { Newcomer } from './hires';
import { judgeLeft, type LeaverEvidence } from './leaver-verdict';
import type { Stage } from './stories';
import type { Surroundings } from './surroundings';
import type { Verified } from './telling';
import { BOOK } from './worked-before';

/** Reads the systems, GitLab, Temporal and the evidence, and judges what they hold of the leaver. */
export async function verifyLeaver(stage: Stage, { event }: Newcomer): Promise<Verified> {
  const { readings, accounts, around } = stage;
  const [estate, seen, issues, workflow, evidence] = await Promise.all([
    estateOf(accounts, event.email),
    accounts.of(event.email),
    readings.offboardingsOf(event),
    readings.workflow(offboardingId(event.employee_id)),
    evidenceOf(around, event.employee_id),
  ]);
  return {
    hire: event.name,
    title: `employee ${event.employee_id}, who left`,
    checks: judgeLeft(BOOK.closed, { estate, accounts: seen, issues, workflow, evidence }),
  };
}

const told = z.object({
  leaving: z.object({ timeZero: z.string(), frozenAt: z.string().nullable() }),
  systems: z.array(
    z.object({
      system: z.string(),
      status: z.string(),
      how: z.string().nullable(),
      within_deadline: z.boolean().nullable(),
    }),
  ),
  evidence: z.array(z.object({ kind: z.string() })),
});

/** What an auditor reads: `daytwo evidence leaver`. Null where there is none. */
async function evidenceOf(around: Surroundings, employeeId: string): Promise<LeaverEvidence | null> {
  const text = await daytwo(around, 'evidence', 'leaver', employeeId, '--json').catch(() => null);
  if (text === null) return null;
  const { leaving, systems, evidence } = told.parse(JSON.parse(text));
  return {
    ...leaving,
    systems: systems.map(({ within_deadline: inTime, ...one }) => ({ ...one, inTime })),
    kinds: evidence.map(({ kind }) => kind),
  };
}
