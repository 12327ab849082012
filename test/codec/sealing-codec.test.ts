import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { dataConverter } from '../../src/codec/data-converter';
import { KeyRingError, readKeyRing, type KeyRing } from '../../src/codec/keys';
import { isSealed, SealedPayloadError, SealingCodec } from '../../src/codec/sealing-codec';

const key = (id: string): KeyRing[number] => ({ id, bytes: randomBytes(32) });
const one = key('2026-11');
const two = key('2027-01');
const codec = new SealingCodec([one]);
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

async function sealed(value: unknown, by = codec): Promise<Payload> {
  const [payload] = await by.encode([payloadOf(value)]);
  if (!payload) throw new Error('nothing came back');
  return payload;
}
async function opened(payload: Payload, by = codec): Promise<unknown> {
  const [plain] = await by.decode([payload]);
  if (!plain) throw new Error('nothing came back');
  return defaultPayloadConverter.fromPayload(plain);
}

test('whatever goes in comes out, and never lies open in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const payload = await sealed(value);
      expect(isSealed(payload)).toBe(true);
      expect(await opened(payload)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100 },
  );
  const payload = await sealed({ email: 'ada@example.com' });
  expect(Buffer.from(payload.data ?? []).toString('latin1')).not.toContain('ada@example');
  expect(text(payload.metadata?.['encryption-key-id'])).toBe('2026-11');
});

test('a payload without metadata or content, and one sealed already, come back as they were', async () => {
  const bare: Payload = { metadata: {}, data: new Uint8Array() };
  expect(await codec.decode(await codec.encode([bare]))).toEqual([bare]);
  const twice = await codec.encode(await codec.encode([payloadOf('x')]));
  expect(
    (await codec.decode(await codec.decode(twice))).map((p) => defaultPayloadConverter.fromPayload(p)),
  ).toEqual(['x']);
});

test('the same content is never sealed to the same bytes', async () => {
  expect((await sealed('x')).data).not.toEqual((await sealed('x')).data);
});

test('after a rotation the new key seals and the old one still opens', async () => {
  const before = await sealed('old', new SealingCodec([one]));
  const rotated = new SealingCodec([two, one]);
  expect(await opened(before, rotated)).toBe('old');
  const after = await sealed('new', rotated);
  expect(text(after.metadata?.['encryption-key-id'])).toBe('2027-01');
  expect(await opened(after, new SealingCodec([two]))).toBe('new');
});

test('a missing key is an error that names the id only', async () => {
  const payload = await sealed('secret-content', new SealingCodec([two]));
  const failed = await opened(payload).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(SealedPayloadError);
  expect(String(failed)).toContain('2027-01');
  expect(String(failed)).not.toContain('secret-content');
});

test('every altered byte, and a swapped key id, is found', async () => {
  const payload = await sealed('x'.repeat(20));
  const data = Buffer.from(payload.data ?? []);
  for (let at = 0; at < data.length; at += 1) {
    const altered = Buffer.from(data);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(opened({ ...payload, data: altered })).rejects.toThrow('2026-11 was altered');
  }
  await expect(opened({ ...payload, data: data.subarray(0, 10) })).rejects.toThrow(SealedPayloadError);
  const sameBytes = new SealingCodec([{ id: 'other', bytes: one.bytes }]);
  const metadata = { ...payload.metadata, 'encryption-key-id': Buffer.from('other') };
  await expect(opened({ ...payload, metadata }, sameBytes)).rejects.toThrow('other was altered');
});

test('plain payloads pass, so that people can signal with plain JSON', async () => {
  expect(await opened(payloadOf({ by: 'grace' }))).toEqual({ by: 'grace' });
});

test('client and worker seal values and the texts of failures', async () => {
  const loaded = loadDataConverter(dataConverter([one]));
  const [value] = (await loaded.payloadCodecs[0]?.encode([payloadOf('ada')])) ?? [];
  expect(value && isSealed(value)).toBe(true);
  const failure = await encodeErrorToFailure(loaded, new Error('no seat for ada@example.com'));
  expect(JSON.stringify(failure)).not.toContain('ada@example.com');
  const back = await decodeOptionalFailureToOptionalError(loaded, failure);
  expect(back?.message).toContain('no seat for ada@example.com');
});

test('without keys nothing is sealed', async () => {
  expect(dataConverter([])).toEqual({});
  const plain = payloadOf('x');
  expect(await new SealingCodec([]).encode([plain])).toEqual([plain]);
});

describe('the key ring', () => {
  const good = randomBytes(32).toString('base64');
  test('reads several keys, the first of which seals', () => {
    expect(readKeyRing(`a:${good}, b:${randomBytes(32).toString('base64')}`).map((k) => k.id)).toEqual([
      'a',
      'b',
    ]);
  });
  test.each([
    ['no id', good, 'entry 1'],
    ['an empty entry', `a:${good},`, 'entry 2'],
    ['a short key', `a:${randomBytes(16).toString('base64')}`, 'the key a'],
    ['no base64', `a:${'%'.repeat(44)}`, 'the key a'],
    ['an id twice', `a:${good},a:${good}`, 'the key id a'],
    ['a wild id', `../x:${good}`, 'entry 1'],
  ])('refuses %s, and never quotes a key', (_what, value, named) => {
    let message = '';
    try {
      readKeyRing(value);
    } catch (error) {
      expect(error).toBeInstanceOf(KeyRingError);
      message = String(error);
    }
    expect(message).toContain(named);
    expect(message).not.toContain(good);
  });
});
