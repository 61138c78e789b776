/**
 * The health column and the doctor: what is wrong, with evidence, from what is known. Each `...Findings` function gives
 * every finding; each `...Health` the worst one and how many more there are.
 */
export { agentFindings } from './findings/agent.ts';
export { type AssociationInput, associationFindings, associationHealth } from './findings/association.ts';
export { type ClusterInput, clusterFindings, clusterHealth } from './findings/cluster.ts';
export { type RoleInput, roleFindings, roleHealth } from './findings/role.ts';
export { rollUp } from './findings/roll-up.ts';
export {
  type ServiceAccountInput,
  serviceAccountFindings,
  serviceAccountHealth,
} from './findings/service-account.ts';
