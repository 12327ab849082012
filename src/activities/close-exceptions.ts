import type { CloseCase } from '../domain/close/close';
import { codeSpan } from '../domain/escape';
import { digestOf } from '../evidence';
import type { LockException } from '../systems/period-changes';
import type { DeskIssue } from '../systems/gitlab';
import { noteOfClose } from './close-record';
import { postOnce } from './desk-comments';
import { periodsOf } from './periods-of';
import type { World } from './world';

/**
 * Looks for whom another lock holds than for all. What a change of daytwo's own left behind is taken away, where none is being made; who
 * was given an exception by hand is told on the issue of the period, once for the same ones.
 */
export async function lookAtExceptions(
  world: World,
  close: CloseCase,
  issue: DeskIssue,
  bot: string,
  at: string,
): Promise<void> {
  const periods = periodsOf(world);
  const found = await periods.exceptions();
  // Of whatever period: they share one exception.
  const isLeft = found.some(({ isOwn }) => isOwn) && (await world.store.changes.beingMade()).length === 0;
  if (isLeft && (await periods.endOpening()))
    await noteOfClose(world, close, `exception-ended/${at}`, at, 'close.exception_ended', {
      what: 'took away an exception from the lock that a change had left behind',
      proof: 'verified',
    });
  const others = found.filter(({ isOwn }) => !isOwn);
  if (others.length === 0) return;
  const lines = others.map(inWords).sort();
  await noteOfClose(world, close, `exempt/${at}`, at, 'close.exempt', {
    what: `found ${others.length} for whom another lock holds than for all`,
    after: lines,
  });
  await postOnce(
    world,
    issue,
    { bot },
    `exempt:${digestOf(lines).slice(0, 16)}`,
    [
      'This period is locked, and another lock holds for these users or profiles (rows of `Close_Lock__c`):',
      ...lines.map((line) => `- ${codeSpan(line)}`),
      'What they change is found each night. Delete the rows that nobody needs.',
    ].join('\n'),
  );
}

const inWords = ({ owner, through, openUntil }: LockException): string =>
  `${owner}: ${openUntil ? `open until ${openUntil}` : `locked through ${through ?? 'what holds for all'}`}`;
