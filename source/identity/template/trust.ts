import { entry, type JsonNode, jsonText, parseJsonText, splice } from '../json-text.ts';
import { ok, type Result, refused } from '../result.ts';
import type { Template } from './parse.ts';
import { resolveIntrinsics, type StackFacts } from './resolve.ts';

/** TemplateBody of CreateStack and UpdateStack, in bytes (CloudFormation API reference). */
const largestTemplate = 51_200;

/**
 * The logical id of the role with this ARN: the one that an output of the stack with this value names, else the only
 * role of the template. Undefined when only the stack's resources can tell.
 */
export function roleIn({ root }: Template, roleArn: string, outputs: StackFacts['outputs']): string | undefined {
  const roles = rolesOf(root);
  for (const [name, value] of Object.entries(outputs)) {
    const says = value === roleArn ? at(root, 'Outputs', name, 'Value') : undefined;
    const attribute = says && entry(says, 'Fn::GetAtt');
    const parts = attribute?.kind === 'array' ? attribute.items : attribute ? [attribute] : [];
    const [first] = parts;
    const logicalId = first?.kind === 'string' ? first.value.split('.')[0] : undefined;
    if (logicalId && roles.includes(logicalId)) return logicalId;
  }
  return roles.length === 1 ? roles[0] : undefined;
}

function rolesOf(root: JsonNode): readonly string[] {
  const resources = entry(root, 'Resources');
  if (resources?.kind !== 'object') return [];
  return resources.entries.filter(({ value }) => isRole(value)).map(({ key }) => key);
}

function isRole(resource: JsonNode): boolean {
  const type = entry(resource, 'Type');
  return type?.kind === 'string' && type.value === 'AWS::IAM::Role';
}

/** The trust policy that a template gives one of its roles, as JSON, its intrinsic functions resolved. */
export function templateTrust(template: Template, logicalId: string, stack: StackFacts): Result<string> {
  const document = documentOf(template.root, logicalId);
  if (!document.ok) return document;
  const resolved = resolveIntrinsics(template.root, document.value, stack);
  if (!resolved.ok) return refused(`in the trust policy of ${logicalId}, ${resolved.reason}`);
  // A document may be written as the text of one, too.
  return ok(resolved.value.kind === 'string' ? resolved.value.value : jsonText(resolved.value));
}

/**
 * The template with another trust policy in one of its roles; all else stays byte for byte: comments, tags, order. The
 * document takes the place as it is in JSON, and as indented JSON, which is YAML too, in YAML.
 */
export function setTemplateTrust(template: Template, logicalId: string, trustPolicy: string): Result<string> {
  const document = documentOf(template.root, logicalId);
  if (!document.ok) return document;
  const edited = splice(template.text, document.value, replacement(template, document.value, trustPolicy));
  const size = new TextEncoder().encode(edited).length;
  if (size > largestTemplate) return refused(`its template would have ${size} bytes, more than ${largestTemplate}`);
  return ok(edited);
}

/** Whether two templates differ in nothing but the trust policy of that role, and how it is written. */
export function sameButTrust(one: Template, other: Template, logicalId: string): boolean {
  const [here, there] = [one, other].map(each => setTemplateTrust(each, logicalId, '{}'));
  return Boolean(here?.ok && there?.ok && here.value === there.value);
}

/** YAML 1.1 knows fewer escapes than JSON, so strings are written anew there. */
function replacement({ format, text }: Template, { start }: JsonNode, trustPolicy: string): string {
  const parsed = parseJsonText(trustPolicy);
  if (format === 'json' || !parsed.ok) return trustPolicy;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (line.trim() === '') return jsonText(parsed.value, line.length);
  return `${line.endsWith(':') ? ' ' : ''}${jsonText(parsed.value)}`;
}

function documentOf(root: JsonNode, logicalId: string): Result<JsonNode> {
  const resource = at(root, 'Resources', logicalId);
  if (!resource) return refused(`its template has no resource ${logicalId}`);
  if (!isRole(resource)) return refused(`the resource ${logicalId} of its template is not a role`);
  const document = at(resource, 'Properties', 'AssumeRolePolicyDocument');
  if (!document) return refused(`the role ${logicalId} of its template has no AssumeRolePolicyDocument`);
  return ok(document);
}

const at = (node: JsonNode, ...path: readonly string[]): JsonNode | undefined =>
  path.reduce<JsonNode | undefined>((inner, key) => inner && entry(inner, key), node);
