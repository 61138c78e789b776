/** From a request's parameters to what a stack is to become. */
import type { StackInput, StackRecord } from '../../model.ts';
import { AwsFault, validationError } from '../fault.ts';
import type { Form } from '../form.ts';
import { checkCapabilities, readParameters } from './plan.ts';
import { readTemplate } from './template.ts';

const TAGS_PER_STACK = 50;

/**
 * The input of CreateStack, UpdateStack and CreateChangeSet. `stack` is what there is already: its template, parameters
 * and tags are kept where the request says so or, for tags, says nothing.
 */
export function readInput(form: Form, stack: StackRecord | undefined): StackInput {
  const text = templateText(form, stack);
  const template = readTemplate(text);
  const given = form.list('Parameters').map(each => {
    const value = each.get('ParameterValue');
    return {
      key: each.get('ParameterKey') ?? '',
      usePrevious: each.get('UsePreviousValue') === 'true',
      ...(value === undefined ? {} : { value }),
    };
  });
  const capabilities = form.strings('Capabilities');
  checkCapabilities(template, capabilities);
  return {
    template: text,
    parameters: readParameters(template, given, stack?.parameters ?? new Map()),
    tags: readTags(form, stack),
    capabilities,
  };
}

function templateText(form: Form, stack: StackRecord | undefined): string {
  const text = form.text('TemplateBody');
  if (form.flag('UsePreviousTemplate') === true) {
    if (text !== undefined || stack === undefined) {
      throw validationError('Only one of TemplateBody, TemplateURL or UsePreviousTemplate can be set.');
    }
    return stack.template;
  }
  if (text === undefined || text === '') {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  return text;
}

function readTags(form: Form, stack: StackRecord | undefined): ReadonlyMap<string, string> {
  if (!form.hasList('Tags')) {
    return new Map(stack?.tags);
  }
  const tags = form.tags();
  if (tags.size > TAGS_PER_STACK) {
    throw validationError(
      `1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to ${TAGS_PER_STACK}`,
    );
  }
  for (const key of tags.keys()) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw validationError('aws: prefixed tag key names are not allowed for external use.');
    }
  }
  return tags;
}

/** Throws unless the token has CloudFormation's form. */
export function readToken(form: Form): string | undefined {
  const token = form.text('ClientRequestToken');
  if (token !== undefined && !/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/u.test(token)) {
    throw validationError(
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*`,
    );
  }
  return token;
}

export function changeSetMissing(name: string): AwsFault {
  return new AwsFault(404, 'ChangeSetNotFound', `ChangeSet [${name}] does not exist`);
}
