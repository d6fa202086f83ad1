import { Agent, tool } from '@strands-agents/sdk';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { strands } from './index.ts';
import { runTurn } from '../kit/run-turn.fixture.ts';
import { ScriptedModel } from './scripted-model.fixture.ts';

test.each(['call_0', ''])(
  'parallel calls that all have the id "%s" get their own results, in the events and for the model',
  async (id) => {
    const isOsakaDone = Promise.withResolvers<void>();
    const weather = tool({
      name: 'weather',
      description: 'Weather',
      inputSchema: z.object({ city: z.string() }),
      callback: async ({ city }) => {
        // The first call ends last.
        if (city === 'Kyoto') await isOsakaDone.promise;
        else isOsakaDone.resolve();
        return `weather of ${city}`;
      },
    });
    const model = new ScriptedModel(
      ['Kyoto', 'Osaka'].map((city) => ({ tool: 'weather', id, input: { city } })),
      [{ text: 'done' }],
    );
    const events = await runTurn(strands(() => new Agent({ model, tools: [weather], printer: false })));
    const inputs = events.flatMap((event) => (event.type === 'tool_use' ? [[event.call, event.input]] : []));
    const outputs = events.flatMap((event) =>
      event.type === 'tool_result' ? [[event.call, event.output]] : [],
    );
    const [kyoto, osaka] = inputs.map(([call]) => call);
    expect(inputs).toEqual([
      [kyoto, { city: 'Kyoto' }],
      [osaka, { city: 'Osaka' }],
    ]);
    expect(outputs).toEqual([
      [osaka, 'weather of Osaka'],
      [kyoto, 'weather of Kyoto'],
    ]);
    expect(kyoto).not.toBe(osaka);
    const results = JSON.stringify(model.calls[1]).match(/weather of \w+/gu);
    expect(results).toEqual(['weather of Kyoto', 'weather of Osaka']);
  },
);
