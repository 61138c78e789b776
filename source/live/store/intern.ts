/**
 * One object for each value: names, ARNs and labels repeat over the clusters of a fleet, and every answer brings its own
 * copies. Bounded: what was not seen for two rounds of `roundSize` new values is forgotten here (whoever has it keeps
 * it), so that a pool never grows with time.
 */
export class Pool {
  readonly #roundSize: number;
  #texts = new Map<string, string>();
  #olderTexts = new Map<string, string>();
  #records = new Map<string, Readonly<Record<string, string>>>();
  #olderRecords = new Map<string, Readonly<Record<string, string>>>();

  constructor(roundSize = 50_000) {
    this.#roundSize = roundSize;
  }

  /** The same text, as the object that was seen first. */
  text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const kept = this.#olderTexts.get(text) ?? text;
    if (this.#texts.size >= this.#roundSize) {
      this.#olderTexts = this.#texts;
      this.#texts = new Map();
    }
    this.#texts.set(kept, kept);
    return kept;
  }

  /** The same entries in the same order, as an object that all who have them share. */
  record(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const key = keyOfRecord(record);
    if (key === '') return nothing;
    const known = this.#records.get(key);
    if (known) return known;
    const kept = this.#olderRecords.get(key) ?? record;
    if (this.#records.size >= this.#roundSize) {
      this.#olderRecords = this.#records;
      this.#records = new Map();
    }
    this.#records.set(key, kept);
    return kept;
  }
}

const nothing: Readonly<Record<string, string>> = Object.freeze({});

/** Two records have the same key only if they have the same entries: what separates them is written with its length. */
function keyOfRecord(record: Readonly<Record<string, string>>): string {
  let key = '';
  for (const name of Object.keys(record)) {
    const value = record[name] ?? '';
    key += `${name.length}:${name}${value.length}:${value}`;
  }
  return key;
}
