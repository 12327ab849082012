import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { closeReport as reportOf } from '../activities/close-report';
import type { Handbook } from '../domain/handbook';
import type { Store } from '../evidence';
import { readHandbook } from '../handbook';
import { periodNamed } from './close-calendar';
import { withProcesses } from './open';
import { jsonLine, Refused, type Spoken, type Surroundings } from './surroundings';

export interface ReportOptions extends Spoken {
  readonly out?: string;
}

/** `daytwo close report <period>`: the period as one HTML page, to a file or to standard output. */
export function closeReport(asked: string, options: ReportOptions, around: Surroundings): Promise<number> {
  return withProcesses(around, async ({ settings, store }) =>
    reportFrom(await store(), readHandbook(settings.configDir), periodNamed(asked), options, around),
  );
}

export async function reportFrom(
  store: Store,
  handbook: Handbook,
  period: string,
  { out, json }: ReportOptions,
  around: Surroundings,
): Promise<number> {
  if (!(await store.closes.get(period)))
    throw new Refused(`No close of ${period} was begun: daytwo close start ${period}.`);
  const now = around.now().toISOString();
  const page = await reportOf({ store, handbook: () => handbook }, period, { now });
  if (out === undefined) {
    around.out(json ? jsonLine({ period, html: page }) : page.trimEnd());
    return 0;
  }
  const path = resolve(out);
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new Refused(`${path} could not be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}.`);
  }
  around.out(json ? jsonLine({ period, path }) : `The report of ${period}: ${path}`);
  return 0;
}
