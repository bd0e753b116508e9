// A proxy for tests: tunnels to servers on this machine, whatever name was asked for, and notes who asked.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A running proxy. */
export interface TestProxy {
  readonly url: string
  /** Targets that were asked for, with the value of Proxy-Authorization. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | null }[]
  close(): Promise<void>
}

/** Starts a proxy that leads to a port of this machine, for those who show a user and password. */
export async function startProxy(to: number, credentials: string): Promise<TestProxy> {
  const asked: { target: string; authorization: string | null }[] = []
  const sockets = new Set<Socket>()
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((incoming) => {
    keep(incoming)
    let head = ''
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      incoming.off('data', read)
      const [, target = ''] = /^CONNECT (\S+) HTTP\/1\.1/.exec(head) ?? []
      const [, authorization = null] = /^proxy-authorization: (.*?)\r$/im.exec(head) ?? []
      asked.push({ target, authorization })
      if (authorization !== wanted) {
        incoming.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="p"\r\n\r\n')
        return
      }
      const outgoing = keep(connect(to, '127.0.0.1'))
      incoming.write('HTTP/1.1 200 Connection established\r\n\r\n')
      incoming.pipe(outgoing).pipe(incoming)
    }
    incoming.on('data', read)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  return {
    url: `http://${credentials}@127.0.0.1:${port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
