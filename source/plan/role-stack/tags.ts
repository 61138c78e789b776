/** The tags by which eksctl knows its stacks (eksctl, pkg/apis: constants of v1alpha5). */
import type { RoleStack } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';

const clusterTags = ['alpha.eksctl.io/cluster-name', 'eksctl.cluster.k8s.io/v1alpha1/cluster-name'] as const;
export const associationTag = 'alpha.eksctl.io/podidentityassociation-name';
const irsaTag = 'alpha.eksctl.io/iamserviceaccount-name';
const addonTag = 'alpha.eksctl.io/addon-name';
const addonAssociationTag = 'alpha.eksctl.io/addon-podidentityassociation-name';

type Tags = Readonly<Record<string, string>>;

/**
 * Tags of a stack that makes a role. eksctl also puts its own version on its stacks; it reads it back from node groups
 * alone, so a stack that it did not make does without.
 */
export const stackTags = (cluster: string, subject: Subject, ...more: readonly (Tags | undefined)[]): Tags => ({
  ...clusterTagsOf(cluster),
  ...merged(more),
  [associationTag]: subjectText(subject),
});

/** The same for an add-on's service account; without a namespace, as eksctl has it for roles that EKS recommends. */
export const addonStackTags = (
  cluster: string,
  addon: string,
  serviceAccount: string,
  ...more: readonly (Tags | undefined)[]
): Tags => ({
  ...clusterTagsOf(cluster),
  ...merged(more),
  [addonTag]: addon,
  [addonAssociationTag]: `/${serviceAccount}`,
});

const clusterTagsOf = (cluster: string): Tags => Object.fromEntries(clusterTags.map(tag => [tag, cluster]));

const merged = (more: readonly (Tags | undefined)[]): Tags => Object.assign({}, ...more);

/** Whether the stack was made for this cluster. eksctl deletes none that is not. */
export const isOfCluster = ({ tags }: RoleStack, cluster: string): boolean =>
  clusterTags.some(tag => tags[tag] === cluster);

/** Whom the stack's role was made for, `namespace/name`, by its tags; the name of a stack cannot tell. */
export const subjectOfStack = ({ tags }: RoleStack): string | undefined => tags[associationTag] ?? tags[irsaTag];

/** It came to Pod Identity, or was made for it. */
export const isForPodIdentity = ({ tags }: RoleStack): boolean => tags[associationTag] !== undefined;

/** The add-on that the stack's role was made for, and its service account where a tag says it. */
export const addonOfStack = ({ tags }: RoleStack): string | undefined => tags[addonTag];
