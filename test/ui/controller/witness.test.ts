import { expect, test } from 'vitest';
import { type PodCount, Witness } from '../../../source/ui/controller/witness.ts';
import { witnessLine } from '../../../source/ui/screens/migrate/witness-line.ts';
import { clusterArn, ManualClock } from '../fakes.ts';

const cluster = clusterArn('prod-eu-1');
const count = (lost: number): PodCount => ({ pods: 10, webIdentity: 4, podIdentity: 6 - lost, lost, neverHad: 1 });
const turn = () => new Promise(resolve => setImmediate(resolve));

test('asks once a second for as long as somebody looks, and keeps the last answer while the oracle is silent', async () => {
  const clock = new ManualClock();
  const answers: (PodCount | Error)[] = [count(0), count(2), new Error('gone'), count(0)];
  const asked: string[] = [];
  const witness = new Witness(async arn => {
    asked.push(arn);
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error('nobody asked for this');
    return answer;
  }, clock);
  const stop = witness.watch(cluster);
  await turn();
  expect(witness.get().get(cluster)?.lost).toBe(0);
  clock.advance(1_000);
  await turn();
  expect(witness.get().get(cluster)?.lost).toBe(2);
  clock.advance(1_000);
  await turn();
  expect(witness.get().get(cluster)?.lost).toBe(2);
  clock.advance(1_000);
  await turn();
  expect(witness.get().get(cluster)?.lost).toBe(0);
  stop();
  clock.advance(5_000);
  await turn();
  expect(asked).toEqual([cluster, cluster, cluster, cluster]);
});

test('an equal answer is no change', async () => {
  const clock = new ManualClock();
  const witness = new Witness(async () => count(1), clock);
  let changes = 0;
  witness.subscribe(() => {
    changes += 1;
  });
  const stop = witness.watch(cluster);
  await turn();
  clock.advance(1_000);
  await turn();
  stop();
  expect(changes).toBe(1);
});

test('the line says it without colour', () => {
  const text = (lost: number) =>
    witnessLine(count(lost))
      .map(span => span.text)
      .join('');
  expect(text(0)).toBe(' ✓ pods without credentials: 0   10 pods: 4 IRSA, 6 Pod Identity   1 never had any');
  expect(text(2)).toMatch(/^ ✗ pods without credentials: 2 /);
});
