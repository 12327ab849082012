import { ValueError, type Payload, type PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing, SealingKey } from './keys';

const ENCODING = 'binary/encrypted';
const CIPHER = 'AES-256-GCM';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');
const read = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

/** A payload that can't be opened. Names the key id, never content. */
export class SealedPayloadError extends ValueError {
  override readonly name = 'SealedPayloadError';
}

/**
 * Seals payloads with AES-256-GCM before they leave this process, and opens them when they come back.
 * Sealed data is `nonce (12 bytes) | ciphertext | tag (16 bytes)`; the key's id is authenticated with it, so that a payload can't be
 * passed off as sealed by another key. Payloads that aren't sealed pass through on opening: people signal with plain JSON.
 */
export class SealingCodec implements PayloadCodec {
  readonly #sealing: SealingKey | undefined;
  readonly #opening: ReadonlyMap<string, SealingKey>;

  constructor(ring: KeyRing) {
    this.#sealing = ring[0];
    this.#opening = new Map(ring.map((key) => [key.id, key]));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the SDK's interface is asynchronous
  async encode(payloads: Payload[]): Promise<Payload[]> {
    const key = this.#sealing;
    return key ? payloads.map((payload) => seal(payload, key)) : payloads;
  }

  /** @throws SealedPayloadError if the key is missing or the payload was tampered with. */
  // eslint-disable-next-line @typescript-eslint/require-await -- the SDK's interface is asynchronous
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isSealed(payload) ? this.#open(payload) : payload));
  }

  #open(payload: Payload): Payload {
    const id = read(payload.metadata?.['encryption-key-id']);
    const key = this.#opening.get(id);
    if (!key)
      throw new SealedPayloadError(`no key with the id ${JSON.stringify(id.slice(0, 64))} is configured`);
    try {
      return open(payload, key);
    } catch {
      throw new SealedPayloadError(`a payload sealed with the key ${id} was altered or damaged`);
    }
  }
}

export const isSealed = (payload: Payload): boolean => read(payload.metadata?.['encoding']) === ENCODING;

function seal(payload: Payload, key: SealingKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(text(key.id));
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    metadata: {
      encoding: text(ENCODING),
      'encryption-cipher': text(CIPHER),
      'encryption-key-id': text(key.id),
    },
    data,
  };
}

function open(payload: Payload, key: SealingKey): Payload {
  const sealed = Buffer.from(payload.data ?? []);
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new RangeError('too short to be sealed');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(text(key.id));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  const { metadata, data } = temporal.api.common.v1.Payload.decode(plain);
  // An empty field comes out as a plain empty array, which the SDK doesn't take.
  return { metadata: metadata ?? {}, data: data?.length ? data : new Uint8Array() };
}
