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
export async function startProxy(to: number, login: string, kind: 'http' | 'socks5' = 'http'): Promise<TestProxy> {
  const asked: { target: string; authorization: string | null }[] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((incoming) => {
    keep(incoming)
    const lead = () => {
      const outgoing = keep(connect(to, '127.0.0.1'))
      incoming.pipe(outgoing).pipe(incoming)
    }
    const note = (target: string, authorization: string | null) => asked.push({ target, authorization })
    if (kind === 'http') speakHttp(incoming, login, { lead, note })
    else speakSocks(incoming, login, { lead, note })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  return {
    url: `${kind}://${login}@127.0.0.1:${port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Ways {
  readonly lead: () => void
  readonly note: (target: string, authorization: string | null) => void
}

function speakHttp(incoming: Socket, login: string, { lead, note }: Ways): void {
  const wanted = `Basic ${Buffer.from(login).toString('base64')}`
  let head = ''
  const read = (chunk: Buffer) => {
    head += chunk.toString('latin1')
    if (!head.includes('\r\n\r\n')) return
    incoming.off('data', read)
    const [, target = ''] = /^CONNECT (\S+) HTTP\/1\.1/.exec(head) ?? []
    const [, authorization = null] = /^proxy-authorization: (.*?)\r$/im.exec(head) ?? []
    note(target, authorization)
    if (authorization !== wanted) {
      incoming.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="p"\r\n\r\n')
      return
    }
    incoming.write('HTTP/1.1 200 Connection established\r\n\r\n')
    lead()
  }
  incoming.on('data', read)
}

/** A greeting, a login, a request for a name: each comes in one piece here. */
function speakSocks(incoming: Socket, login: string, { lead, note }: Ways): void {
  const [user = '', password = ''] = login.split(':')
  incoming.once('data', () => {
    incoming.write(Buffer.from([5, 2]))
    incoming.once('data', (said: Buffer) => {
      const shown = `${said.subarray(2, 2 + (said[1] ?? 0))}:${said.subarray(3 + (said[1] ?? 0))}`
      if (shown !== `${user}:${password}`) {
        incoming.end(Buffer.from([1, 1]))
        return
      }
      incoming.write(Buffer.from([1, 0]))
      incoming.once('data', (request: Buffer) => {
        const end = 5 + (request[4] ?? 0)
        note(`${request.subarray(5, end)}:${request.readUInt16BE(end)}`, shown)
        incoming.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 22]))
        lead()
      })
    })
  })
}
