import * as fc from 'fast-check';
import type { PostOptions, World } from './world.ts';
import type { Script } from '../scripted-agent.ts';

/**
 * The model is empty: a test expects nothing of a single command. The rules of the checker must hold after
 * any commands.
 */
interface Model {
  readonly nothing?: undefined;
}
type Command = fc.AsyncCommand<Model, World>;

const zeroOrOne = fc.integer({ min: 0, max: 1 });
const small = fc.integer({ min: 0, max: 7 });

function toCommand(name: string, run: (world: World) => void | Promise<void>): Command {
  return {
    check: () => true,
    run: async (_, world) => {
      await run(world);
    },
    toString: () => name,
  };
}

/** Creates a command of these values. Its name shows them, so that a failure can be read. */
function command<Values>(
  name: string,
  values: fc.Arbitrary<Values>,
  run: (world: World, values: Values) => void | Promise<void>,
): fc.Arbitrary<Command> {
  return values.map((value) => toCommand(`${name}(${JSON.stringify(value)})`, (world) => run(world, value)));
}

const scripts: fc.Arbitrary<Script> = fc.record({
  words: fc.integer({ min: 0, max: 6 }),
  tool: fc.boolean(),
  end: fc.constantFrom('well', 'well', 'throws', 'waits', 'repeats', 'asks'),
  name: fc.constantFrom('a', 'b', 'c'),
});

// There are few keys, so that some posts use an old key with another body.
const posts: fc.Arbitrary<PostOptions> = fc.record({
  session: zeroOrOne,
  node: zeroOrOne,
  key: fc.integer({ min: 1, max: 30 }).map((count) => `k${count}`),
  script: scripts,
  onBusy: fc.constantFrom('queue', 'queue', 'reject', 'interrupt', 'supersede'),
});

/** Generates commands that may run on a world, in any order. */
export function worldCommands(maxCommands: number): fc.Arbitrary<Iterable<Command>> {
  return fc.commands(
    [
      command('post', posts, (world, post) => world.post(post)),
      command('post twice', posts, (world, post) => {
        world.post(post);
        world.post({ ...post, node: 1 - post.node });
      }),
      command('post', posts, (world, post) => world.post(post)),
      command('post', posts, (world, post) => world.post(post)),
      command('post again', fc.tuple(small, zeroOrOne), (world, [nth, node]) => world.postAgain(nth, node)),
      command('withdraw', fc.tuple(zeroOrOne, small), (world, [session, nth]) =>
        world.withdraw(session, nth),
      ),
      command(
        'cancel',
        fc.tuple(zeroOrOne, fc.constantFrom('any' as const, 'stale' as const, 'last' as const)),
        (world, [session, which]) => world.cancel(session, which),
      ),
      command('answer', fc.tuple(zeroOrOne, small), (world, [session, nth]) => world.answer(session, nth)),
      command('answer', fc.tuple(zeroOrOne, fc.constant(0)), (world, [session, nth]) =>
        world.answer(session, nth),
      ),
      command('connect', fc.tuple(zeroOrOne, fc.nat(200)), (world, [session, place]) =>
        world.connect(session, place),
      ),
      command('disconnect', fc.integer({ min: 2, max: 12 }), (world, nth) => world.disconnect(nth)),
      command('cut', zeroOrOne, (world, node) => world.cut(node)),
      command('restart', zeroOrOne, (world, node) => world.restart(node)),
      command('crash', zeroOrOne, (world, node) => world.crash(node)),
      command('freeze', zeroOrOne, (world, node) => world.freeze(node)),
      command('thaw', zeroOrOne, (world, node) => world.thaw(node)),
      command(
        'fail',
        fc.tuple(
          zeroOrOne,
          fc.integer({ min: 1, max: 4 }),
          fc.constantFrom('before' as const, 'after' as const),
        ),
        (world, [node, calls, when]) => world.fail(node, calls, when),
      ),
      command('step the clock', fc.constantFrom(3_000, 11_000, 11_000, 7_200_000, -7_200_000), (world, ms) =>
        world.step(ms),
      ),
      command('pause', fc.integer({ min: 1, max: 40 }), (world, ticks) => world.pause(ticks)),
      command('pause', fc.integer({ min: 1, max: 12 }), (world, ticks) => world.pause(ticks)),
      command('pause', fc.integer({ min: 1, max: 40 }), (world, ticks) => world.pause(ticks)),
    ],
    { maxCommands, size: 'max' },
  );
}
