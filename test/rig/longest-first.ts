import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/**
 * The files that take longest, with the longest first. `npm test` prints its ten slowest files, which belong
 * at the top of this list.
 */
const longFiles: readonly string[] = [
  'test/page/states.test.ts',
  'test/page/ten-tabs.test.ts',
  'test/page/page.test.ts',
  'test/page/approvals.test.ts',
  'test/page/scroll.test.ts',
  'test/runtimes/doors.test.ts',
  'test/client/tabs.test.ts',
  'test/security/slowhttptest.test.ts',
  'test/security/markdown.test.ts',
  'test/security/canaries.test.ts',
  'test/page/markdown.test.ts',
  'test/page/foreign-scripts.test.ts',
  'test/dialects/ai-sdk-page.test.ts',
  'test/runtimes/types.test.ts',
  'test/runtimes/package.test.ts',
  'test/faults/kills.test.ts',
  'test/page/odd-answers.test.ts',
  'test/serve/mcp.test.ts',
  'test/client/event-source.test.ts',
  'test/security/browser.test.ts',
  'test/docs/tutorial.test.ts',
  'test/client/react.test.ts',
  'bench/delivery/smoke.test.ts',
  'test/page/closing.test.ts',
  'test/redis/nodes.test.ts',
  'test/serve/serve.test.ts',
  'test/serve/agents.test.ts',
  'test/serve/logs.test.ts',
  'test/page/copy.test.ts',
  'test/page/resting.test.ts',
  'test/security/serve.test.ts',
  'test/security/slow.test.ts',
  'test/python/fastapi.test.ts',
  'test/redis/faults.test.ts',
  'test/page/refused.test.ts',
  'test/page/sign-in.test.ts',
  'test/page/windows.test.ts',
  'test/serve/watch.test.ts',
  'test/security/dialects.test.ts',
  'test/security/page.test.ts',
  'test/redis/rolling.test.ts',
  'src/sqlite/sqlite.test.ts',
  'src/sqlite/process.test.ts',
  'src/sqlite/loss.test.ts',
  'src/client/client-cases.test.ts',
];

/**
 * Starts the longest files of each project first. A long file that starts last would run alone at the end.
 * Vitest knows the duration of a file only after a run on the same machine. Until then it takes the size of
 * the file instead, and the longest files here are short.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const gone = longFiles.find((file) => !existsSync(join(root, file)));
    if (gone !== undefined) throw new Error(`The list of long files names ${gone}, which is not there.`);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longFiles.indexOf(relative(root, moduleId));
      return index === -1 ? longFiles.length : index;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- this is no array
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project);
    return [...projects.values()].flatMap((each) => each.toSorted((one, other) => rank(one) - rank(other)));
  }
}
