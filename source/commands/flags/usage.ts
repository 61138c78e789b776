/** What help says of flags that several commands have. */
export const subjectUsage = `  --namespace NS              of the service account
  --service-account-name SA
`;

export const settingsUsage = `  --role-arn ARN              a role that is there
  --permission-policy-arns ARN[,ARN...]
                              or make a role with these managed policies,
  --well-known-policies NAME[,NAME...]
                              with policies that eksctl knows by name: imageBuilder, autoScaler,
                              awsLoadBalancerController, externalDNS, certManager, ebsCSIController, efsCSIController,
  --permission-policy JSON|@FILE
                              or with this policy of its own (--permission-policy-name NAME)
  --role-name NAME            of the role that is made
  --permissions-boundary-arn ARN
                              of the role that is made (also --permission-boundary-arn)
  --target-role-arn ARN       role that the role assumes, in this or another account
  --disable-session-tags      no session tags; --no-disable-session-tags
  --policy JSON|@FILE         session policy; needs --disable-session-tags
  --tags KEY=VALUE[,...]      of the association, and of the stack that makes its role: the whole set
`;
