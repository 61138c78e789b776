import type { Finding, Health } from '../../identity/health.ts';
import { byText } from './row-table.ts';

/** How bad the worst of some rows is, in numbers. */
export type Levels = { readonly errors: number; readonly warnings: number };

/** Service accounts with their health, by `namespace/name`. */
export type Healths = Iterable<readonly [key: string, health: Health]>;

export function levelsOf(healths: Healths): Levels {
  let errors = 0;
  let warnings = 0;
  for (const [, { level }] of healths) {
    if (level === 'error') errors += 1;
    else if (level === 'warning') warnings += 1;
  }
  return { errors, warnings };
}

/**
 * The health of many service accounts as a few findings: one for each kind of trouble, with how many have it and the
 * evidence of the first one by name. What is well is left out.
 */
export function summarise(healths: Healths): readonly Finding[] {
  const kinds = new Map<string, Kind>();
  let last: { readonly health: Health; readonly kind: Kind } | undefined;
  for (const [key, health] of healths) {
    if (health.level === 'ok') continue;
    // Many in a row share one health: while a fleet is read this is asked of a thousand at a time.
    const kind = last?.health === health ? last.kind : kindOf(kinds, key, health);
    if (last?.health !== health) last = { health, kind };
    kind.count += 1;
    if (key < kind.key) Object.assign(kind, { key, health });
  }
  return [...kinds.values()].sort((a, b) => byText(a.key, b.key)).map(findingOf);
}

type Kind = { key: string; health: Health; count: number };

function kindOf(kinds: Map<string, Kind>, key: string, health: Health): Kind {
  const name = `${health.level} ${health.code}`;
  const known = kinds.get(name);
  if (known) return known;
  const kind: Kind = { key, health, count: 0 };
  kinds.set(name, kind);
  return kind;
}

function findingOf({ key, health, count }: Kind): Finding {
  const others = count === 1 ? '' : ` (and ${count - 1} more like it)`;
  return { level: health.level, code: health.code, detail: `${key}: ${health.detail}${others}` };
}
