import { expect, it } from 'vitest'
import { findSshPeers, sshPorts } from './ssh-peers.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, remote: string, state: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0`

it('are those with an open connection to a port of SSH', () => {
  const tcp = [
    head,
    row('00000000:0016', '00000000:0000', '0A'),
    row('0100007F:0016', '070200C0:D431', '01'),
    row('0100007F:0016', '070200C0:D432', '01'),
    row('0100007F:0050', '080200C0:D432', '01'),
    row('0100007F:0016', '090200C0:D432', '06'),
  ].join('\n')
  const tcp6 = [
    head,
    row('00000000000000000000000001000000:0016', 'B80D0120000000000000000001000000:D431', '01'),
    row('0000000000000000FFFF00000100007F:0016', '0000000000000000FFFF00000A0200C0:D431', '01'),
    'garbage',
  ].join('\n')
  expect(findSshPeers([tcp, tcp6], [22])).toEqual({
    addresses: ['192.0.2.7', '2001:db8::1', '192.0.2.10'],
    hasServer: true,
  })
  expect(findSshPeers([tcp, tcp6], [2222])).toEqual({ addresses: [], hasServer: false })
  expect(findSshPeers(['', ''], [22])).toEqual({ addresses: [], hasServer: false })
})

it.each([
  [[''], [22]],
  [['#Port 22\nPermitRootLogin no\n'], [22]],
  [
    ['Port 2222\nport 22\n', 'Port 2222'],
    [2222, 22],
  ],
  [['ListenAddress 0.0.0.0:8022\nListenAddress ::\n'], [8022]],
])('of %j listen on %j', (configs, ports) => {
  expect(sshPorts(configs)).toEqual(ports)
})
