// Addresses and ranges of IP, as far as the API server looks into them.
import type { Cause } from '../registry/kind.ts'
import { invalid } from './causes.ts'

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/

/** The bytes of an address (4 or 16), or null; leading zeros are read, as the server reads them. */
export function readAddress(text: string): readonly number[] | null {
  return text.includes(':') ? readIpv6(text) : readIpv4(text)
}

function readIpv4(text: string): readonly number[] | null {
  if (!IPV4.test(text)) return null
  const bytes = text.split('.').map(Number)
  return bytes.every((each) => each <= 255) ? bytes : null
}

function readIpv6(text: string): readonly number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map(groupsOf)
  if (head === null || tail === null || head === undefined) return null
  if (tail === undefined) return head.length === 16 ? head : null
  const zeros = 16 - head.length - tail.length
  return zeros < 1 ? null : [...head, ...Array.from({ length: zeros }, () => 0), ...tail]
}

function groupsOf(text: string): readonly number[] | null {
  if (text === '') return []
  const groups = text.split(':')
  const bytes: number[] = []
  for (const [at, group] of groups.entries()) {
    const last = at === groups.length - 1 && group.includes('.') ? readIpv4(group) : null
    if (last !== null) bytes.push(...last)
    else if (/^[0-9a-fA-F]{1,4}$/.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255)
    else return null
  }
  return bytes
}

/** True for an address of version 6. */
export function isIpv6(text: string): boolean {
  return text.includes(':')
}

function hasLeadingZero(text: string): boolean {
  return !isIpv6(text) && /(^|\.)0\d/.test(text)
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.length === 16 && bytes.slice(0, 10).every((each) => each === 0) && bytes[10] === 255 && bytes[11] === 255
}

/** An address; what an older object already had is let through. */
export function addressCauses(field: string, text: string, known: readonly string[] = []): readonly Cause[] {
  if (known.includes(text)) return []
  const bytes = readAddress(text)
  if (bytes === null) return [invalid(field, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
  if (hasLeadingZero(text)) return [invalid(field, text, 'must not have leading 0s')]
  return isMapped(bytes) ? [invalid(field, text, 'must not be an IPv4-mapped IPv6 address')] : []
}

/** An address at which something can be reached from outside its own machine. */
export function reachableCauses(field: string, text: string): readonly Cause[] {
  const bytes = readAddress(text)
  if (bytes === null) return [invalid(field, text, 'must be a valid IP address')]
  const [first = 0, second = 0, third = 0] = bytes
  const four = bytes.length === 4
  if (bytes.every((each) => each === 0)) return [invalid(field, text, `may not be unspecified (${text})`)]
  const loopback = four ? first === 127 : bytes.slice(0, 15).every((each) => each === 0) && bytes[15] === 1
  if (loopback) return [invalid(field, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')]
  const local = four ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80
  if (local) return [invalid(field, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')]
  const group = four ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 0x02
  return group ? [invalid(field, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')] : []
}

/** A range; what an older object already had is let through. */
export function rangeCauses(field: string, text: string, known: readonly string[] = []): readonly Cause[] {
  if (known.includes(text)) return []
  const range = readRange(text)
  if (range === null) return [invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
  const [address = '', length = ''] = text.split('/')
  if (hasLeadingZero(address) || /^0\d/.test(length)) {
    return [invalid(field, text, 'must not have leading 0s in IP or prefix length')]
  }
  if (isMapped(range.bytes)) return [invalid(field, text, 'must not have an IPv4-mapped IPv6 address')]
  const beyond = range.bytes.some((byte, at) => (byte & ~maskAt(range.prefix, at) & 255) !== 0)
  return beyond ? [invalid(field, text, 'must not have bits set beyond the prefix length')] : []
}

/** A range of addresses. */
export interface Range {
  readonly bytes: readonly number[]
  readonly prefix: number
}

/** Reads a range; null where the text is none. */
export function readRange(text: string): Range | null {
  const [address = '', length = '', ...rest] = text.split('/')
  const bytes = readAddress(address)
  if (bytes === null || rest.length > 0 || !/^\d+$/.test(length)) return null
  return Number(length) <= bytes.length * 8 ? { bytes, prefix: Number(length) } : null
}

function maskAt(prefix: number, byte: number): number {
  const bits = Math.max(0, Math.min(8, prefix - byte * 8))
  return (255 << (8 - bits)) & 255
}

/** True where a range holds an address, or all of another range. */
export function holds(range: Range, other: Range): boolean {
  if (range.bytes.length !== other.bytes.length || other.prefix < range.prefix) return false
  return range.bytes.every((byte, at) => ((byte ^ (other.bytes[at] ?? 0)) & maskAt(range.prefix, at)) === 0)
}
