import type { FaultName } from './front/fault-names.ts';
import type { DoctorSite } from './site.ts';

/** `bad` is something to change, `warn` something to know, `skipped` depends on a check that failed. */
export type CheckState = 'ok' | 'warn' | 'bad' | 'skipped';

/** The finding of one check. */
export interface CheckFinding {
  readonly state: CheckState;
  /** One sentence without a full stop. It may contain text from the network, and is escaped when printed. */
  readonly says: string;
  /** The figures behind the sentence. Times are in milliseconds. */
  readonly measured?: Readonly<Record<string, unknown>>;
  /** The fault, which chooses the line to change. */
  readonly fault?: FaultName;
  /** The faults beside it that the same check has found. */
  readonly moreFaults?: readonly FaultName[];
}

/** One check of `heddle doctor`, as data. */
export interface DoctorCheck {
  readonly name: string;
  /** The checks without whose success this one makes no sense. */
  readonly needs: readonly string[];
  /** The checks that only must be over before this one starts. */
  readonly after?: readonly string[];
  /** It needs the probe route of the server. */
  readonly probe?: true;
  /** It holds streams open, so it counts for the most that the network lets through. */
  readonly streams?: true;
  run(site: DoctorSite, find: FindFinding): Promise<CheckFinding>;
}

/** Returns the finding of another check, once it is there. */
type FindFinding = (name: string) => Promise<CheckFinding>;

/** Creates a finding without a fault. */
export function fine(says: string, measured?: CheckFinding['measured']): CheckFinding {
  return { state: 'ok', says, ...(measured && { measured }) };
}

/** Creates the finding of something to change. */
export function bad(fault: FaultName, says: string, measured?: CheckFinding['measured']): CheckFinding {
  return { state: 'bad', says, fault, ...(measured && { measured }) };
}

/** Creates the finding of something to know. */
export function worth(fault: FaultName, says: string, measured?: CheckFinding['measured']): CheckFinding {
  return { state: 'warn', says, fault, ...(measured && { measured }) };
}

/** Returns the faults of a finding. */
export function toFaultNames({
  fault,
  moreFaults = [],
}: Pick<CheckFinding, 'fault' | 'moreFaults'>): readonly FaultName[] {
  return fault === undefined ? [] : [fault, ...moreFaults];
}

/** Joins what one check has found: a network may have several faults at once. The worst comes first. */
export function joinFindings(all: readonly (CheckFinding | undefined)[]): CheckFinding | undefined {
  const found = all
    .filter((each) => each !== undefined)
    .toSorted((one, other) => Number(other.state === 'bad') - Number(one.state === 'bad'));
  const [worst] = found;
  if (worst === undefined || found.length === 1) return worst;
  const [, ...moreFaults] = new Set(found.flatMap(toFaultNames));
  return {
    ...worst,
    says: found.map(({ says }) => says).join('; '),
    measured: Object.fromEntries(found.toReversed().flatMap(({ measured = {} }) => Object.entries(measured))),
    ...(moreFaults.length > 0 && { moreFaults }),
  };
}

/** Creates the finding of a check that was left out. */
export function skipped(says: string): CheckFinding {
  return { state: 'skipped', says };
}
