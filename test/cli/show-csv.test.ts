import { csvOf } from '../../src/cli/show-csv';

test('the people of a request are given as CSV, one line each, and no cell is a formula', () => {
  const lines = [
    { place: 1, email: 'ann@x.example', employeeId: '1', problem: null, statuses: { clari: 'granted' } },
    { place: 2, email: '=cmd@x.example', employeeId: null, problem: 'no employee, here', statuses: {} },
  ];
  expect(csvOf(lines, ['clari', 'chorus'])).toEqual([
    'email,employee_id,left_out,clari,chorus',
    'ann@x.example,1,,granted,',
    `'=cmd@x.example,,"no employee, here",,`,
  ]);
});
