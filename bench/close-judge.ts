import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conditionOf, withBookings } from '../src/activities/bookings';
import { judgedIn } from '../src/activities/close-findings';
import { lookAtPeriod } from '../src/activities/close-look';
import type { ReadWorld } from '../src/activities/world';
import { newClose } from '../src/domain/close/close';
import { foundIn } from '../src/domain/close/findings';
import { openStore } from '../src/evidence';
import { readHandbook } from '../src/handbook';
import { planClose } from '../src/handbook/close-time';
import { Salesforce } from '../src/systems/salesforce';
import { BookingReader } from '../src/systems/salesforce/bookings';
import { BulkQueries } from '../src/systems/salesforce/bulk-query';
import { Org } from '../src/systems/salesforce/org';
import type { SalesforceSettings } from '../src/systems/salesforce/session';

export interface Judged {
  readonly bookings: number;
  readonly findings: number;
  /** The same queries, and nothing done with their rows. */
  readonly plainReadMs: number;
  readonly readMs: number;
  /** The tables gone through without a verdict. */
  readonly passMs: number;
  readonly judgeMs: number;
  /** The same in seconds of the processor, all threads: on a machine that others use it tells more. */
  readonly judgeCpuS: number;
  readonly peakMib: number;
  readonly changed: number;
  readonly nightMs: number;
  readonly nightCpuS: number;
}

const cpuS = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000_000;
};
/** So far a look over changes looks back. */
const HOUR_MS = 3_600_000;
const PEAK_AT = () => process.resourceUsage().maxRSS / 1024;

/** Reads and judges the bookings of a period, then what changed of them: in a process of its own, whose memory is measured. */
export async function judgeOrg(
  settings: SalesforceSettings,
  key: string,
  now: string,
  changes: number,
): Promise<Judged> {
  const dir = mkdtempSync(join(tmpdir(), 'daytwo-close-bench-'));
  const handbook = readHandbook(join(__dirname, '..', 'config'));
  const fields = handbook.bookingFields;
  if (!fields) throw new Error('config/ says nothing of bookings');
  const plan = planClose(handbook, key);
  const salesforce = new Salesforce(settings);
  const store = await openStore({ stateDir: dir, databaseUrl: null });
  const world = {
    handbook: () => handbook,
    store,
    connector: () => salesforce,
  } as unknown as ReadWorld;
  try {
    const condition = conditionOf(fields, plan.period);
    // What it asks, asked again without a use for it.
    const asked: [string, string][] = [];
    const bulk = new BulkQueries(settings);
    const reader = new BookingReader({
      download: (soql, to, name, options) => {
        asked.push([soql, name]);
        return bulk.download(soql, to, name, options);
      },
    });
    const began = performance.now();
    const judged = await withBookings(reader, fields, [condition], async (read) => {
      const readMs = performance.now() - began;
      const [judging, used] = [performance.now(), process.cpuUsage()];
      const close = await judgedIn(world, plan, now, read);
      let findings = 0;
      for await (const part of read.parts())
        for (const booking of part) findings += foundIn(booking, close).length;
      const [judgeMs, judgeCpuS] = [performance.now() - judging, cpuS(used)];
      // Before the rows are gone through once more, which is the benchmark's own.
      const peakMib = PEAK_AT();
      const passed = performance.now();
      await read.others();
      for await (const part of read.parts()) if (part.length === 0) break;
      const passMs = performance.now() - passed;
      return { bookings: read.count, findings, readMs, passMs, judgeMs, judgeCpuS, peakMib };
    });
    const plainDir = join(dir, 'plain');
    await mkdir(plainDir);
    const plain = performance.now();
    for (const [soql, name] of asked) await bulk.download(soql, plainDir, name);
    const plainReadMs = performance.now() - plain;
    const close = newClose({
      period: key,
      policyVersion: plan.policy.effectiveFrom,
      dates: plan.dates,
      openedAt: now,
      openedBy: 'bench',
      due: [],
    });
    const first = await lookAtPeriod(world, close, plan, [], { now, changesOnly: false });
    const org = new Org(settings);
    const rows = await org.query(
      `SELECT Id FROM Opportunity WHERE CloseDate >= ${plan.period.firstDay} AND CloseDate <= ${plan.period.lastDay} LIMIT ${changes}`,
    );
    const night = async (note: string) => {
      await org.update(
        'Opportunity',
        rows.map((row) => ({ Id: String(row['Id']), Finance_Notes__c: note })),
      );
      const [began, used] = [performance.now(), process.cpuUsage()];
      const over = await lookAtPeriod(world, first.close, plan, [], { now, changesOnly: true });
      const took = { nightMs: performance.now() - began, nightCpuS: cpuS(used) };
      if (over.close.look?.wholeAt !== first.close.look?.wholeAt || over.close.look?.at !== now)
        throw new Error('the look over changes read everything');
      return took;
    };
    // An org that is looked at each night has its indexes from the night before.
    await night('looked at');
    const took = await night('looked at again');
    const [seen] = await org.query(
      `SELECT COUNT(Id) changed FROM Opportunity WHERE SystemModstamp >= ${new Date(Date.parse(now) - HOUR_MS).toISOString()}`,
    );
    if (seen?.['changed'] !== rows.length)
      throw new Error('the look over changes saw others than were changed');
    return { ...judged, plainReadMs, changed: rows.length, ...took };
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
