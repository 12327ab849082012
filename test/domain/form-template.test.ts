import { renderTemplate, unknownPlaceholders } from '../../src/domain/form-template';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();

test('{systems} is a box for each system, with what must be named and what is known of it', () => {
  const lines = renderTemplate('{systems}', handbook).split('\n');
  expect(lines).toHaveLength(handbook.systems.length);
  expect(lines).toContain('- [ ] RingLead: role: <!-- offered; role: such as User, Admin -->');
  expect(lines).toContain('- [ ] Salesforce Inbox <!-- offered -->');
  expect(lines).toContain(
    '- [ ] Chorus: role: , team: , licence type: <!-- offered; licence type: such as Recorder, Listener -->',
  );
});

test('{system_names} is the same without, and {dris} are mentioned', () => {
  expect(renderTemplate('{system_names}', handbook)).toContain('- [ ] RingLead <!-- offered -->');
  expect(renderTemplate('cc {dris}', handbook)).toBe('cc @amber @meri');
});

test('a value that would end the comment does not', () => {
  const systems = handbook.systems.map((system) => ({ ...system, levels: ['a --> b'] }));
  for (const line of renderTemplate('{systems}', { ...handbook, systems }).split('\n'))
    expect(line.match(/-->/g)).toHaveLength(1);
});

test('other words in braces are named with their line', () => {
  expect(unknownPlaceholders('{systems}\n{systms} {dris}\n{constructor}')).toEqual([
    { word: 'systms', line: 2 },
    { word: 'constructor', line: 3 },
  ]);
  expect(renderTemplate('{constructor}', handbook)).toBe('{constructor}');
});
