/** A value, or in one sentence why there is none. For input that may be odd: an error is a fact here, not an exception. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const refused = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });
