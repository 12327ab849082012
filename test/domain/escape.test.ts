import fc from 'fast-check';
import {
  codeSpan,
  csvCell,
  html,
  mailHeader,
  markdown,
  plainLine,
  soql,
  terminal,
} from '../../src/domain/escape';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...'\\`*_{}[]<>#@!~%&$^|/-+=:.1)("\'\n\r\t\0\u001b;, aw'.split(''),
        'https://',
        'www.',
        '<!--',
        '\u202e',
      ),
    )
    .map((parts) => parts.join('')),
);
const WORD_JOINER = /\u2060/g;
const MARKS = new Set('\\`*_{}[]<>#@!~%&$^|');

/** What a Markdown renderer shows of escaped text. */
const shown = (escaped: string): string =>
  escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(WORD_JOINER, '');

/** The characters that no backslash makes inert. */
function bare(escaped: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < escaped.length; at += 1) {
    const sign = escaped.charAt(at);
    if (sign === '\\') at += 1;
    else if (MARKS.has(sign)) found.push(sign);
  }
  return found;
}

describe('markdown', () => {
  test('whatever comes in, no mark stays active, it is one line, and shows what it was', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = markdown(text);
        expect(bare(escaped)).toEqual([]);
        expect(escaped).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        expect(escaped).not.toMatch(/^[/\-+=:]|^\d+[.)]|:\/\/|\bwww\./i);
        expect(shown(escaped)).toBe(plainLine(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['a mention', '@grace', '\\@\u2060grace'],
    ['a quick action', '/close', '\\/close'],
    ['a quick action after a line break', 'Ada\n/close', 'Ada /close'],
    ['a quick action after white space', ' \u200b/assign me', '\\/assign me'],
    ['references', '#1 !2 ~bug %m &3 $4 ^5', '\\#1 \\!2 \\~bug \\%m \\&3 \\$4 \\^5'],
    ['a comment like daytwo’s own markers', '<!-- daytwo -->', '\\<\\!-- daytwo --\\>'],
    ['HTML', '<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['a box', '- [x] done', '\\- \\[x\\] done'],
    ['a table’s border', 'a | b', 'a \\| b'],
    ['an entity', '&lt;b&gt;', '\\&lt;b\\&gt;'],
    ['an escape', '\\*a\\*', '\\\\\\*a\\\\\\*'],
    ['an address of the web', 'see https://evil.example', 'see https\\:\u2060//evil.example'],
    ['an address without its protocol', 'WWW.evil.example', 'WWW\u2060.evil.example'],
    ['a heading drawn below', '===', '\\==='],
    ['a numbered list', '1. one', '1\\. one'],
    ['an emoji’s name as text', 'a:smile:', 'a:smile:'],
    ['text that runs backwards', 'a\u202eb', 'ab'],
    ['an ordinary name', "Ana-María O'Neil, Jr.", "Ana-María O'Neil, Jr."],
    ['a name with a joiner', 'نرم\u200cافزار', 'نرم\u200cافزار'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('%s is inert', (_what, text, expected) => {
    expect(markdown(text)).toBe(expected);
  });
});

describe('codeSpan', () => {
  test('whatever comes in, the fence is longer than any run within, and there is no pipe or line break', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const span = codeSpan(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        expect(span.endsWith(fence)).toBe(true);
        const content = span.slice(fence.length, -fence.length);
        const runs = (content.match(/`+/g) ?? []).map((run) => run.length);
        expect(runs).not.toContain(fence.length);
        expect(content.startsWith('`') || content.endsWith('`') || content === '').toBe(false);
        expect(span).not.toMatch(/[|\r\n]/);
      }),
      { numRuns: 1000 },
    );
  });
  test.each([
    ['ada@example.com', '`ada@example.com`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '`  `'],
    // Nobody's text is taken for a mark of daytwo.
    ['<!-- daytwo:end -->', '`<!\u2010- daytwo:end -->`'],
  ])('%j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });
});

describe('csvCell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+1', "'-1+1"],
    ['+1', "'+1"],
    [' =1', "'=1"],
    ['＝1', "'＝1"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['a\nb', 'a b'],
    ['Ada', 'Ada'],
  ])('%j becomes %j', (text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });
  test('whatever comes in, it stays one cell and no formula', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const cell = csvCell(text);
        const inside = cell.startsWith('"') ? cell.slice(1, -1).replace(/""/g, '') : cell;
        expect(inside).not.toMatch(cell.startsWith('"') ? /"/ : /[",;\r\n\t]/);
        expect(inside).not.toMatch(/^[=+\-@]/);
      }),
    );
  });
});

describe('soql', () => {
  test.each([
    ["O'Brien", "'O\\'Brien'"],
    ["x' OR Name LIKE '%", "'x\\' OR Name LIKE \\'%'"],
    ["\\' OR 1", "'\\\\\\' OR 1'"],
    ['a\nb', "'a\\nb'"],
    ['a\0b', "'a b'"],
  ])('%j becomes %j', (text, expected) => {
    expect(soql(text)).toBe(expected);
  });
  test('whatever comes in, the literal ends only at its end', () => {
    fc.assert(
      fc.property(anything, (text) => expect(soql(text)).toMatch(/^'(?:[^'\\]|\\.)*'$/u)),
      { numRuns: 1000 },
    );
  });
});

describe('html', () => {
  test('whatever comes in, no element, attribute or entity begins', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(html(text)).not.toMatch(/[<>"'`]|&(?!(amp|lt|gt|quot|#39|#96);)/);
      }),
    );
  });
  test('lines stay lines', () => {
    expect(html('a <b>\r\nc & d')).toBe('a &lt;b&gt;\nc &amp; d');
  });
});

test('no further mail header can begin in one', () => {
  expect(mailHeader('Welcome\r\nBcc: all@example.com')).toBe('Welcome Bcc: all@example.com');
  expect([...mailHeader('😀'.repeat(600))]).toHaveLength(500);
});

describe('terminal', () => {
  test.each([
    ['colour', '\u001b[31mred\u001b[0m', 'red'],
    ['the 8-bit form', '\u009b31mred', 'red'],
    ['a title', '\u001b]0;owned\u0007Ada', 'Ada'],
    ['a clipboard write that does not end', 'a\u001b]52;c;ZXZpbA', 'a'],
    ['a link', '\u001b]8;;https://evil.example\u001b\\Ada\u001b]8;;\u001b\\', 'Ada'],
    ['a carriage return over the line', 'real\rfake', 'real fake'],
    ['a backspace', 'a\bb', 'a b'],
    ['text that runs backwards', 'a\u202eb', 'ab'],
  ])('%s is stripped', (_what, text, expected) => {
    expect(terminal(text)).toBe(expected);
  });
  test('whatever comes in, no control comes out', () => {
    fc.assert(
      fc.property(anything, (text) =>
        expect(terminal(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u),
      ),
    );
  });
});
