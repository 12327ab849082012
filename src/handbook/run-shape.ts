import { z } from 'zod';
import type { RunPolicy } from '../domain/territory/run';
import { mapOf } from './shape-problems';
import { time, username, wholeNumber, zone } from './values';

/** When the nightly run of territory planning begins, and how it works, of one version of the policy. */
export const runShape = mapOf({
  zone: zone.default('America/Los_Angeles'),
  night: time.default('02:00'),
  run_by: z.array(username).default([]),
  open_hours: wholeNumber(1, 23).default(20),
  batch_rows: wholeNumber(1, 100_000).default(5_000),
  sample_rows: wholeNumber(1, 2_000).default(200),
  kept_nights: wholeNumber(2, 1_000).default(90),
  poll_seconds: wholeNumber(5, 3_600).default(60),
  read: mapOf({
    way: z.enum(['whole', 'changed']).default('whole'),
    // What was deleted is found for fifteen days.
    whole_every: wholeNumber(1, 14).default(7),
    overlap_minutes: wholeNumber(1, 1_440).default(30),
  }).prefault({}),
  tell_minutes: wholeNumber(1, 1_440).default(60),
});

export const runPolicyOf = (run: z.output<typeof runShape>): RunPolicy => ({
  zone: run.zone,
  night: run.night,
  runBy: run.run_by,
  openHours: run.open_hours,
  batchRows: run.batch_rows,
  sampleRows: run.sample_rows,
  keptNights: run.kept_nights,
  pollSeconds: run.poll_seconds,
  read: {
    way: run.read.way,
    wholeEvery: run.read.whole_every,
    overlapMinutes: run.read.overlap_minutes,
  },
  tellMinutes: run.tell_minutes,
});
