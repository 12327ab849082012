import { SalesforceError } from './errors';
import type { Org } from './org';

interface Usage {
  /** UTC date. */
  readonly day: string;
  readonly used: number;
}

const usageTable = (org: Org) => org.world.table<Usage>('sf-usage');

/** API requests of this day. */
export function usedRequests(org: Org): number {
  const usage = usageTable(org).get('rest');
  return usage?.day === new Date().toISOString().slice(0, 10) ? usage.used : 0;
}

/** Counts a request. @throws SalesforceError `REQUEST_LIMIT_EXCEEDED` (403) where the day's are used up */
export function countRequest(org: Org): void {
  const used = usedRequests(org);
  if (used >= org.settings.dailyApiRequests) {
    throw new SalesforceError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', [], 403);
  }
  usageTable(org).put('rest', { day: new Date().toISOString().slice(0, 10), used: used + 1 });
}

/** The header that every answer carries: `api-usage=18/150000`. */
export const limitInfo = (org: Org): string =>
  `api-usage=${usedRequests(org)}/${org.settings.dailyApiRequests}`;

/** `/limits`, as far as the sandbox keeps them. */
export function limits(org: Org): object {
  const Max = org.settings.dailyApiRequests;
  const full = (most: number) => ({ Max: most, Remaining: most });
  return {
    DailyApiRequests: { Max, Remaining: Math.max(0, Max - usedRequests(org)) },
    DailyBulkApiBatches: full(15_000),
    DailyBulkV2QueryJobs: full(10_000),
    DailyBulkV2QueryFileStorageMB: full(976_562),
    DataStorageMB: full(1024),
    FileStorageMB: full(1024),
    HourlyTimeBasedWorkflow: full(1000),
    SingleEmail: full(5000),
    MassEmail: full(5000),
    ConcurrentAsyncGetReportInstances: full(200),
    PermissionSets: { ...full(1500), CreateCustom: full(1000) },
  };
}
