import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  parseTemplate,
  roleIn,
  type StackFacts,
  setTemplateTrust,
  templateTrust,
} from '../../source/identity/template.ts';
import { podsStatement, policy, webStatement } from './policies.ts';

const account = '111122223333';
const stack: StackFacts = {
  stackName: 'eksctl-prod-role',
  stackId: `arn:aws:cloudformation:eu-west-1:${account}:stack/eksctl-prod-role/1`,
  parameters: { Issuer: 'oidc.example/id/1', Names: 'api, web', Hidden: '****', Stored: '/path' },
  outputs: { Role1: `arn:aws:iam::${account}:role/api`, Provider: 'arn:aws:iam::111122223333:oidc-provider/x' },
};

const parsed = (text: string) => {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.reason);
  return template.value;
};

/** A template with one role, whose trust policy is this expression. */
const withTrust = (trust: unknown, rest: object = {}) =>
  JSON.stringify({
    Parameters: {
      Issuer: { Type: 'String' },
      Names: { Type: 'CommaDelimitedList' },
      Hidden: { Type: 'String', NoEcho: true },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>' },
    },
    Mappings: { Services: { aws: { EC2: 'ec2.amazonaws.com' } } },
    Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } } },
    Outputs: {
      Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } },
      Provider: { Value: { Ref: 'Oidc' } },
    },
    ...rest,
  });

const trustOf = (trust: unknown) => templateTrust(parsed(withTrust(trust)), 'Role1', stack);
const resolved = (value: unknown): unknown => {
  const trust = trustOf({ at: value });
  return trust.ok ? JSON.parse(trust.value).at : trust.reason;
};

