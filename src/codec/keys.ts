/** One AES-256 key. Its id stands in every payload that it sealed, in plain text. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** The first key seals; all of them open. An empty ring seals nothing. */
export type KeyRing = readonly SealingKey[];

const KEY_BYTES = 32;

/** A fault in `DAYTWO_ENCRYPTION_KEYS`. Its message names positions and ids, never a key. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
}

/** Reads `id:base64,id2:base64` (32 bytes each). @throws KeyRingError */
export function readKeyRing(text: string): KeyRing {
  const keys: SealingKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const place = `entry ${index + 1}`;
    const [id, base64, ...rest] = entry.trim().split(':');
    if (id === undefined || base64 === undefined || rest.length > 0)
      throw new KeyRingError(`${place} isn't of the form id:base64`);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id))
      throw new KeyRingError(
        `${place} has an id that isn't 1 to 64 letters, digits, dots, dashes or underscores`,
      );
    if (keys.some((key) => key.id === id)) throw new KeyRingError(`the key id ${id} stands there twice`);
    const bytes = Buffer.from(base64, 'base64');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || bytes.length !== KEY_BYTES)
      throw new KeyRingError(`the key ${id} isn't ${KEY_BYTES} bytes in base64`);
    keys.push({ id, bytes });
  }
  return keys;
}

/** Keys that were made for trying things out; production refuses them. */
export const isSandboxKey = (key: SealingKey): boolean => key.id.startsWith('sandbox');
