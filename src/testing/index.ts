export { check } from './check.ts';
export { createHistory } from './create-history.ts';
export type { ConnectionRecorder, HistoryRecorder, ReaderRecorder } from './create-history.ts';
export { createFaultProxy } from './fault-proxy.ts';
export type { FaultProxy, FaultProxyOptions } from './fault-proxy.ts';
export type { DialectCheck } from './dialects/dialect-bench.ts';
export { dialectContract } from './dialects/dialect-contract.ts';
export type {
  CheckedServer,
  DialectCheckName,
  DialectClient,
  DialectOracle,
  ShownExchange,
  ShownTool,
  StartCheckedServer,
} from './dialects/dialect-oracle.ts';
export { anyFaults } from './faults.ts';
export type { Cut, Faults, Plan, Shape } from './faults.ts';
export { followPlainly } from './follow-plainly.ts';
export type { PlainFollowOptions } from './follow-plainly.ts';
export type {
  Acknowledged,
  HistoryConnection,
  Fate,
  FinalLog,
  History,
  LoggedEntry,
  Post,
  HistoryReader,
} from './history.ts';
export { createRandom } from './random.ts';
export type { Random } from './random.ts';
export { readFinalLog } from './read-final-log.ts';
export type { Rule, Violation } from './violation.ts';
