/**
 * Credentials, and what is made with them, made when first needed and made anew after they were refused: the SDK keeps
 * credentials without a date of expiry for ever, while whoever has run out of them puts others in the same place.
 */
export class Renewable<T> {
  readonly #make: () => T;
  #made: { readonly value: T } | undefined;
  #generation = 0;
  #refused = false;

  constructor(make: () => T) {
    this.#make = make;
  }

  get value(): T {
    this.#made ??= { value: this.#make() };
    return this.#made.value;
  }

  /** Made once for each generation of the value, e.g. a client that signs with it. */
  with<U>(make: () => U): () => U {
    let made: { readonly value: U; readonly generation: number } | undefined;
    return () => {
      if (made?.generation !== this.#generation) made = { value: make(), generation: this.#generation };
      return made.value;
    };
  }

  refused(): void {
    this.#refused = true;
  }

  /** Forgets what was refused; the next use looks for new ones. */
  renewIfRefused(): void {
    if (!this.#refused) return;
    this.#refused = false;
    this.#made = undefined;
    this.#generation += 1;
  }
}
