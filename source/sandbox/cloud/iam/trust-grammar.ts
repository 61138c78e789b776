/**
 * What IAM demands of a role's trust policy before it stores it (IAM user guide: "Grammar of the IAM JSON policy
 * language", "IAM JSON policy elements: Principal", "IAM and AWS STS quotas"; texts as IAM answers them).
 */
import type { World } from '../../model.ts';
import { AwsFault } from '../fault.ts';
import { asList, asStrings, isObject, type JsonObject, parseJson } from '../values.ts';

/** Characters of a trust policy, white space not counted: the default of the adjustable quota. */
const TRUST_POLICY_QUOTA = 2048;

const DOCUMENT_KEYS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_KEYS = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Condition']);
const PROHIBITED_KEYS = ['Resource', 'NotResource', 'NotPrincipal'];
const PRINCIPAL_KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);

/** Throws MalformedPolicyDocument or LimitExceeded as IAM would. */
export function checkTrustPolicy(world: World, text: string): void {
  const document = parseJson(text);
  if (document === undefined) {
    throw malformed('This policy contains invalid Json');
  }
  if (!isObject(document) || Object.keys(document).some(key => !DOCUMENT_KEYS.has(key))) {
    throw malformed('Syntax errors in policy.');
  }
  if (document.Version !== undefined && document.Version !== '2012-10-17' && document.Version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const statements = asList(document.Statement);
  if (statements.length === 0) {
    throw malformed('Syntax errors in policy.');
  }
  const ids = new Set<unknown>();
  for (const statement of statements) {
    checkStatement(world, statement);
    if (isObject(statement) && statement.Sid !== undefined && statement.Sid !== '') {
      if (ids.has(statement.Sid)) {
        throw malformed('Statement IDs (SID) in a single policy must be unique.');
      }
      ids.add(statement.Sid);
    }
  }
  if (text.replaceAll(/\s/gu, '').length > TRUST_POLICY_QUOTA) {
    throw new AwsFault(409, 'LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_QUOTA}`);
  }
}

function checkStatement(world: World, statement: unknown): void {
  if (!isObject(statement)) {
    throw malformed('Syntax errors in policy.');
  }
  const prohibited = PROHIBITED_KEYS.find(key => key in statement);
  if (prohibited !== undefined) {
    throw malformed(`Has prohibited field ${prohibited}`);
  }
  if (Object.keys(statement).some(key => !STATEMENT_KEYS.has(key))) {
    throw malformed('Syntax errors in policy.');
  }
  for (const field of ['Effect', 'Principal']) {
    if (!(field in statement)) {
      throw malformed(`Missing required field ${field}`);
    }
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformed(`Invalid effect: ${String(statement.Effect)}`);
  }
  checkActions(statement);
  checkPrincipal(world, statement.Principal);
  checkCondition(statement.Condition);
}

function checkActions(statement: JsonObject): void {
  if ('Action' in statement && 'NotAction' in statement) {
    throw malformed('Syntax errors in policy.');
  }
  const value = statement.Action ?? statement.NotAction;
  const actions = asList(value);
  if (value === undefined || value === null || actions.length === 0) {
    throw malformed('Missing required field Action');
  }
  if (actions.some(each => typeof each !== 'string' || !/^(\*|sts:[A-Za-z*?]+)$/iu.test(each))) {
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

function checkPrincipal(world: World, principal: unknown): void {
  if (principal === '*') {
    return;
  }
  if (!isObject(principal) || Object.keys(principal).length === 0) {
    throw malformed('Syntax errors in policy.');
  }
  for (const [kind, value] of Object.entries(principal)) {
    const names = asList(value);
    if (!PRINCIPAL_KINDS.has(kind) || names.length === 0) {
      throw malformed('Syntax errors in policy.');
    }
    for (const name of names) {
      if (typeof name !== 'string' || !principalIsValid(world, kind, name)) {
        throw malformed(
          `Invalid principal in policy: "${kind === 'AWS' ? kind : kind.toUpperCase()}":"${String(name)}"`,
        );
      }
    }
  }
}

function principalIsValid(world: World, kind: string, name: string): boolean {
  if (name === '') {
    return false;
  }
  if (kind === 'Service') {
    return name === '*' || /^[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/u.test(name);
  }
  if (kind === 'Federated') {
    return (
      name === '*' || /^arn:[\w-]+:iam::\d{12}:(oidc|saml)-provider\/.+$/u.test(name) || /^[\w.-]+\.\w+$/u.test(name)
    );
  }
  if (kind === 'CanonicalUser') {
    return true;
  }
  return name === '*' || /^\d{12}$/u.test(name) || awsArnIsValid(world, name);
}

/**
 * A principal that was deleted is shown as its unique id, and such an id cannot be saved again. A role of an account
 * that this world holds must exist; of other accounts nothing is known, and they are taken as they come.
 */
function awsArnIsValid(world: World, name: string): boolean {
  const match = /^arn:[\w-]+:(?:iam|sts)::(\d{12}):(root|user\/.+|role\/.+|assumed-role\/.+\/.+)$/u.exec(name);
  if (match === null) {
    return false;
  }
  const account = world.accounts.get(match[1] ?? '');
  const resource = match[2] ?? '';
  if (account === undefined || !resource.startsWith('role/')) {
    return true;
  }
  return [...account.roles.values()].some(role => role.arn === name);
}

function checkCondition(condition: unknown): void {
  if (condition === undefined) {
    return;
  }
  if (!isObject(condition)) {
    throw malformed('Syntax errors in policy.');
  }
  for (const [operator, tests] of Object.entries(condition)) {
    if (!isObject(tests)) {
      throw malformed('Syntax errors in policy.');
    }
    if (!OPERATOR.test(operator)) {
      throw malformed(`Invalid Condition type : ${operator}.`);
    }
    for (const [key, value] of Object.entries(tests)) {
      if (!/^[\w./+=,@-]+:.+$/u.test(key) || asStrings(value).length === 0) {
        throw malformed('Syntax errors in policy.');
      }
    }
  }
}

const OPERATOR = new RegExp(
  '^(For(AnyValue|AllValues):)?(' +
    'String(Not)?Equals(IgnoreCase)?|String(Not)?Like|Arn(Not)?(Equals|Like)|(Not)?IpAddress|Bool|BinaryEquals|' +
    'Numeric((Not)?Equals|LessThan(Equals)?|GreaterThan(Equals)?)|Date((Not)?Equals|LessThan(Equals)?|GreaterThan(Equals)?)' +
    ')(IfExists)?$|^Null$',
  'iu',
);

function malformed(message: string): AwsFault {
  return new AwsFault(400, 'MalformedPolicyDocument', message);
}
