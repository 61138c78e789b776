import { readFile } from 'node:fs/promises';
import { given, type Values } from '../command.ts';

/** The policies that flags give, as JSON text; an empty text is kept, for `update` clears with it. */
export type PolicyTexts = {
  readonly policy?: string;
  readonly permissionPolicy?: string;
  readonly problems: readonly string[];
};

/** A policy is written out, or stands in a file: `@FILE`. */
export async function policyTexts(values: Values): Promise<PolicyTexts> {
  const [policy, permissionPolicy] = await Promise.all([
    textOf('--policy', given(values, 'policy')),
    textOf('--permission-policy', given(values, 'permission-policy')),
  ]);
  return {
    ...(policy.text !== undefined && { policy: policy.text }),
    ...(permissionPolicy.text !== undefined && { permissionPolicy: permissionPolicy.text }),
    problems: [...policy.problems, ...permissionPolicy.problems],
  };
}

type Text = { readonly text?: string; readonly problems: readonly string[] };

async function textOf(flag: string, value: string | undefined): Promise<Text> {
  if (!value?.startsWith('@')) return { ...(value !== undefined && { text: value }), problems: [] };
  const path = value.slice(1);
  try {
    return { text: (await readFile(path, 'utf8')).trim(), problems: [] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { problems: [`${flag}: ${path} cannot be read: ${code}`] };
  }
}
