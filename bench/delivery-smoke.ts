/**
 * Checks that streams are complete and in order under load, with the code of the benchmarks:
 * `node bench/delivery-smoke.ts`.
 */
import { smokeServers } from './delivery/servers.ts';
import { smoke } from './delivery/smoke.ts';

for (const kind of smokeServers) {
  const begun = performance.now();
  await smoke(kind);
  process.stdout.write(
    `${kind.name}: complete and in order, ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
  );
}
