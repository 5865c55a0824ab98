/** A wire that can be cut, in front of a server. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** When the test is over, it is gone. */
export async function wireTo(hubUrl: string) {
  const { port } = new URL(hubUrl);
  const open = new Set<Socket>();
  let isCut = false;
  /** Bytes that go through before it breaks by itself. */
  let budget = Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (data) => {
      budget -= data.length;
      if (budget < 0) {
        budget = Number.POSITIVE_INFINITY;
        near.destroy();
      } else near.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wire = {
    url: `http://${place}/`,
    hubUrl: `ws://${place}/hub`,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
      open.clear();
    },
    mend() {
      isCut = false;
    },
    breakAfter(bytes: number) {
      budget = bytes;
    },
  };
  onTestFinished(() => {
    wire.cut();
    server.close();
  });
  return wire;
}
