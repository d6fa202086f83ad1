// Serves Heddle under each way of mounting it, and prints where: lines of JSON `[name, origin, path]`.
import { once } from 'node:events';
import { createServer as createHttpServer, request as send } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { defineAgent } from 'heddle';
import { a2a, agUi, aiSdk, mcp, openAi } from 'heddle/dialects';
import { memoryStore } from 'heddle/log';
import { toListener } from 'heddle/node';
import { createServer } from 'heddle/server';
import type { Server } from 'heddle/server';

const agent = defineAgent({
  open: () =>
    async function* () {
      yield 'hello';
    },
});

function create(basePath = ''): Server {
  return createServer({
    agent,
    store: memoryStore(),
    basePath,
    origins: ['https://chat.example.com'],
    dialects: [aiSdk(), agUi(), openAi(), a2a(), mcp()],
    page: (path) =>
      path === '/'
        ? { type: 'whole', status: 200, headers: { 'content-type': 'text/html' }, body: 'page' }
        : undefined,
    authenticate: (request) => request.header('authorization'),
  });
}

/** Serves a listener, and returns its URL. */
async function serve(listener: RequestListener): Promise<string> {
  const http = createHttpServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** Starts a proxy that removes a prefix and changes Host. It says both, as Traefik and Next do. */
function serveProxy(to: string, prefix: string): Promise<string> {
  return serve((request, response) => {
    const path = (request.url ?? '').slice(prefix.length);
    const headers = {
      ...request.headers,
      host: new URL(to).host,
      'x-forwarded-host': request.headers.host,
      'x-forwarded-prefix': prefix,
    };
    const passed = send(`${to}${path.startsWith('/') ? path : `/${path}`}`, {
      method: request.method,
      headers,
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
}

function serveHono(app: Hono): Promise<string> {
  return serve((request, response) => void getRequestListener(app.fetch)(request, response));
}

async function serveFastify(server: Server): Promise<string> {
  const app = Fastify();
  const listener = toListener(server);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const path of ['/agent', '/agent/*'])
      scope.all(path, (request, reply) => {
        reply.hijack();
        listener(request.raw, reply.raw);
      });
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

/** Each way to mount a server, and the path of its mount point. Each starts it, and returns its origin. */
const mounts: Readonly<Record<string, readonly [path: string, start: () => Promise<string>]>> = {
  'no path': ['', () => serve(toListener(create()))],
  'node:http with a base path': ['/agent', () => serve(toListener(create('/agent')))],
  'Express, which removes it': ['/agent', () => serve(express().use('/agent', toListener(create())))],
  'Express, and the base path too': [
    '/agent',
    () => serve(express().use('/agent', toListener(create('/agent')))),
  ],
  'routers of Express': [
    '/v1/agent',
    () => serve(express().use('/v1', express.Router().use('/agent', toListener(create())))),
  ],
  'Hono with a base path': [
    '/agent',
    () => {
      const server = create('/agent');
      const pass = (context: { req: { raw: Request } }) => server.fetch(context.req.raw);
      return serveHono(new Hono().all('/agent', pass).all('/agent/*', pass));
    },
  ],
  'Hono, which removes it': ['/agent', () => serveHono(new Hono().mount('/agent', create().fetch))],
  'Fastify with a base path': ['/agent', () => serveFastify(create('/agent'))],
  'a proxy that removes it': ['/agent', async () => serveProxy(await serve(toListener(create())), '/agent')],
  'a proxy that removes the base path': [
    '/agent',
    async () => serveProxy(await serve(toListener(create('/agent'))), '/agent'),
  ],
  'a proxy that removes its part, before a base path': [
    '/team/agent',
    async () => serveProxy(await serve(toListener(create('/agent'))), '/team'),
  ],
  'a proxy that removes its part, before Express': [
    '/team/agent',
    async () => serveProxy(await serve(express().use('/agent', toListener(create()))), '/team'),
  ],
};

for (const [name, [path, start]] of Object.entries(mounts))
  console.error(JSON.stringify([name, await start(), path]));
console.error('ready');
