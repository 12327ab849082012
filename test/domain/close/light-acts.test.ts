import { NO_LIGHTS, type Lights } from '../../../src/domain/close/green-light';
import {
  heardIn,
  lightActs,
  lightLabelChange,
  lightsMoved,
  type LightLabels,
  type PeriodReading,
} from '../../../src/domain/close/light-acts';

const LABELS: LightLabels = {
  greenLight: { deal_desk: 'Deal Desk::Green Light', finance: 'Finance::Green Light' },
  aliases: { 'Finance::Greenlight': 'Finance::Green Light' },
};
const AT = '2026-11-04T10:00:00.000Z';
const LIT: Lights = {
  ...NO_LIGHTS,
  finance: { by: 'fin', at: AT, channel: 'gitlab', digest: 'd1' },
};
const event = (id: number, user: string, label: string, action: 'add' | 'remove' = 'add') => ({
  id,
  user,
  at: AT,
  label,
  action,
});
const box = (ticked: boolean): string =>
  `- [ ] Green light: Deal Desk\n- [${ticked ? 'x' : ' '}] Green light: Finance`;
const reading = (more: Partial<PeriodReading>): PeriodReading => ({
  description: box(false),
  labels: [],
  notes: [],
  labelEvents: [],
  bot: 'daytwo-bot',
  ...more,
});
const who = (acts: ReturnType<typeof lightActs>) => acts.map(({ by, party, on }) => [by, party, on]);
const FINANCE = 'Finance::Green Light';

test.each<[string, Lights, Partial<PeriodReading>, unknown[]]>([
  [
    'the label that somebody set gives the light',
    NO_LIGHTS,
    { labels: [FINANCE], labelEvents: [event(7, 'fin', FINANCE)] },
    [['fin', 'finance', true]],
  ],
  [
    'a spelling that is read as it counts, too',
    NO_LIGHTS,
    { labels: ['Finance::Greenlight'], labelEvents: [event(7, 'fin', 'Finance::Greenlight')] },
    [['fin', 'finance', true]],
  ],
  [
    'who set it last counts, not who did before',
    NO_LIGHTS,
    {
      labels: [FINANCE],
      labelEvents: [event(5, 'old', FINANCE), event(6, 'old', FINANCE, 'remove'), event(7, 'fin', FINANCE)],
    },
    [['fin', 'finance', true]],
  ],
  [
    'the label taken off takes the light back',
    LIT,
    { description: box(true), labelEvents: [event(8, 'fin', FINANCE, 'remove')] },
    [['fin', 'finance', false]],
  ],
  [
    'what daytwo set itself is nobody’s light',
    NO_LIGHTS,
    { labels: [FINANCE], labelEvents: [event(5, 'fin', FINANCE), event(7, 'daytwo-bot', FINANCE)] },
    [],
  ],
  [
    'a light whose label does not stand there yet was not taken back',
    LIT,
    { description: box(true), labelEvents: [event(5, 'fin', FINANCE)] },
    [],
  ],
  ['another label says nothing', NO_LIGHTS, { labels: ['Finance::Red'] }, []],
])('%s', (_what, lights, read, acts) => {
  expect(who(lightActs({ lights }, reading(read), LABELS))).toEqual(acts);
});

test('what was judged once is not judged again: a light that went out is not given anew by the label that still stands', () => {
  const read = reading({
    description: box(true),
    labels: [FINANCE],
    labelEvents: [event(7, 'fin', FINANCE)],
    notes: [
      {
        id: 3,
        author: 'fin',
        at: AT,
        system: true,
        body: 'marked the checklist item **Green light: Finance** as completed',
      },
    ],
  });
  expect(who(lightActs({ lights: NO_LIGHTS }, read, LABELS))).toHaveLength(2);
  const heard = heardIn(read, undefined);
  expect(lightActs({ lights: NO_LIGHTS, heard }, read, LABELS)).toEqual([]);
  const again = { ...read, labelEvents: [event(9, 'fin', FINANCE)] };
  expect(who(lightActs({ lights: NO_LIGHTS, heard }, again, LABELS))).toEqual([['fin', 'finance', true]]);
});

test('the labels follow the lights by the smallest change, and other labels are left', () => {
  expect(lightLabelChange({ lights: LIT }, ['Deal Desk::Green Light', 'urgent'], LABELS)).toEqual({
    add: [FINANCE],
    remove: ['Deal Desk::Green Light'],
  });
  expect(lightLabelChange({ lights: LIT }, [FINANCE], LABELS)).toEqual({ add: [], remove: [] });
  expect(lightLabelChange({ lights: LIT }, ['Finance::Greenlight'], LABELS)).toEqual({
    add: [FINANCE],
    remove: ['Finance::Greenlight'],
  });
  expect(lightsMoved({ lights: LIT }, { description: box(true), labels: [FINANCE] }, LABELS)).toEqual([]);
});
