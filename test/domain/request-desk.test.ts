import { newRequest } from '../../src/domain/access-request';
import { isOwnChannel, malformed, RequestDesk } from '../../src/domain/request-desk';
import { OPENED, plan, ref, request } from './request';

describe('a message', () => {
  test.each<[unknown, string]>([
    [null, 'expected {'],
    ['sam', 'expected {'],
    [{}, '"by"'],
    [{ by: '' }, '"by"'],
    [{ by: 'two words' }, '"by"'],
    [{ by: '@sam' }, '"by"'],
    [{ by: 'x'.repeat(256) }, '"by"'],
    [{ by: 7 }, '"by"'],
    [{ by: 'sam', task: 7 }, '"task"'],
    [{ by: 'sam', task: 'x'.repeat(201) }, '"task"'],
    [{ by: 'sam', reason: {} }, '"reason"'],
    [{ by: 'sam', reason: 'x'.repeat(2_001) }, '"reason"'],
    [{ by: 'sam', remove: 'yes' }, '"remove"'],
  ])('%j is refused, naming what is wrong', (input, problem) => {
    expect(malformed(input)).toContain(problem);
  });

  test('needs no more than who sent it', () => {
    expect(malformed({ by: 'sam-ops' })).toBeNull();
    expect(malformed({ by: 'sam.ops_2', task: 'clari', reason: 'x', remove: true })).toBeNull();
  });

  test('may not say that it was done on GitLab', () => {
    expect(isOwnChannel('gitlab')).toBe(false);
    expect(isOwnChannel('cli')).toBe(true);
    expect(isOwnChannel(undefined)).toBe(true);
  });
});

describe('a desk', () => {
  const AT = '2026-11-25T09:00:00.000Z';

  test('is read at its birth, on a hint and on a message, and not otherwise', () => {
    const desk = new RequestDesk(request());
    expect(desk.needsDesk).toBe(true);
    expect(desk.takeMessages()).toEqual([]);
    expect(desk.needsDesk).toBe(false);
    desk.hint();
    expect(desk.needsDesk).toBe(true);
    desk.takeMessages();
    desk.tell('claim', { by: 'sam-ops' }, AT, 'signal');
    expect(desk.needsDesk).toBe(true);
    expect(desk.takeMessages()).toMatchObject([{ kind: 'claim', by: 'sam-ops', channel: 'signal' }]);
    expect(desk.needsDesk).toBe(false);
  });

  test('of a request at rest, which goes on in a new history, is read once something happens', () => {
    const desk = new RequestDesk(request(), false);
    expect(desk.needsDesk).toBe(false);
    desk.hint();
    expect(desk.needsDesk).toBe(true);
  });

  test('gives each message an answer of its own, two of the same instant too', () => {
    const desk = new RequestDesk(request());
    const [one, other] = [
      desk.tell('claim', { by: 'a' }, AT, 'cli'),
      desk.tell('claim', { by: 'a' }, AT, 'cli'),
    ];
    expect(desk.answer(one)).toBeUndefined();
    desk.wasJudged([], { [one]: null, [other]: 'too late' });
    expect([desk.answer(one), desk.answer(other)]).toEqual([null, 'too late']);
  });

  test('what comes in during a reading waits for the next one', () => {
    const desk = new RequestDesk(request());
    desk.takeMessages();
    desk.hint();
    desk.wasJudged([], {});
    expect(desk.needsDesk).toBe(true);
  });

  test('keeps what came of a grant, and shows it', () => {
    const desk = new RequestDesk(request());
    desk.takeMessages();
    desk.wasGranted({ outcomes: { salesforce: { kind: 'waiting_for_seat', licence: 'Salesforce' } } }, AT);
    expect(desk.state.tasks['salesforce']).toMatchObject({ status: 'waiting_for_seat', since: AT });
    expect(desk.needsDesk).toBe(true);
  });

  test('a grant that comes out after a cancel is looked at again: it may be there in part', () => {
    const desk = new RequestDesk(request());
    const stuck = { kind: 'needs_person', problem: 'p', mend: 'm' } as const;
    desk.happened({ kind: 'cancelled', by: 'hris', channel: 'hris', at: AT, reason: 'x', remove: true });
    desk.wasGranted({ outcomes: { salesforce: stuck } }, AT);
    expect(desk.state.tasks['salesforce']).toEqual({ status: 'open' });
    desk.cameOut({ outcomes: { salesforce: stuck } }, AT);
    expect(desk.state.tasks['salesforce']).toMatchObject({ status: 'needs_person' });
  });

  test('ends with its issue', () => {
    const desk = new RequestDesk(newRequest(ref, plan(), OPENED));
    desk.happened({ kind: 'closed', at: AT });
    expect(desk.ended).toBe(true);
  });
});
