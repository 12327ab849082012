import fc from 'fast-check';
import { looksFiled } from '../../src/domain/filed-issue';
import { BOT, handbook } from './request';

const looks = (description: string, author = 'dana-manager'): boolean =>
  looksFiled({ description, author }, handbook.systems, BOT);

describe('an issue is a request that somebody filed', () => {
  test.each([
    ['<!-- daytwo:form:single -->\n', true],
    ['- [ ] Chorus: Recorder', true],
    ['* [x] **Chorus** - role: Recorder', true],
    ['1. salesforce (Account Executive)', true],
    ['| Chorus | Recorder |', true],
    ['Hello\r\n\r\n- [ ] chorus\r\n', true],
    ['Please let me use Chorus.', false],
    ['- [ ] Chorusing with friends', false],
    ['- call me', false],
    ['', false],
    ['<!-- daytwo:ops:x:end -->\n- [ ] Chorus', false],
  ])('%j: %s', (description, expected) => expect(looks(description)).toBe(expected));

  test('what daytwo files itself counts by its mark alone', () => {
    expect(looks('- [ ] Chorus', BOT)).toBe(false);
    expect(looks('<!-- daytwo:form:change -->\n- [ ] Chorus', BOT)).toBe(true);
  });

  test('no text crashes it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof looks(`- ${text}`) === 'boolean'));
  });
});
