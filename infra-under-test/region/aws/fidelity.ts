/** How the AWS endpoint differs from AWS, one sentence each. */
export const awsFidelity: string[] = [
  'FIS: actions that begin together begin in their order in the template, each when the last one is in place (AWS: at once, in no order)',
  'FIS: roles are not assumed, alarms as stop conditions and logs are refused, and no permission is checked (AWS: IAM, CloudWatch)',
];
