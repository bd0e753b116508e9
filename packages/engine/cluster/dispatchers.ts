// The connections to one API server: one pool for requests, one for watches, both with the cluster's trust and proxy.
import { getCACertificates } from 'node:tls'
import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import type { ClientCertificate, ClusterConfig } from './config.ts'

/** Connections made with one client certificate (or none). */
export interface Dispatchers {
  /**
   * Requests: HTTP/1.1, which answers small requests sooner than HTTP/2 does.
   */
  readonly requests: Dispatcher
  /** Watches: HTTP/2 where the server speaks it, so that hundreds of idle watches share a connection. */
  readonly watches: Dispatcher
}

/** Connections for requests at most; more requests wait for a free one. */
const requestConnections = 64
/** Longest time to connect, TLS included, in milliseconds. */
const connectTimeoutMs = 15_000

/** Opens nothing yet: connections are made when the first request needs one. */
export function openDispatchers(config: ClusterConfig, certificate: ClientCertificate | null): Dispatchers {
  const tls = tlsOptions(config, certificate)
  const origin = new URL(config.server).origin
  const common = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 }
  const open = (allowH2: boolean, connections: number | null): Dispatcher => {
    const options = { ...common, allowH2, ...(connections === null ? {} : { connections }) }
    if (config.proxy === null) {
      return new Pool(origin, { ...options, connect: connector({ ...tls, allowH2, preferH2: allowH2 }, config) })
    }
    const requestTls = { ...tls, allowH2, preferH2: allowH2, ...named(config) }
    return new ProxyAgent({ ...options, uri: config.proxy, requestTls, proxyTls: { timeout: connectTimeoutMs } })
  }
  return { requests: open(false, requestConnections), watches: open(true, null) }
}

function tlsOptions(config: ClusterConfig, certificate: ClientCertificate | null): buildConnector.BuildOptions {
  return {
    timeout: connectTimeoutMs,
    rejectUnauthorized: !config.trust.insecure,
    ca: config.trust.ca === null ? publicAuthorities(config) : [config.trust.ca],
    ...(certificate === null ? {} : { cert: certificate.cert, key: certificate.key }),
  }
}

/** Without an authority in the kubeconfig: those of Node and those that the system's administrator added. */
function publicAuthorities(config: ClusterConfig): string[] {
  if (config.trust.insecure || !config.server.startsWith('https:')) return []
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

function named(config: ClusterConfig): { readonly servername?: string } {
  return config.trust.serverName === null ? {} : { servername: config.trust.serverName }
}

/** A connector that presents and expects the kubeconfig's `tls-server-name` whatever the host is called. */
function connector(options: buildConnector.BuildOptions, config: ClusterConfig): buildConnector.connector {
  const connect = buildConnector(options)
  return (target, callback) => connect({ ...target, ...named(config) }, callback)
}
