import { Router } from 'express';
import { z } from 'zod';
import { policyOn } from '../../domain/day-two';
import type { Handbook } from '../../domain/handbook';
import { isCalendarDate } from '../../domain/dates';
import { periodOf } from '../../domain/close/period';
import { timeIn } from '../clock';
import { makeBookings } from './bookings';
import { keepForLater, letArrive, mend } from './bookings/arrivals';
import { storeBookings } from './bookings/store';
import type { Org } from './org';

const wanted = z.strictObject({
  period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  /** The last second that counts: whoever fills the org says where the business is. */
  cutOff: z.iso.datetime(),
  today: z.string().refine(isCalendarDate),
  count: z.int().min(1).max(1_000_000).default(2_000),
  seed: z.int().min(0).default(1),
  /** False: none of them is spoilt. */
  faults: z.boolean().default(true),
  /** One in so many bookings is spoilt. */
  spoilt_one_in: z.int().min(1).max(1_000).default(4),
  /** True: each comes when its time has come by the sandbox's clock. */
  arrive: z.boolean().default(false),
});

const mended = z.strictObject({ records: z.array(z.string().max(18)).max(10_000) });

/** Fills the org with the bookings of a period, some of them spoilt, and answers what was planted where. */
export function bookingRoutes(org: Org, handbook: Handbook): Router {
  const router = Router();
  router.post('/bookings', (req, res) => {
    const read = wanted.safeParse(req.body);
    if (!read.success) return void res.status(400).json({ problem: z.prettifyError(read.error) });
    const { period: key, cutOff, today, count, seed, faults, arrive, spoilt_one_in: oneIn } = read.data;
    if (handbook.policies.length === 0) return void res.status(409).json({ problem: 'there is no policy' });
    const period = periodOf(key, cutOff);
    const policy = policyOn(handbook, period.lastDay).close.booking;
    const made = makeBookings({ period, today, policy }, count, seed, faults ? oneIn : null);
    if (arrive) keepForLater(org, made, period.firstDay);
    else storeBookings(org, made.bookings);
    res.json({
      bookings: made.bookings.length,
      planted: made.planted,
      ...(arrive ? letArrive(org, timeIn(org.world)) : {}),
    });
  });
  router.post('/bookings/arrive', (_req, res) => {
    res.json(letArrive(org, timeIn(org.world)));
  });
  router.post('/bookings/mend', (req, res) => {
    const read = mended.safeParse(req.body);
    if (!read.success) return void res.status(400).json({ problem: z.prettifyError(read.error) });
    res.json({ mended: mend(org, read.data.records) });
  });
  return router;
}
