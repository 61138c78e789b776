import { entry, type JsonNode, parseJsonText, splice } from '../../identity/json-text.ts';
import { ok, type Result, refused } from '../../identity/result.ts';

/** TemplateBody of CreateStack and UpdateStack, in bytes (CloudFormation API reference). */
const largestTemplate = 51_200;

/**
 * A template with another trust policy in one of its roles; all else stays byte for byte. Only templates in JSON, which
 * eksctl writes: in YAML there are forms that cannot be kept as they are.
 */
export function setTrustPolicy(template: string, logicalId: string, trustPolicy: string): Result<string> {
  const root = parseJsonText(template);
  if (!root.ok) return refused(`its template is not JSON, so it cannot be edited here safely (${root.reason})`);
  const resource = at(root.value, 'Resources', logicalId);
  if (!resource) return refused(`its template has no resource ${logicalId}`);
  const type = entry(resource, 'Type');
  if (type?.kind !== 'string' || type.value !== 'AWS::IAM::Role')
    return refused(`the resource ${logicalId} of its template is not a role`);
  const document = at(resource, 'Properties', 'AssumeRolePolicyDocument');
  if (!document) return refused(`the role ${logicalId} of its template has no AssumeRolePolicyDocument`);
  const edited = splice(template, document, trustPolicy);
  const size = new TextEncoder().encode(edited).length;
  if (size > largestTemplate) return refused(`its template would have ${size} bytes, more than ${largestTemplate}`);
  return ok(edited);
}

function at(node: JsonNode, ...path: readonly string[]): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((inner, key) => inner && entry(inner, key), node);
}
