import type { DoctorCheck } from '../check.ts';
import { addressCheck } from './address.ts';
import { blocksCheck } from './blocks.ts';
import { bodyCheck } from './body.ts';
import { compressionCheck } from './compression.ts';
import { cutCheck } from './cut.ts';
import { headersCheck } from './headers.ts';
import { hostCheck } from './host.ts';
import { inFrontCheck } from './in-front.ts';
import { leavingCheck } from './leaving.ts';
import { manyCheck } from './many.ts';
import { pathCheck } from './path.ts';
import { postStreamCheck } from './post-stream.ts';
import { repeatsCheck } from './repeats.ts';
import { streamCheck } from './stream.ts';
import { versionCheck } from './version.ts';

/** The checks of a Heddle server, in the order in which they are told. `reached` comes before them. */
export const doctorChecks: readonly DoctorCheck[] = [
  versionCheck,
  inFrontCheck,
  hostCheck,
  headersCheck,
  addressCheck,
  bodyCheck,
  streamCheck,
  blocksCheck,
  compressionCheck,
  postStreamCheck,
  cutCheck,
  leavingCheck,
  repeatsCheck,
  manyCheck,
  pathCheck,
];
