// One port for a server of TLS and one of SSH, as a Git host has one name for both: the first byte tells who is meant.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The port, and its end. */
export interface OnePort {
  readonly port: number
  close(): Promise<void>
}

/** First byte of a TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16
/** A client of TLS has spoken by then. */
const SILENT_MS = 200

/** Listens on a free port of the loopback address and passes connections on to two others. */
export async function startOnePort(to: { readonly tls: number; readonly ssh: number }): Promise<OnePort> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((incoming) => {
    const pass = (first: Buffer | null) => {
      clearTimeout(timer)
      incoming.off('data', pass)
      const outgoing = keep(connect(first?.[0] === TLS_HANDSHAKE ? to.tls : to.ssh, '127.0.0.1'))
      if (first !== null) outgoing.write(first)
      incoming.pipe(outgoing).pipe(incoming)
      incoming.on('close', () => outgoing.destroy())
      outgoing.on('close', () => incoming.destroy())
    }
    // Who waits for the server to speak first speaks SSH.
    const timer = setTimeout(() => pass(null), SILENT_MS)
    keep(incoming).on('data', pass)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port, not on a path.
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
