import type { Model } from '@strands-agents/sdk';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Creates the model that `HEDDLE_MODEL` names as `provider:model`, with the provider's own variables. Loads
 * the provider's package. Rejects with an Error of one sentence that says what to do.
 */
export async function createModel(name: string, env: Env): Promise<Model> {
  const [, provider = '', modelId = ''] = /^(openai|anthropic|bedrock|google):(\S+)$/.exec(name.trim()) ?? [];
  switch (provider) {
    case 'openai': {
      const baseURL = set(env['OPENAI_BASE_URL']);
      // Ollama and similar servers need no key, but the OpenAI client does.
      const apiKey = set(env['OPENAI_API_KEY']) ?? (baseURL ? 'none' : missingKey(name, 'OPENAI_API_KEY'));
      const { OpenAIModel } = await load(name, 'openai', () => import('@strands-agents/sdk/models/openai'));
      // Other servers of this protocol have chat completions, and few have the newer responses API.
      return new OpenAIModel({ api: 'chat', modelId, apiKey, clientConfig: { ...(baseURL && { baseURL }) } });
    }
    case 'anthropic': {
      const baseURL = set(env['ANTHROPIC_BASE_URL']);
      const apiKey = set(env['ANTHROPIC_API_KEY']) ?? missingKey(name, 'ANTHROPIC_API_KEY');
      const { AnthropicModel } = await load(
        name,
        '@anthropic-ai/sdk',
        () => import('@strands-agents/sdk/models/anthropic'),
      );
      return new AnthropicModel({
        modelId,
        apiKey,
        maxTokens: 4_096,
        clientConfig: { ...(baseURL && { baseURL }) },
      });
    }
    case 'google': {
      const apiKey =
        set(env['GEMINI_API_KEY']) ?? set(env['GOOGLE_API_KEY']) ?? missingKey(name, 'GEMINI_API_KEY');
      const { GoogleModel } = await load(
        name,
        '@google/genai',
        () => import('@strands-agents/sdk/models/google'),
      );
      return new GoogleModel({ modelId, apiKey });
    }
    case 'bedrock': {
      const region = set(env['AWS_REGION']) ?? set(env['AWS_DEFAULT_REGION']);
      if (region === undefined)
        throw new Error(`HEDDLE_MODEL=${name} needs AWS_REGION, and credentials as the AWS tools take them.`);
      const { BedrockModel } = await load(
        name,
        '@aws-sdk/client-bedrock-runtime',
        () => import('@strands-agents/sdk/models/bedrock'),
      );
      return new BedrockModel({ modelId, region });
    }
    default:
      throw new Error(
        `HEDDLE_MODEL must be openai:…, anthropic:…, bedrock:… or google:… with a model's name, such as openai:gpt-5.4, but it is "${name}".`,
      );
  }
}

function set(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function missingKey(name: string, variable: string): never {
  throw new Error(`HEDDLE_MODEL=${name} needs ${variable} to be set.`);
}

async function load<Module>(name: string, needed: string, from: () => Promise<Module>): Promise<Module> {
  try {
    return await from();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing) throw error;
    throw new Error(`HEDDLE_MODEL=${name} needs a package that is not installed: npm install ${needed}`, {
      cause: error,
    });
  }
}
