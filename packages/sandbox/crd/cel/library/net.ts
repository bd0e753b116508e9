// Addresses: IPs, CIDRs and URLs.
import { isIpv6 } from '../../value/format.ts'
import type { Row } from '../function.ts'
import { CelFault, List, MapValue, Opaque } from '../value.ts'

/** Bits of an address: 32 or 128. */
interface Address {
  readonly bits: bigint
  readonly size: 32 | 128
}

function readIp(text: string): Address | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (v4 !== null) {
    const parts = v4.slice(1)
    if (!parts.every((part) => part === String(Number(part)) && Number(part) <= 255)) return null
    return { bits: parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n), size: 32 }
  }
  if (!isIpv6(text)) return null
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => {
    const pair = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16)
    return `${pair(a, b)}:${pair(c, d)}`
  })
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return { bits: groups.reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n), size: 128 }
}

function ipText({ bits, size }: Address): string {
  const groups = (width: bigint, count: number): readonly number[] =>
    Array.from({ length: count }, (_, at) => Number((bits >> (width * BigInt(count - 1 - at))) & ((1n << width) - 1n)))
  if (size === 32) return groups(8n, 4).join('.')
  const parts = groups(16n, 8).map((each) => each.toString(16))
  const runs = [
    ...parts
      .map((part) => (part === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/0{2,}/g),
  ]
  const longest = runs.reduce<RegExpMatchArray | null>(
    (best, run) => (best === null || run[0].length > best[0].length ? run : best),
    null,
  )
  if (longest === null) return parts.join(':')
  const at = longest.index ?? 0
  return `${parts.slice(0, at).join(':')}::${parts.slice(at + longest[0].length).join(':')}`
}

/** Addresses of v4 in the clothes of v6 are refused, as the real server does. */
function parseIp(text: string): Address {
  const address = readIp(text)
  if (address === null)
    throw new CelFault(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    )
  if (isMapped(address)) throw new CelFault(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`)
  return address
}

function isMapped({ bits, size }: Address): boolean {
  return size === 128 && bits >> 32n === 0xffffn
}

const isIp = (text: string): boolean => {
  const address = readIp(text)
  return address !== null && !isMapped(address)
}

const toIp = (address: Address): Opaque => new Opaque('net.IP', ipText(address), address)
const ipOf = (value: Opaque): Address => value.data as Address // Made by toIp.

interface Block {
  readonly address: Address
  readonly prefix: number
}

function readCidr(text: string): Block | null {
  const found = /^([^/]+)\/(\d{1,3})$/.exec(text)
  const address = found === null ? null : readIp(found[1] ?? '')
  const prefix = Number(found?.[2])
  if (address === null || isMapped(address) || prefix > address.size || found?.[2] !== String(prefix)) return null
  return { address, prefix }
}

function parseCidr(text: string): Opaque {
  const block = readCidr(text)
  if (block === null)
    throw new CelFault(
      `CIDR ${JSON.stringify(text)} parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    )
  return toCidr(block)
}

const toCidr = (block: Block): Opaque => new Opaque('net.CIDR', `${ipText(block.address)}/${block.prefix}`, block)
const cidrOf = (value: Opaque): Block => value.data as Block // Made by toCidr.

function masked({ address, prefix }: Block): Block {
  const shift = BigInt(address.size - prefix)
  return { address: { ...address, bits: (address.bits >> shift) << shift }, prefix }
}

function holds(block: Block, address: Address): boolean {
  const shift = BigInt(block.address.size - block.prefix)
  return block.address.size === address.size && block.address.bits >> shift === address.bits >> shift
}

const holdsBlock = (a: Block, b: Block): boolean => b.prefix >= a.prefix && holds(a, b.address)

function inBlock(address: Address, ...blocks: readonly string[]): boolean {
  return blocks.some((text) => {
    const block = readCidr(text)
    return block !== null && holds(block, address)
  })
}

const IPS: readonly Row[] = [
  ['ip(string)ip', (text: string) => toIp(parseIp(text))],
  ['isIP(string)bool', isIp],
  ['ip.isCanonical(string)bool', (text: string) => ipText(parseIp(text)) === text],
  ['string(ip)string', (ip: Opaque) => ip.text],
  ['ip~family()int', (ip: Opaque) => (ipOf(ip).size === 32 ? 4n : 6n)],
  ['ip~isUnspecified()bool', (ip: Opaque) => ipOf(ip).bits === 0n],
  ['ip~isLoopback()bool', (ip: Opaque) => inBlock(ipOf(ip), '127.0.0.0/8', '::1/128')],
  ['ip~isLinkLocalMulticast()bool', (ip: Opaque) => inBlock(ipOf(ip), '224.0.0.0/24', 'ff02::/16')],
  ['ip~isLinkLocalUnicast()bool', (ip: Opaque) => inBlock(ipOf(ip), '169.254.0.0/16', 'fe80::/10')],
  [
    'ip~isGlobalUnicast()bool',
    (ip: Opaque) =>
      ipOf(ip).bits !== 0n &&
      !inBlock(
        ipOf(ip),
        '255.255.255.255/32',
        '127.0.0.0/8',
        '::1/128',
        '224.0.0.0/4',
        'ff00::/8',
        '169.254.0.0/16',
        'fe80::/10',
      ),
  ],
]

const CIDRS: readonly Row[] = [
  ['cidr(string)cidr', parseCidr],
  ['isCIDR(string)bool', (text: string) => readCidr(text) !== null],
  ['string(cidr)string', (cidr: Opaque) => cidr.text],
  ['cidr~containsIP(string)bool', (cidr: Opaque, text: string) => holds(cidrOf(cidr), parseIp(text))],
  ['cidr~containsIP(ip)bool', (cidr: Opaque, ip: Opaque) => holds(cidrOf(cidr), ipOf(ip))],
  ['cidr~containsCIDR(string)bool', (cidr: Opaque, text: string) => holdsBlock(cidrOf(cidr), cidrOf(parseCidr(text)))],
  ['cidr~containsCIDR(cidr)bool', (cidr: Opaque, other: Opaque) => holdsBlock(cidrOf(cidr), cidrOf(other))],
  ['cidr~ip()ip', (cidr: Opaque) => toIp(cidrOf(cidr).address)],
  ['cidr~masked()cidr', (cidr: Opaque) => toCidr(masked(cidrOf(cidr)))],
  ['cidr~prefixLength()int', (cidr: Opaque) => BigInt(cidrOf(cidr).prefix)],
]

interface Url {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
}

function readUrl(text: string): Url | null {
  if (text === '' || [...text].some((char) => char <= ' ' || char === '\u007f')) return null
  const found = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/.exec(text)
  if (found === null || /%(?![0-9a-fA-F]{2})/.test(found[3] ?? '')) return null
  const [, scheme = '', authority = '', path = '', query = ''] = found
  if (scheme === '' && !text.startsWith('/')) return null
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (!/^(\[[^\]]*\]|[^:[\]\\<>"^`{|} ]*)(:\d*)?$/.test(host)) return null
  return { scheme: scheme.toLowerCase(), host, path, query }
}

function parseUrl(text: string): Opaque {
  const url = readUrl(text)
  if (url === null)
    throw new CelFault(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    )
  return new Opaque('kubernetes.URL', text, url)
}

const urlOf = (value: Opaque): Url => value.data as Url // Made by parseUrl.

function queryOf(query: string): MapValue {
  const values = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(query)) values.set(key, [...(values.get(key) ?? []), value])
  return new MapValue([...values].map(([key, each]) => [key, new List(each)] as const))
}

const URLS: readonly Row[] = [
  ['url(string)url', parseUrl],
  ['isURL(string)bool', (text: string) => readUrl(text) !== null],
  ['url~getScheme()string', (url: Opaque) => urlOf(url).scheme],
  ['url~getHost()string', (url: Opaque) => urlOf(url).host],
  [
    'url~getHostname()string',
    (url: Opaque) =>
      urlOf(url)
        .host.replace(/:\d*$/, '')
        .replace(/^\[|\]$/g, ''),
  ],
  ['url~getPort()string', (url: Opaque) => /:(\d*)$/.exec(urlOf(url).host)?.[1] ?? ''],
  ['url~getEscapedPath()string', (url: Opaque) => urlOf(url).path],
  ['url~getQuery()map(string,list(string))', (url: Opaque) => queryOf(urlOf(url).query)],
]

/** The table. */
export const NET: readonly Row[] = [...IPS, ...CIDRS, ...URLS]
