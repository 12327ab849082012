import { readRecording } from './recording';

/** What a cluster counts as an action: the start, activities, timers, signals, updates, and changed search attributes. */
const COUNTED = [
  'workflowExecutionStartedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'timerStartedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
] as const;

const actionsOf = (name: string): number =>
  (readRecording(name)?.events ?? []).filter((event) => COUNTED.some((kind) => event[kind] != null)).length;

/** Whatever the number of accounts: they are in the store, and a heartbeat each few seconds comes on top. */
test('a night costs few server actions, also with an approval', () => {
  const opening = actionsOf('territory-opening.begins-the-night');
  expect(opening).toBeGreaterThan(0);
  expect(opening + actionsOf('territory-plan.quiet-night')).toBe(9);
  expect(opening + actionsOf('territory-plan.approved-on-its-issue')).toBe(15);
});
