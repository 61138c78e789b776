/** Judges the policy documents of a form, with the line that is wrong where there is one. */
import { inlinePolicyProblem, sessionPolicyProblem } from '../../files/cluster-config/policy-document.ts';
import { entry, parseJsonText } from '../../identity/json-text.ts';
import type { DocumentId } from './form-fields.ts';
import { jsonProblem, placeOf } from './json-problem.ts';

export type PolicyProblem = { readonly text: string; readonly line?: number };

const problemOf: Readonly<Record<DocumentId, (text: string) => string | undefined>> = {
  // Judged as it will be sent, in one line: EKS counts white space.
  policy: text => sessionPolicyProblem(parseJsonText(text).ok ? JSON.stringify(JSON.parse(text)) : text),
  inlinePolicy: text => {
    const json = parseJsonText(text);
    return json.ok ? inlinePolicyProblem(JSON.parse(text)) : json.reason;
  },
};

/** What keeps a text from being a policy that AWS would take; undefined: nothing that can be seen from here. */
export function policyProblem(field: DocumentId, text: string): PolicyProblem | undefined {
  const syntax = jsonProblem(text);
  const lines = /[\r\n]/.test(text.trim());
  if (syntax && !lines) return { text: `${syntax.reason} (character ${syntax.column})` };
  if (syntax) return { text: `${syntax.reason} (line ${syntax.line}, column ${syntax.column})`, line: syntax.line };
  const problem = problemOf[field](text);
  if (problem === undefined) return undefined;
  const line = lines ? lineOfStatement(text, problem) : undefined;
  return line === undefined ? { text: problem } : { text: `${problem} (line ${line})`, line };
}

/** The line on which the statement begins that a problem counts. */
function lineOfStatement(text: string, problem: string): number | undefined {
  const number = /statement \(number (\d+)\)/.exec(problem)?.[1];
  const json = parseJsonText(text);
  const statements = json.ok ? (entry(json.value, 'Statement') ?? entry(json.value, 'statement')) : undefined;
  if (number === undefined || !statements) return undefined;
  const found = statements.kind === 'array' ? statements.items[Number(number) - 1] : statements;
  return found && placeOf(text, found.start).line;
}
