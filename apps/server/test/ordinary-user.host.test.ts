import { findFail2banVersions } from '@bangui/fail2ban/testing'
import { addPastBan, hostJails, testHost, type HostUnderTest } from './host-tests.ts'
import { startOpenedDaemon } from './opened-daemon.ts'

async function setUp(): Promise<HostUnderTest> {
  const opened = await startOpenedDaemon({ jails: hostJails })
  addPastBan(opened.daemon)
  return {
    daemon: opened.daemon,
    environment: opened.environment,
    options: opened.uid === undefined ? {} : { uid: opened.uid },
    readsDatabase: opened.uid === undefined,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

const installed = findFail2banVersions().find(({ binDir }) => binDir === undefined)
testHost('that an ordinary user manages', installed?.version ?? '', setUp)
