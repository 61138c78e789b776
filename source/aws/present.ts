/** The fields that have a value; an answer's missing and `null` fields are then absent, as facts want them. */
export function present<T extends object>(fields: T): { -readonly [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    -readonly [Key in keyof T]?: NonNullable<T[Key]>;
  };
}

/** Milliseconds since the epoch; undefined for a missing date and for one that could not be parsed. */
export function milliseconds(date: Date | undefined): number | undefined {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** `[{Key, Value}]`, as IAM and CloudFormation write tags, as a record. */
export const tagRecord = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries((tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));
