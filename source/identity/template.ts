/** CloudFormation templates as far as roles and their trust policies go: read, resolved, and edited by splicing. */
export { parseTemplate, type Template } from './template/parse.ts';
export type { StackFacts } from './template/resolve.ts';
export { roleIn, sameButTrust, setTemplateTrust, templateTrust } from './template/trust.ts';
