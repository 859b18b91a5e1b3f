export {
  type ClassControl,
  firstClassControl,
  hotelClassControl,
  type PasswordClassOptions,
  passwordClassControl,
} from './class-control.js';
export {
  type CreditAccount,
  type CreditDecision,
  type CreditOutcome,
  chargeAccount,
  classOf,
  creditAccount,
  type Payer,
  payersOf,
  renewAccount,
} from './credit.js';
export { type NewAccount, openPrepaid, type Prepaid, type PrepaidOptions, type PrepaidSink } from './prepaid.js';
export { type CallCharge, rateCall, type UnratedReason } from './rate.js';
export {
  type Correction,
  correctionsOf,
  type RateDifference,
  type RateReport,
  type RateTotals,
  recompute,
  totalsOf,
} from './recompute.js';
export {
  CALL_KINDS,
  type CallKind,
  type CallPrice,
  type CallRate,
  type PrefixIndex,
  type RateBook,
  type RateTable,
  rateBook,
  rateTableSchema,
} from './table.js';
