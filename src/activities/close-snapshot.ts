import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BOOKING_RECORDS, type BookingRecord } from '../domain/close/booking-rows';
import type { SnapshotFile, SnapshotName } from '../domain/close/close';
import type { Period } from '../domain/close/period';
import { withBookings } from './bookings';
import type { ReadWorld } from './world';

const RECORDS = Object.keys(BOOKING_RECORDS) as readonly BookingRecord[];

/**
 * Writes the closed opportunities of a period, and what hangs on them, as Parquet: a file for each kind of record, so that any later day
 * can be compared. Written again, it takes the place of what an earlier try wrote. Nothing where `config/` doesn't say where Salesforce
 * keeps what the checks look at, or where there is no folder for it.
 */
export async function keepSnapshot(
  world: ReadWorld,
  { key, firstDay, lastDay }: Pick<Period, 'key' | 'firstDay' | 'lastDay'>,
  name: SnapshotName,
): Promise<readonly SnapshotFile[]> {
  const { bookings: reader } = world.connector('salesforce');
  const { bookingFields: fields } = world.handbook();
  const { snapshotDir } = world;
  if (!reader || !fields || snapshotDir === undefined) return [];
  await mkdir(snapshotDir, { recursive: true, mode: 0o700 });
  const closeDate = fields.opportunity.fields['closeDate'] ?? 'CloseDate';
  const closed = `IsClosed = true AND ${closeDate} >= ${firstDay} AND ${closeDate} <= ${lastDay}`;
  return withBookings(reader, fields, [closed], async (read) => {
    const files: SnapshotFile[] = [];
    for (const record of RECORDS) {
      const file = `close-${key}-${name}-${record}.parquet`;
      const [partial, whole] = [join(snapshotDir, `${file}.partial`), join(snapshotDir, file)];
      await rm(partial, { force: true });
      await read.keep(record, partial);
      const sha256 = await digestOf(partial);
      await rename(partial, whole);
      files.push({ file, sha256 });
    }
    return files;
  });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
