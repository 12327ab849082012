import type { Sandbox } from '../../src/sandbox';
import { fetchCalendar } from '../../src/systems/icalendar';
import { cleanUp, sandbox } from './fixture';

let world: Sandbox;
beforeAll(async () => {
  world = await sandbox();
});
afterAll(cleanUp);

const address = (name: string): string => `${world.files.control.url}/calendars/${name}`;
const put = (name: string, body: string) => fetch(address(name), { method: 'PUT', body });

test('everybody has a calendar that anybody may fill', async () => {
  expect(await fetchCalendar(address('erin.ics'))).not.toContain('BEGIN:VEVENT');
  const text = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
  expect((await put('erin.ics', text)).status).toBe(204);
  expect(await fetchCalendar(address('erin.ics'))).toBe(text);
  expect(await fetchCalendar(address('dana.ics'))).not.toContain('BEGIN:VEVENT');
});

test('what is no calendar is not taken, and other names are not known', async () => {
  expect((await put('erin.ics', 'hello')).status).toBe(400);
  expect((await put('erin.txt', 'BEGIN:VCALENDAR')).status).toBe(404);
});
