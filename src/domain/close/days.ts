import type { Instant } from './columns';

/** Whether an instant is at a second or before it: at a cut-off of 23:59:59 that whole second still counts. */
export const isBy = (at: Instant, second: Instant): boolean => at.slice(0, 19) <= second.slice(0, 19);
