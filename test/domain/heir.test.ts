import { heirOf, isLeaverOnly, type Holder } from '../../src/domain/heir';

const person = (employeeId: string, status = 'active'): Holder => ({ employeeId, status });

test.each<[string, Holder[], ReturnType<typeof heirOf>]>([
  ['who works here', [person('2')], { employeeId: '2' }],
  ['who begins soon', [person('2', 'joining')], { employeeId: '2' }],
  [
    'who has the address of somebody who left',
    [person('1', 'left'), person('2'), person('3', 'rescinded')],
    { employeeId: '2' },
  ],
  ['nobody', [], { why: 'HR has told of nobody with this address' }],
  ['who left too', [person('2', 'left')], { why: 'the person with this address has left' }],
  ['who leaves', [person('2', 'leaving')], { why: 'employee 2 leaves, too' }],
  ['the leaver', [person('9', 'leaving')], { why: 'nobody takes over from themself' }],
  [
    'two with one address',
    [person('2'), person('3', 'leaving')],
    { why: 'several people have this address: employees 2, 3' },
  ],
])('%s', (_who, people, answer) => {
  expect(heirOf(people, '9')).toEqual(answer);
});

test.each<[string, Holder[], boolean]>([
  ['nobody whom HR knows: who is active may inherit', [], false],
  ['somebody who works here', [person('2')], false],
  ['somebody who leaves', [person('2', 'leaving')], true],
  ['somebody who left', [person('2', 'left')], true],
  ['somebody who left, and who was given the address since', [person('1', 'left'), person('2')], false],
])('%s', (_who, people, only) => {
  expect(isLeaverOnly(people)).toBe(only);
});
