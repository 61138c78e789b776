import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonProblem } from '../../../source/ui/state/json-problem.ts';
import { policyProblem } from '../../../source/ui/state/policy-text.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('what keeps a text from being JSON', () => {
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or } is missing'],
    ['{\n  "a": 1,\n}', 2, 9, 'no comma may stand before }'],
    ["{ 'a': 1 }", 1, 3, 'a key in double quotes is missing'],
    ['[1,\n2', 2, 2, 'the ] of what opens in line 1 is missing'],
    ['{"a": }', 1, 7, 'a value is missing before }'],
    ['{"a" 1}', 1, 6, 'a colon is missing after the key'],
    ['{"a": "x\n}', 1, 7, 'the closing quote of this text is missing'],
    ['{} {}', 1, 4, 'something follows the end of the document'],
    ['{"a": tru}', 1, 7, 'this is no value'],
    ['', 1, 1, 'the document ends too early'],
  ])('is told with its place: %j', (text, line, column, reason) => {
    expect(jsonProblem(text)).toMatchObject({ line, column, reason: expect.stringContaining(reason) });
  });

  it('is nothing for what the language reads as JSON, and something for all else', () => {
    const spoilt = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '[', '\\', '\n', '-', '0', 'e'))
      .map(([text, at, sign]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + sign + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), spoilt), text => {
        expect(jsonProblem(text) === undefined).toBe(isJson(text));
      }),
    );
  });
});

describe('a policy', () => {
  it('names the line of the statement that IAM would refuse', () => {
    const text = `{
  "Statement": [
    { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
    { "Effect": "Allow", "Resource": "*" }
  ]
}`;
    expect(policyProblem('inlinePolicy', text)).toMatchObject({ line: 4 });
  });
});
