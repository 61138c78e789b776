import { describe, expect, it } from 'vitest';
import { backoff } from '../../../source/live/sync/backoff.ts';
import { Circuit } from '../../../source/live/sync/circuit.ts';

const middle = () => 0.5;

function opened(): Circuit {
  const circuit = new Circuit(middle);
  for (const key of ['a', 'b', 'c', 'd']) expect(circuit.broke(key, 0)).toBe(false);
  expect(circuit.broke('e', 0)).toBe(true);
  return circuit;
}

describe('a circuit', () => {
  it('opens after five different things failed with none that worked between', () => {
    const circuit = opened();
    expect(circuit.admits(999)).toBe(false);
    expect(circuit.retryAt).toBe(1_000);
  });

  it('does not open for one thing that fails again and again', () => {
    const circuit = new Circuit(middle);
    for (let n = 0; n < 20; n += 1) expect(circuit.broke('a', n)).toBe(false);
    expect(circuit.admits(20)).toBe(true);
  });

  it('then lets one through; its failure makes the pause longer, its success ends it', () => {
    const circuit = opened();
    expect(circuit.admits(1_000)).toBe(true);
    circuit.started();
    expect(circuit.admits(1_000)).toBe(false);
    expect(circuit.broke('a', 1_000)).toBe(true);
    expect(circuit.retryAt).toBe(3_000);
    circuit.started();
    circuit.worked();
    expect(circuit.admits(1_001)).toBe(true);
    expect(circuit.broke('a', 1_002)).toBe(false);
  });
});

describe('back-off', () => {
  it('doubles from 1 s to 2 min, spread by a tenth', () => {
    const steps = Array.from({ length: 9 }, (_, n) => backoff(n + 1, middle));
    expect(steps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000]);
    expect([backoff(1, () => 0), backoff(1, () => 0.999_999)]).toEqual([900, 1_100]);
  });
});
