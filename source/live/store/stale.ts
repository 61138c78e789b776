/** Which rows of a cluster no longer match its facts; whoever rebuilds them takes the marks away. */
export class Stale {
  #everything = true;
  #subjects = new Set<string>();
  #associations = new Set<string>();

  subject(key: string): void {
    if (!this.#everything) this.#subjects.add(key);
  }

  association(id: string): void {
    if (!this.#everything) this.#associations.add(id);
  }

  /** A fact that every row depends on changed: the cluster itself, its agent, its provider. */
  all(): void {
    this.#everything = true;
    this.#subjects = new Set();
    this.#associations = new Set();
  }

  take(): { readonly everything: boolean; readonly subjects: Set<string>; readonly associations: Set<string> } {
    const taken = { everything: this.#everything, subjects: this.#subjects, associations: this.#associations };
    this.#everything = false;
    this.#subjects = new Set();
    this.#associations = new Set();
    return taken;
  }
}
