/** Role trust policies: reading them, asking them, editing their text. */
export { canonical, sameDocument, samePolicy } from './trust-policy/compare.ts';
export type { RequestContext, Verdict } from './trust-policy/conditions.ts';
export { decide, type TrustAnswer, type TrustRequest } from './trust-policy/decide.ts';
export {
  addPodIdentityStatement,
  type TrustEdit,
  type TrustRemoval,
  trustsAllPods,
  trustsPodsIn,
} from './trust-policy/edits.ts';
export { podIdentityActions, podIdentityService, type TrustPolicy, type TrustStatement } from './trust-policy/model.ts';
export { parseTrustPolicy } from './trust-policy/parse.ts';
export type { PodIdentityScope } from './trust-policy/pod-scope.ts';
export {
  orphanedPrincipals,
  type PodIdentityQuestion,
  type PodIdentityTrust,
  podIdentityTrust,
  subjectOf,
  type TrustedIssuer,
  type TrustedSubject,
  tokenSubject,
  trustedIssuers,
  type WebIdentityQuestion,
  webIdentityTrust,
} from './trust-policy/questions.ts';
export { removeIssuerTrust } from './trust-policy/retire.ts';
export type { IssuerRemoval, IssuerTrust, KeptTrust, RemovedTrust } from './trust-policy/retire-model.ts';
export { makesRoom } from './trust-policy/room.ts';
export { policySize, trustPolicyCeiling, trustPolicyQuota } from './trust-policy/size.ts';
export {
  type AddedStatements,
  addedStatements,
  removePodIdentityStatement,
  takeBackEdit,
} from './trust-policy/take-back.ts';
export { widening } from './trust-policy/widening.ts';
