import { expect, test } from 'vitest';
import { Renewable } from '../../source/aws/renewable.ts';

test('credentials and their clients are made once, and anew only after a refusal', () => {
  let made = 0;
  const credentials = new Renewable(() => {
    made += 1;
    return made;
  });
  const client = credentials.with(() => ({ with: credentials.value }));
  const first = client();
  credentials.renewIfRefused();
  expect([client(), credentials.value]).toEqual([first, 1]);
  expect(client()).toBe(first);
  credentials.refused();
  expect(client()).toBe(first);
  credentials.renewIfRefused();
  expect(client()).toEqual({ with: 2 });
  credentials.renewIfRefused();
  expect(client()).toEqual({ with: 2 });
});
