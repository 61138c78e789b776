import type { Failure } from '../../identity/reading.ts';

/** Why a fact that a picture holds is not shown as fresh; it is replaced by the first answer. */
export const fromBefore: Failure = {
  kind: 'aborted',
  message: 'it is from the last sitting and was not read again yet',
};

/** The same where nothing will be read. */
export const offline: Failure = { kind: 'aborted', message: 'it is from the last sitting: --offline reads nothing' };