describe('intrinsic functions', () => {
  test.each([
    [{ Ref: 'AWS::AccountId' }, account],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::StackName' }, stack.stackName],
    [{ Ref: 'Issuer' }, 'oidc.example/id/1'],
    [{ Ref: 'Names' }, ['api', 'web']],
    [
      { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/\${Issuer}` },
      `arn:aws:iam::${account}:oidc-provider/oidc.example/id/1`,
    ],
    [
      { 'Fn::Sub': [`\${who}:\${!kept}:\${Role1.Arn}`, { who: { Ref: 'Issuer' } }] },
      `oidc.example/id/1:\${kept}:${stack.outputs.Role1}`,
    ],
    [{ 'Fn::Join': [':', ['system', { Ref: 'AWS::Region' }]] }, 'system:eu-west-1'],
    [{ 'Fn::Join': ['|', { Ref: 'Names' }] }, 'api|web'],
    [{ 'Fn::GetAtt': ['Role1', 'Arn'] }, stack.outputs.Role1],
    [{ Ref: 'Oidc' }, stack.outputs.Provider],
    [{ 'Fn::FindInMap': ['Services', { Ref: 'AWS::Partition' }, 'EC2'] }, 'ec2.amazonaws.com'],
    [['a', { Ref: 'AWS::NoValue' }], ['a']],
    [{ Condition: 'IsProd' }, { Condition: 'IsProd' }],
  ])('%j comes to %j', (expression, value) => {
    expect(resolved(expression)).toEqual(value);
  });

  test.each([
    [{ Ref: 'Bucket' }, 'Ref Bucket'],
    [{ Ref: 'Hidden' }, 'the parameter Hidden'],
    [{ Ref: 'Stored' }, 'the parameter Stored'],
    [{ 'Fn::GetAtt': 'Other.Arn' }, 'Fn::GetAtt Other.Arn'],
    [{ 'Fn::If': ['A', 1, 2] }, 'Fn::If'],
    [{ 'Fn::Sub': `\${Bucket}` }, 'Ref Bucket'],
    [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue'],
  ])('%j is refused by name', (expression, what) => {
    expect(resolved(expression)).toBe(`in the trust policy of Role1, ${what} cannot be resolved`);
  });

  test('a whole document may be text', () => {
    expect(trustOf({ 'Fn::Sub': `{"for":"\${Issuer}"}` })).toEqual({ ok: true, value: '{"for":"oidc.example/id/1"}' });
  });
});

const yaml = `# top
Parameters:
  Issuer: {Type: String}
Resources:
  Role1:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: # trust
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal:
              Federated: !Sub "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/\${Issuer}"
            Condition:
              Bool: {aws:SecureTransport: yes}
      # after
      ManagedPolicyArns: [!Ref Policy] # all
  Policy: {Type: AWS::IAM::ManagedPolicy}
`;

describe('templates in YAML', () => {
  test('short forms are the functions that they stand for', () => {
    const trust = templateTrust(parsed(yaml), 'Role1', stack);
    expect(trust.ok && JSON.parse(trust.value)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.example/id/1` },
          Condition: { Bool: { 'aws:SecureTransport': true } },
        },
      ],
    });
  });

  test('everything but the document stays byte for byte', () => {
    const edit = setTemplateTrust(parsed(yaml), 'Role1', '{"a":"\\u00e9\\/","b":[1.0,{}]}');
    const [head] = yaml.split('Version: 2012');
    const tail = yaml.slice(yaml.indexOf('      # after'));
    const body =
      '{\n          "a": "é/",\n          "b": [\n            1.0,\n            {}\n          ]\n        }\n';
    expect(edit).toEqual({ ok: true, value: `${head}${body}${tail}` });
  });

  test.each([
    ['a document in one line', 'AssumeRolePolicyDocument: {a: 1} # c\n'],
    ['a short form', 'AssumeRolePolicyDocument: !Sub "x"\n'],
    ['a block of text', 'AssumeRolePolicyDocument: !Sub |\n        {"a": 1}\n      Path: /\n'],
    ['nothing', 'AssumeRolePolicyDocument:\n      Path: /\n'],
  ])('%s is replaced whole', (_, text) => {
    const template = `Resources:\n  Role1:\n    Type: AWS::IAM::Role\n    Properties:\n      ${text}`;
    const edit = setTemplateTrust(parsed(template), 'Role1', '{"b":2}');
    if (!edit.ok) throw new Error(edit.reason);
    expect(parse(edit.value).Resources.Role1.Properties.AssumeRolePolicyDocument).toEqual({ b: 2 });
    expect(edit.value).not.toContain('!Sub');
  });

  test.each([
    ['Resources: [', 'neither JSON nor YAML'],
    ['{"a":1,}', 'not valid JSON'],
    ['a: &x 1\nb: *x', 'anchors'],
    ['', 'empty'],
    ['a: 1\na: 2', 'neither JSON nor YAML'],
  ])('%j is refused', (text, reason) => {
    expect(parseTemplate(text)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('edits', () => {
  const documents = fc.dictionary(
    fc.constantFrom('Version', 'Statement', 'Id'),
    fc.oneof(fc.string(), fc.integer(), fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.string()))),
  );

  test('come to the document whatever was there before, and the last one alone counts', () => {
    fc.assert(
      fc.property(documents, documents, fc.constantFrom(yaml, withTrust({ a: 1 })), (one, other, text) => {
        const edit = (from: string, document: object) => {
          const edited = setTemplateTrust(parsed(from), 'Role1', JSON.stringify(document));
          if (!edited.ok) throw new Error(edited.reason);
          return edited.value;
        };
        const last = edit(text, other);
        expect(edit(edit(text, one), other)).toBe(last);
        const trust = templateTrust(parsed(last), 'Role1', stack);
        expect(trust.ok && JSON.parse(trust.value)).toEqual(other);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('which role it is', () => {
  const two = JSON.stringify({
    Resources: { A: { Type: 'AWS::IAM::Role' }, B: { Type: 'AWS::IAM::Role' } },
    Outputs: { Role1: { Value: { 'Fn::GetAtt': ['B', 'Arn'] } } },
  });
  const arn = stack.outputs.Role1 ?? '';

  test('an output tells, or there is only one', () => {
    expect(roleIn(parsed(two), arn, stack.outputs)).toBe('B');
    expect(roleIn(parsed(two), arn, {})).toBeUndefined();
    expect(roleIn(parsed(withTrust({})), arn, {})).toBe('Role1');
  });
});

test('eksctl: a document that IAM gave takes the place byte for byte in JSON', () => {
  const live = policy(webStatement('shop:api'), podsStatement());
  const text = withTrust(JSON.parse(policy(webStatement('shop:api'))));
  const edit = setTemplateTrust(parsed(text), 'Role1', live);
  expect(edit.ok && edit.value.includes(`"AssumeRolePolicyDocument":${live}`)).toBe(true);
});
