/** Any static server: what the page needs when there is no hub behind it. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

/** Where the page of this test run is. */
const pageFolder = (): string => process.env.PAGE_UNDER_TEST ?? join(dist, 'inspector/');

export interface StaticServer {
  readonly url: string;
  close(): void;
}

/** @param of another folder of what was built than the page's */
export async function serveStatically(of?: string): Promise<StaticServer> {
  const folder = of === undefined ? pageFolder() : join(dist, of);
  const server: Server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://page');
    const file = join(folder, normalize(pathname === '/' ? 'index.html' : pathname));
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy':
          "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
