export type Summary = { readonly min: number; readonly median: number; readonly p95: number; readonly max: number };

/** Nearest-rank figures of a sample, rounded to a tenth. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const round = (value: number) => Math.round(value * 10) / 10;
  return { min: round(at(0.000_1)), median: round(at(0.5)), p95: round(at(0.95)), max: round(at(1)) };
}

/** Nearest rank, rounded to a hundredth. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  return Math.round((found ?? Number.NaN) * 100) / 100;
}
