import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from './keys';
import { SealingCodec } from './sealing-codec';

/**
 * The same for client and worker: payloads are sealed, and so are the texts of failures. Without keys everything stays readable,
 * which settings allow outside production only.
 */
export function dataConverter(ring: KeyRing): DataConverter {
  if (ring.length === 0) return {};
  return {
    payloadCodecs: [new SealingCodec(ring)],
    failureConverterPath: require.resolve('./failure-converter'),
  };
}
