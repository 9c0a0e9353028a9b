import ipaddr from 'ipaddr.js'

/**
 * What an address counts as: IPv4 by itself, IPv6 by its first 64 bits, since
 * one subscriber has at least so many to choose from.
 */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip
  // An IPv4 address may come dressed as IPv6.
  const address = ipaddr.process(ip)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
