// Follows the streams of a job with one client: `node follow-child.ts eventsource '{"urls":["http://…"]}'`.
import { createFollower } from './follower.ts';
import type { Job } from './follower.ts';
import { nodeClients } from './node-clients.ts';

const [name = '', job = ''] = process.argv.slice(2);
follow(JSON.parse(job));

function follow(job: Job): void {
  const client = nodeClients[name];
  if (client === undefined) throw new Error(`There is no client '${name}'.`);
  // Some clients let their process end while they wait. That would hide everything they do afterwards.
  if (job.mayExit !== true) setInterval(() => {}, 60_000);
  for (const [stream, url] of job.urls.entries()) {
    void client(
      url,
      createFollower(stream, job, (line) => process.stdout.write(`${line}\n`)),
      job,
    );
  }
}
