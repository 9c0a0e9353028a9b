import t from 'tap'
import { networkOf } from '../src/network.ts'

t.test('an IPv4 address counts by itself, also when it comes as IPv6', async (t) => {
  t.equal(networkOf('192.0.2.1'), '192.0.2.1')
  t.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
})

t.test('an IPv6 address counts by its /64, however it is written', async (t) => {
  const network = '2001:db8:0:1::/64'
  t.equal(networkOf('2001:db8:0:1::1'), network)
  t.equal(networkOf('2001:0DB8:0000:0001:ffff:ffff:ffff:ffff'), network)
  t.not(networkOf('2001:db8:0:2::1'), network)
  t.equal(networkOf('::1'), '0:0:0:0::/64')
})

t.test('the port that a proxy writes behind an address counts for nothing', async (t) => {
  t.equal(networkOf('192.0.2.1:50123'), '192.0.2.1')
  t.equal(networkOf('[2001:db8:0:1::1]:50123'), '2001:db8:0:1::/64')
  t.equal(networkOf('[2001:db8:0:1::1]'), '2001:db8:0:1::/64')
})

t.test('what is no address counts by itself', async (t) => {
  t.equal(networkOf(''), '')
})
