import type { Association } from '../../identity/facts.ts';
import { editForm, type Form, newForm } from './form.ts';
import { tagsText } from './form-tags.ts';
import { fieldOf } from './text-field.ts';

/** Tags that a tool or AWS puts on an association of its own say nothing about another. */
const ofTools = /^(aws:|alpha\.eksctl\.io\/|eksctl\.)/;

/**
 * The draft of an association that says what one of another cluster says.
 *
 * @param called what the field of the cluster says: its name, or its ARN where several are called so
 * @param roleArn its role in this cluster's account; absent: the role is left to be named
 */
export function formLike(
  { arn: clusterArn, called: cluster }: { readonly arn: string; readonly called: string },
  like: Association,
  roleArn: string | undefined,
): Form {
  const { namespace, serviceAccount, tags } = like;
  const role = roleArn === undefined ? {} : { role: roleArn };
  const form = newForm({ clusterArn, cluster, namespace, serviceAccount, ...role });
  const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !ofTools.test(key)));
  return withSettings({ ...form, text: { ...form.text, tags: fieldOf(tagsText(own)) } }, like);
}

/** The draft of a change of `there` to what one of another cluster says. Its tags stay. */
export function changeLike(
  cluster: string,
  there: Association,
  { like, roleArn }: { readonly like: Association; readonly roleArn: string | undefined },
): Form {
  const form = editForm(cluster, there);
  const role = roleArn === undefined ? form.text.role : fieldOf(roleArn);
  return withSettings({ ...form, text: { ...form.text, role } }, like);
}

const withSettings = (form: Form, { targetRoleArn = '', policy = '', disableSessionTags }: Association): Form => ({
  ...form,
  text: { ...form.text, targetRole: fieldOf(targetRoleArn), policy: fieldOf(policy) },
  on: { ...form.on, sessionTags: !disableSessionTags },
});
