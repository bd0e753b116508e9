// Which proxy a server is reached through: the kubeconfig's, or that of the environment.
import { isIP } from 'node:net'
import { FaultError } from '../fault.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Schemes a proxy may have. */
const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:'])

/**
 * Checks a proxy URL.
 * @throws FaultError `invalid-input` naming `where`; the URL itself may hold a password and is not shown
 */
export function checkedProxy(url: string, where: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !schemes.has(parsed.protocol) || parsed.hostname === '') {
    const why = 'must be a URL with scheme http, https or socks5'
    throw new FaultError({ kind: 'invalid-input', what: 'the proxy cannot be used', where, why })
  }
  return url
}

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY (or their lower-case forms) give for a server, or null.
 * Loopback addresses are never sent to a proxy.
 */
export function proxyFromEnvironment(server: URL, env: Environment): string | null {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || isLoopback(server.hostname)) return null
  if (goesDirectly(server, env.NO_PROXY || env.no_proxy || '')) return null
  return checkedProxy(proxy.includes('://') ? proxy : `http://${proxy}`, `the environment variable ${name}`)
}

/** True where a list in the form of NO_PROXY excepts a server. */
export function goesDirectly(server: URL, exceptions: string): boolean {
  return exceptions.split(',').some((exception) => matches(exception.trim().toLowerCase(), server))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname)
}

/** `*`, `host`, `host:port`, `.domain`, `domain` (with its subdomains), `10.0.0.0/8`. */
function matches(exception: string, server: URL): boolean {
  if (exception === '') return false
  if (exception === '*') return true
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (exception.includes('/')) return inRange(host, exception)
  const colon = exception.lastIndexOf(':')
  const withPort = colon > 0 && isIP(exception) === 0
  if (withPort && exception.slice(colon + 1) !== (server.port || (server.protocol === 'https:' ? '443' : '80')))
    return false
  const name = (withPort ? exception.slice(0, colon) : exception).replace(/^\*?\./, '')
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`))
}

function inRange(host: string, range: string): boolean {
  const [base, length] = range.split('/')
  if (base === undefined || isIP(host) !== 4 || isIP(base) !== 4) return false
  const bits = Number(length)
  if (!Number.isInteger(bits) || bits < 0 || bits > 32) return false
  const size = 2 ** (32 - bits)
  return Math.floor(numberOf(host) / size) === Math.floor(numberOf(base) / size)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
