export { currentPolicy, openMarket, policyHistory, publishPolicy, PublishPolicyInput } from './policies.server';
export type { Policy, PolicyRules } from './policy-rules';
