/** The time as the workflow has it: the same whenever its history is replayed. */
export const now = (): string => new Date().toISOString();

/** Milliseconds until an instant; at least one, so that a timer is one. */
export const left = (instant: string): number => Math.max(1, Date.parse(instant) - Date.now());
