import { boxesOf, boxKey, tickedBy } from '../../src/domain/task-list';

test.each([
  ['- [ ] Salesforce', [{ text: 'Salesforce', ticked: false }]],
  ['* [x] Salesforce', [{ text: 'Salesforce', ticked: true }]],
  ['+ [X] Salesforce', [{ text: 'Salesforce', ticked: true }]],
  ['12. [x] Salesforce  ', [{ text: 'Salesforce', ticked: true }]],
  [
    '  - [ ] Try again: Chorus\r\n  - [x] Clari',
    [
      { text: 'Try again: Chorus', ticked: false },
      { text: 'Clari', ticked: true },
    ],
  ],
  ['> - [x] quoted', [{ text: 'quoted', ticked: true }]],
  ['- [~] not applicable', [{ text: 'not applicable', ticked: false }]],
  ['- [] no box', []],
  ['-[ ] no box', []],
  ['[ ] no box', []],
  ['```\n- [x] an example\n```\n- [x] real', [{ text: 'real', ticked: true }]],
  ['~~~\n```\n- [x] an example\n~~~\n- [ ] real', [{ text: 'real', ticked: false }]],
  ['````\n```\n- [x] an example\n````\n- [ ] real', [{ text: 'real', ticked: false }]],
])('the boxes of %j', (text, boxes) => {
  expect(boxesOf(text)).toEqual(boxes);
});

test("a box is compared as a reader sees it: GitLab's notes drop escapes and emphasis", () => {
  expect(boxKey('Chorus \\(settings\\):  **role** Sales\\_Rep')).toBe(
    boxKey('chorus (settings): role Sales_Rep'),
  );
  expect(boxKey('Chorus')).not.toBe(boxKey('Clari'));
});

test.each([
  ['marked the checklist item **Salesforce** as completed', { text: 'Salesforce', ticked: true }],
  ['marked the checklist item **A **bold** one** as incomplete', { text: 'A **bold** one', ticked: false }],
  ['marked the task **Salesforce** as completed', { text: 'Salesforce', ticked: true }],
  ['changed the description', null],
  ['I marked the checklist item **Salesforce** as completed', null],
  ['marked the checklist item **Salesforce** as done', null],
])('the note %j', (note, box) => {
  expect(tickedBy(note)).toEqual(box);
});
