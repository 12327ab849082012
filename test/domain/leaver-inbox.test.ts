import { LeaverInbox, type LeaverCarried } from '../../src/domain/leaver-inbox';
import type { LeavingEvent } from '../../src/domain/hr-event';

const event = (id: string): LeavingEvent => ({
  type: 'employee.leaving',
  event_id: id,
  employee_id: '1',
  kind: 'voluntary',
  last_working_day: '2026-12-31',
  garden_leave_start: null,
  termination_date: null,
});

describe('what goes on when a history is left behind', () => {
  const full = (): LeaverInbox => {
    const inbox = new LeaverInbox();
    inbox.hear(event('first'));
    inbox.leaveNow('noor-security', 'laptop stolen', '2026-12-01T10:00:00.000Z');
    inbox.succeededBy('dana-manager', 'robin@daytwo.example', '2026-12-01T11:00:00.000Z', true);
    inbox.adminTaken = true;
    inbox.phase = 'taken';
    inbox.takeNews();
    return inbox;
  };
  /** As Temporal passes it on. */
  const passedOn = (inbox: LeaverInbox): LeaverInbox =>
    new LeaverInbox(JSON.parse(JSON.stringify(inbox.carried)) as LeaverCarried);

  test('is all that was said: that it is now, too, so that a later word of HR moves nothing back', () => {
    const [before, after] = [full(), passedOn(full())];
    for (const inbox of [before, after]) inbox.hear(event('second'));
    const news = after.takeNews();
    expect(news).toEqual(before.takeNews());
    expect(news).toMatchObject({
      event: { event_id: 'second' },
      immediately: { by: 'noor-security', reason: 'laptop stolen' },
      successor: 'robin@daytwo.example',
    });
    expect([after.phase, after.adminTaken]).toEqual(['taken', true]);
  });

  test('an event that was heard before is not heard again', () => {
    const inbox = passedOn(full());
    inbox.hear(event('first'));
    expect(inbox.hasNews).toBe(false);
  });

  test('what was carried before that was kept is read, and says nothing of it', () => {
    const { immediately: _, ...old } = full().carried;
    expect(new LeaverInbox(old).takeNews().immediately).toBeNull();
  });
});
