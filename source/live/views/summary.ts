import type { Finding, Health } from '../../identity/health.ts';

/** Something with a health, and what it is called. */
export type Subject = { readonly namespace: string; readonly name: string; readonly health: Health };

/** How bad the worst of some rows is, in numbers. */
export type Levels = { readonly errors: number; readonly warnings: number };

export function levelsOf(rows: Iterable<{ readonly health: Health }>): Levels {
  let errors = 0;
  let warnings = 0;
  for (const { health } of rows) {
    if (health.level === 'error') errors += 1;
    else if (health.level === 'warning') warnings += 1;
  }
  return { errors, warnings };
}

/**
 * The health of many service accounts as a few findings: one for each kind of trouble, with how many have it and the
 * first one's evidence. What is well is left out.
 */
export function summarise(rows: Iterable<Subject>): readonly Finding[] {
  const kinds = new Map<string, { readonly first: Subject; count: number }>();
  for (const row of rows) {
    if (row.health.level === 'ok') continue;
    const kind = `${row.health.level} ${row.health.code}`;
    const known = kinds.get(kind);
    if (known) known.count += 1;
    else kinds.set(kind, { first: row, count: 1 });
  }
  return [...kinds.values()].map(({ first, count }) => ({
    level: first.health.level,
    code: first.health.code,
    detail: detailOf(first, count),
  }));
}

function detailOf({ namespace, name, health }: Subject, count: number): string {
  const others = count === 1 ? '' : ` (and ${count - 1} more like it)`;
  return `${namespace}/${name}: ${health.detail}${others}`;
}
