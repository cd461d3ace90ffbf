import { parseJson, writeJson } from '../http/json';
import type { AccountRecord, DeliveryRecord, FinalStatus, Metrics, PredictionRecord } from './records';

/** Every change of the sandbox's stored state; one journal line each. */
export type Mutation =
  | { kind: 'account_created'; account: AccountRecord }
  | { kind: 'token_issued'; username: string; token: string }
  | { kind: 'token_revoked'; username: string; token: string }
  | { kind: 'credit_added'; username: string; amountNano: bigint }
  | { kind: 'clock_moved'; offsetMs: number }
  | { kind: 'prediction_created'; prediction: PredictionRecord }
  | { kind: 'prediction_started'; id: string; at: number }
  | { kind: 'prediction_output'; id: string }
  | PredictionEnded
  | { kind: 'delivery_queued'; delivery: DeliveryRecord }
  | { kind: 'delivery_settled'; id: string };

export interface PredictionEnded {
  kind: 'prediction_ended';
  id: string;
  at: number;
  status: FinalStatus;
  error: string | null;
  metrics: Metrics | null;
  chargedNano: bigint;
}

/** One journal line. Amounts are written as decimal strings. */
export function writeMutation(mutation: Mutation): string {
  return writeJson(mutation, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
}

/** Reads one journal line; known amounts become bigint, numbers inside a buyer's input do not. */
export function readMutation(line: string): Mutation {
  const mutation = parseJson(line) as Mutation;
  switch (mutation.kind) {
    case 'account_created':
      mutation.account.creditNano = BigInt(mutation.account.creditNano);
      break;
    case 'credit_added':
      mutation.amountNano = BigInt(mutation.amountNano);
      break;
    case 'prediction_created':
      mutation.prediction.chargedNano = BigInt(mutation.prediction.chargedNano);
      break;
    case 'prediction_ended':
      mutation.chargedNano = BigInt(mutation.chargedNano);
      break;
    default:
      break;
  }
  return mutation;
}
