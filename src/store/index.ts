export {
  createWatchers,
  decideAppend,
  maxLeaseMs,
  mustSync,
  toDamage,
  toHead,
  toSnapshot,
  toState,
} from '../log/internal.ts';
export type { AppendDecision, AppendDemands, AppendFacts, Watchers } from '../log/internal.ts';
export { storeContract } from './contract.ts';
export type { StoreCheck } from './contract-check.ts';
