import ipaddr from 'ipaddr.js'

/**
 * What an address counts as: IPv4 by itself, IPv6 by its first 64 bits, since
 * one subscriber has at least so many to choose from.
 */
export function networkOf(forwarded: string): string {
  const ip = withoutPort(forwarded)
  if (!ipaddr.isValid(ip)) return ip
  // An IPv4 address may come dressed as IPv6.
  const address = ipaddr.process(ip)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

/** Some proxies write the port of the client too, which changes with every connection. */
function withoutPort(address: string): string {
  const [, v6, v4] = /^(?:\[(.+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/.exec(address) ?? []
  return v6 ?? v4 ?? address
}
