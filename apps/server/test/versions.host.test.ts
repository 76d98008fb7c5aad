import { createPrivateDaemon } from '@bangui/fail2ban'
import { findFail2banVersions, type TestedFail2ban } from '@bangui/fail2ban/testing'
import { addPastBan, hostJails, testHost, type HostUnderTest } from './host-tests.ts'

async function setUp(fail2ban: TestedFail2ban): Promise<HostUnderTest> {
  const daemon = await createPrivateDaemon({ ...fail2ban, jails: hostJails })
  await daemon.start()
  addPastBan(daemon)
  return { daemon, readsDatabase: true, [Symbol.asyncDispose]: () => daemon.dispose() }
}

for (const fail2ban of findFail2banVersions()) {
  testHost(fail2ban.version, fail2ban.version, () => setUp(fail2ban))
}
