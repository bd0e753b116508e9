// A program that OpenSSH runs to get through a proxy: standard input and output become a connection to a host behind it.
// Its arguments are the host and port; the proxy's URL, which may hold a password, comes from the environment.
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'

/** Where the tunnel leads. */
interface Target {
  readonly host: string
  readonly port: number
}

/** Variable with the proxy's URL. */
const PROXY = 'MAINSTAY_SSH_PROXY'
const CONNECT_MS = 15_000

const SOCKS = 5
const NO_LOGIN = 0
const LOGIN = 2

function main([host, port]: readonly string[], proxy: string | undefined): void {
  if (host === undefined || port === undefined || proxy === undefined) throw new TypeError('no host, port or proxy')
  const target = { host, port: Number(port) }
  const url = new URL(proxy)
  const opened = url.protocol === 'socks5:' ? throughSocks(url, target) : throughHttp(url, target)
  opened.then(
    (socket) => {
      socket.setTimeout(0)
      socket.on('error', fail)
      socket.on('close', () => process.exit(0))
      process.stdin.pipe(socket)
      socket.pipe(process.stdout)
    },
    (error: unknown) => fail(error),
  )
}

/** OpenSSH shows the line; it says nothing of the proxy's address, which may hold a password. */
function fail(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'refused'
  process.stderr.write(`the proxy does not lead there (${code})\n`)
  process.exit(1)
}

function throughHttp(proxy: URL, { host, port }: Target): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const shown = host.includes(':') ? `[${host}]` : host
    const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
    const headers = login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }
    const options = {
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      path: `${shown}:${port}`,
      headers: { host: `${shown}:${port}`, ...headers },
      timeout: CONNECT_MS,
    }
    const asked = proxy.protocol === 'https:' ? tlsRequest(options) : plainRequest(options)
    asked.on('connect', (response, socket, head) => {
      if (response.statusCode !== 200) {
        reject(Object.assign(new Error('refused'), { code: response.statusCode }))
        return
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    asked.on('response', (response) => reject(Object.assign(new Error('refused'), { code: response.statusCode })))
    asked.on('timeout', () => reject(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
    asked.on('error', reject)
    asked.end()
  })
}

/** RFC 1928, and RFC 1929 for the login. */
async function throughSocks(proxy: URL, { host, port }: Target): Promise<Socket> {
  const socket = connect(Number(proxy.port || 1080), proxy.hostname.replace(/^\[|\]$/g, ''))
  socket.setTimeout(CONNECT_MS, () => socket.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
  const read = reader(socket)
  const user = Buffer.from(decodeURIComponent(proxy.username))
  const password = Buffer.from(decodeURIComponent(proxy.password))
  const method = user.length === 0 ? NO_LOGIN : LOGIN
  socket.write(Buffer.from([SOCKS, 1, method]))
  if ((await read(2))[1] !== method) throw new Error('no login that both know')
  if (method === LOGIN) {
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]))
    if ((await read(2))[1] !== 0) throw new Error('login refused')
  }
  const name = Buffer.from(host)
  const end = Buffer.alloc(2)
  end.writeUInt16BE(port)
  socket.write(Buffer.concat([Buffer.from([SOCKS, 1, 0, 3, name.length]), name, end]))
  const [, status, , kind] = await read(4)
  if (status !== 0) throw new Error('refused')
  // The address that the proxy speaks from: IPv4, a name after its length, or IPv6; and a port.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await read(1))[0] ?? 0)
  await read(length + 2)
  return socket
}

/** Reads so many bytes of a socket at a time, and nothing more: what follows is for whoever is behind the proxy. */
function reader(socket: Socket): (bytes: number) => Promise<Buffer> {
  return (bytes) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found: Buffer | null = socket.read(bytes)
        if (found === null) return
        done()
        resolve(found)
      }
      const end = () => {
        done()
        reject(new Error('closed'))
      }
      const broken = (error: Error) => {
        done()
        reject(error)
      }
      const done = () => {
        socket.off('readable', look)
        socket.off('end', end)
        socket.off('error', broken)
      }
      socket.on('readable', look)
      socket.on('end', end)
      socket.on('error', broken)
      look()
    })
}

main(process.argv.slice(2), process.env[PROXY])
