export type { OpenRun, Run } from './run-record';
export { authorizeRun, type Authorization, type AuthorizationResult, type AuthorizedRun } from './authorize-run.server';
export { captureRun, voidRun, type Settled } from './settle-run.server';
export {
  claimDueRuns,
  findRun,
  findRunByIdempotencyKey,
  findRunByUpstream,
  forgetFinalBodies,
  knownUpstreamIds,
  markUnknown,
  noteLostAnswer,
  noteProgress,
  recordUpstream,
} from './run-store.server';
export { explainExposure, sumExposures } from './exposure-store.server';
export { sellersToCount, takeUncountedBurns } from './burn-store.server';
export {
  findBurn,
  closeGrant,
  freezeGrants,
  findExpiredGrants,
  lockGrant,
  findBuyerLots,
  lotTokens,
  hasNoOpenGrants,
  openGrant,
  replaceGrantSecret,
  slowGrants,
  takeBackCredit,
  thawGrants,
  findGrantSecret,
  findUnburnedTransactions,
  walletRoom,
  type Burn,
  type LotToken,
  type NewGrant,
} from './grant-store.server';
export {
  EditAccessKeyInput,
  editAccessKey,
  ensureAccessKey,
  findBuyerByKey,
  hideOldKeys,
  MintAccessKeyInput,
  mintAccessKey,
  revealAccessKey,
  revokeAccessKey,
  saveAccessKey,
  revokeAllKeys,
  type AccessKey,
} from './access-keys.server';
export { grantsToVest, recordVested } from './vesting.server';
