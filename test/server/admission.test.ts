import { request } from 'node:http';
import { expect, test } from 'vitest';
import { attachMessage, call, servedHub } from '../support/served-hub.ts';

/** What a request is answered. */
function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    request({ hostname, port, path: url.slice(url.indexOf(pathname, 8)), method, headers }, (response) => {
      let body = '';
      response.on('data', (data) => {
        body += data;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['a page of ours', (url: string) => ({ origin: new URL(url).origin })],
  ['a tool, which has no origin', () => ({})],
  ['a page of an origin that was allowed', () => ({ origin: 'https://ops.example.com' })],
  ['localhost', (url: string) => ({ host: `localhost:${new URL(url).port}` })],
])('%s is let in', async (_what, from) => {
  await using served = await servedHub({ allowedOrigins: ['https://ops.example.com'] });
  const caller = await call(served.server.hubUrl, from(served.server.url));
  caller.say(attachMessage);
  await caller.until(() => caller.messages.length > 0);
  expect(caller.messages[0]).toMatchObject({ kind: 'attached' });
  caller.socket.close();
});

test.each([
  ['a page of another origin (Ad1)', { origin: 'https://evil.example' }, 403],
  ['a page of another port (Ad1)', { origin: 'http://127.0.0.1:1' }, 403],
  ['a page that was opened as a file (Ad1)', { origin: 'null' }, 403],
  ['a name that leads here (Ad2)', { host: 'evil.example' }, 421],
  ['such a name and its own page (Ad2)', { host: 'evil.example', origin: 'http://evil.example' }, 421],
])('%s is not', async (_what, from, status) => {
  await using served = await servedHub();
  await expect(call(served.server.hubUrl, from)).rejects.toThrow(String(status));
  expect(served.server.connections).toBe(0);
});

test('pages are not given out under another name either, and only what belongs to the page is', async () => {
  await using served = await servedHub({ page: new URL('../../inspector/public', import.meta.url).pathname });
  const { url } = served.server;
  expect(await get(`${url}icon.svg`)).toMatchObject({ status: 200, headers: { 'content-type': 'image/svg+xml' } });
  expect(await get(`${url}icon.svg`, { host: 'evil.example' })).toMatchObject({ status: 421 });
  for (const path of ['../package.json', '%2e%2e/package.json', '..%2fpackage.json', '%', 'hub', '//x']) {
    expect(await get(url + path)).toMatchObject({ status: 404 });
  }
  expect(await get(url, {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect(await get(`${url}icon.svg`, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test('the page may load nothing from elsewhere, and stand in no frame (Pg2)', async () => {
  await using served = await servedHub();
  const { headers } = await get(served.server.url);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-eval|script-src|\*/);
  expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
});

test('only where guests are asked for does it listen to them: to the window that opened it, and to this machine (Pg3)', async () => {
  await using served = await servedHub();
  const policyAt = async (path: string) => {
    const { headers } = await get(`${served.server.url}${path}`);
    return [String(headers['content-security-policy']), headers['cross-origin-opener-policy']] as const;
  };
  const [closed, opener] = await policyAt('');
  expect(closed).not.toContain('localhost');
  expect(opener).toBe('same-origin');
  const [open, withOpener] = await policyAt('?inspect');
  expect(open).toContain('ws://127.0.0.1:* ws://localhost:*');
  expect(open).toContain("default-src 'self'");
  expect(withOpener).toBe('unsafe-none');
});

test('no address that a request has carries the token', async () => {
  await using served = await servedHub();
  const { link, token, hubUrl, url } = served.server;
  const { hash, pathname, search } = new URL(link);
  expect(pathname + search).toBe('/');
  expect(new URLSearchParams(hash.slice(1))).toEqual(new URLSearchParams({ hub: hubUrl, token }));
  expect(url).not.toContain(token);
});

test('more than there is room for are sent away', async () => {
  await using served = await servedHub({ maxConnections: 1 });
  const first = await call(served.server.hubUrl);
  const second = await call(served.server.hubUrl);
  expect(await second.closed).toEqual({ code: 4429, reason: 'too many are attached' });
  first.socket.close();
});
