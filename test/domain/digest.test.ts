import fc from 'fast-check';
import { canonicalJson, standsAsApproved } from '../../src/domain/digest';
import { digestOf } from '../../src/handbook';

describe('the digest of a content', () => {
  it('is the same for the same content, however its keys are ordered', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf({ a: 1 })).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('differs where the content does: order of a list, kind of a value, a key more', () => {
    const values = [[1, 2], [2, 1], ['1', 2], { a: 1 }, { a: '1' }, { a: 1, b: null }, null, '', 0];
    expect(new Set(values.map(digestOf)).size).toBe(values.length);
  });

  it('is of JSON that reads back as the same content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value))),
      ),
    );
  });

  it('fits an approval of the same digest only', () => {
    const approval = { by: ['a'], on: '2026-11-24', digest: 'sha256:1' };
    expect(standsAsApproved({ digest: 'sha256:1', approval })).toBe(true);
    expect(standsAsApproved({ digest: 'sha256:2', approval })).toBe(false);
    expect(standsAsApproved({ digest: 'sha256:1', approval: null })).toBe(false);
  });
});
