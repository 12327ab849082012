import { z } from 'zod';
import type { ReviewPolicy } from '../domain/territory/review';
import { mapOf } from './shape-problems';
import { amount, channels, people, rule, text, weekdayName, weekdayNumber, wholeNumber } from './values';

const percent = wholeNumber(0, 100);

/** How reviews of accounts are decided, of one version of the policy. */
export const reviewShape = mapOf({
  decided_by: people,
  channels: channels.default(['gitlab', 'console', 'cli']),
  remind_business_days: wholeNumber(1, 30).default(1),
  escalate_business_days: wholeNumber(1, 30).default(2),
  escalate_to: people,
  not_sources: z
    .array(
      rule(
        (value) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value),
        'not a site',
        'Write its name alone, in lower case: linkedin.com.',
      ),
    )
    .default(['linkedin.com']),
  values_days: wholeNumber(1, 3650).default(365),
  strategy: mapOf({ by: people, above: amount.prefault('50000.00') }).prefault({}),
  most_accounts: wholeNumber(1, 1000).default(10),
  leadership: people,
  holdover: mapOf({
    enterprise: mapOf({
      segments: z.array(text).default(['Large']),
      days: wholeNumber(1, 365).default(90),
      growth_above: amount.prefault('50000.00'),
      new_logo_above: amount.prefault('5000.00'),
      services_above: amount.prefault('5000.00'),
      from_stage: wholeNumber(0, 10).default(3),
      closes_within_days: wholeNumber(1, 365).default(90),
      active_within_days: wholeNumber(1, 365).default(30),
    }).prefault({}),
    commercial: mapOf({
      days: wholeNumber(1, 365).default(30),
      opportunities: wholeNumber(1, 100).default(2),
    }).prefault({}),
    new_logo_types: z.array(text).default(['New Business']),
    services_types: z.array(text).default(['Professional Services']),
    credit: z.array(percent).min(1, { error: 'is empty: nobody would be credited' }).default([100, 75, 50]),
  }).prefault({}),
  not_sales: z.array(text).default(['SDR', 'Sales Development', 'Sales Admin', 'Integration']),
  public_sector_titles: z.array(text).default(['Public Sector', 'PubSec']),
  digest_weekday: weekdayName.default('monday'),
});

export const reviewPolicyOf = (review: z.output<typeof reviewShape>): ReviewPolicy => {
  const {
    enterprise,
    commercial,
    credit,
    new_logo_types: newLogo,
    services_types: services,
  } = review.holdover;
  return {
    decidedBy: review.decided_by,
    channels: review.channels,
    remindBusinessDays: review.remind_business_days,
    escalateBusinessDays: review.escalate_business_days,
    escalateTo: review.escalate_to,
    notSources: review.not_sources,
    valuesDays: review.values_days,
    strategy: { by: review.strategy.by, aboveCents: review.strategy.above },
    mostAccounts: review.most_accounts,
    leadership: review.leadership,
    holdover: {
      enterprise: {
        segments: enterprise.segments,
        days: enterprise.days,
        aboveCents: {
          growth: enterprise.growth_above,
          newLogo: enterprise.new_logo_above,
          services: enterprise.services_above,
        },
        fromStage: enterprise.from_stage,
        closesWithinDays: enterprise.closes_within_days,
        activeWithinDays: enterprise.active_within_days,
      },
      commercial,
      types: { newLogo, services },
      credit,
    },
    notSales: review.not_sales,
    publicSectorTitles: review.public_sector_titles,
    digestWeekday: weekdayNumber(review.digest_weekday),
  };
};
