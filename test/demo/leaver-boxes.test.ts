import { ticksFor } from '../../src/demo/leaver-boxes';
import { sampleHandbook } from '../handbook/sample';

const handbook = sampleHandbook();
const boxes = (system: string, ticked = false): string =>
  `- [${ticked ? 'x' : ' '}] Access Deprovisioned - ${system}\n- [ ] Not Applicable to Team Member - ${system}`;

test('each open system is settled by one of its deprovisioners: gone where they had access, else none', () => {
  const description = [boxes('Clari'), boxes('DataFox'), boxes('Xactly Incent')].join('\n\n');
  expect(ticksFor(description, handbook, ['clari'])).toEqual([
    {
      who: 'jonas-ops',
      texts: ['Access Deprovisioned - Clari', 'Not Applicable to Team Member - DataFox'],
    },
    { who: 'theo-comp', texts: ['Not Applicable to Team Member - Xactly Incent'] },
  ]);
});

test('what is settled is left alone', () => {
  expect(ticksFor(boxes('Clari', true), handbook, ['clari'])).toEqual([]);
});

test('a step is done by one who looks after Salesforce', () => {
  const step = 'Salesforce: look through the entries of the active assignment rules';
  expect(ticksFor(`- [ ] ${step}`, handbook, [])).toEqual([{ who: 'meri', texts: [step] }]);
});
