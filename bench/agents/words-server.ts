// An agent behind a URL that says as many words as the prompt asks for, as Heddle's lines. It prints its port.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    const { prompt }: { prompt?: unknown } = Object(JSON.parse(body));
    const count = Number(prompt);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    let word = 0;
    const write = (): void => {
      while (word < count) {
        if (!response.write(`${JSON.stringify(`word ${word++} `)}\n`))
          return void response.once('drain', write);
      }
      response.end('{"type":"end"}\n');
    };
    write();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
