// Hosts of the package registries this machine is set up to use: they are nobody else's business.

const VARIABLES = ['npm_config_registry', 'NPM_CONFIG_REGISTRY', 'GOPROXY', 'PIP_INDEX_URL']

/** Host names (with port, where one is given) from the environment; words such as `direct` and `off` name none. */
export function registryHosts(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const addresses = VARIABLES.flatMap((name) => (env[name] ?? '').split(/[,|]/))
  const hosts = addresses.map(hostOf).filter((host) => host !== null)
  return [...new Set(hosts)]
}

function hostOf(address: string): string | null {
  const url = URL.parse(address.trim())
  // One-word hosts (`localhost`, `proxy`) are ordinary words of our own texts.
  return url === null || !url.hostname.includes('.') || url.hostname === '127.0.0.1' ? null : url.host
}
