import { DefaultFailureConverter } from '@temporalio/common';

/** Puts messages and stack traces of failures into a payload, so that the codec seals them as well. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
