import { expect, it } from 'vitest'
import { daemon, runCheck, titlesOf } from '../../../test/health.ts'
import { createClockWatch } from '../clock-watch.ts'
import type { SystemSeen } from '../seen/machine-seen.ts'
import { machineChecks } from './machine-checks.ts'

const server = (pid: number) => ({ pid, name: 'fail2ban-server', isServer: true, socket: '/run/x.sock' })
const other = { pid: 7, name: 'sshd', isServer: false, socket: null }

it.each([
  ['two servers', [server(100), server(200), other], 1],
  ['one server', [server(100), other], 0],
  ['two servers, none of which is this one', [server(300), server(200)], 0],
])('two-daemons, with %s', (_title, processes, problems) => {
  expect(runCheck(machineChecks['two-daemons'], { daemon: daemon(), processes }).problems ?? []).toHaveLength(
    problems,
  )
})

const system = (over: Partial<SystemSeen>): SystemSeen => ({
  ufwEnabled: null,
  firewalldRuns: false,
  canReadJournal: false,
  hasSystemd: true,
  unitState: 'enabled',
  activeState: 'active',
  isClockSynchronised: true,
  clockJumpMs: 0,
  ...over,
})

it.each([
  ['disabled', { unitState: 'disabled' }, 'up', ['fail2ban does not start at boot: its service is disabled']],
  ['masked', { unitState: 'masked' }, 'down', ['fail2ban does not start at boot: its service is masked']],
  [
    'enabled and failed',
    { activeState: 'failed' },
    'down',
    ['fail2ban has failed, and systemd does not start it again'],
  ],
  ['failed, but started in another way', { activeState: 'failed' }, 'up', []],
  ['enabled', {}, 'up', []],
] as const)('dead-at-boot, where the service is %s', (...[, over, state, titles]) => {
  expect(
    titlesOf(runCheck(machineChecks['dead-at-boot'], { system: system(over), daemon: daemon({ state }) })),
  ).toEqual(titles)
})

it.each([
  [{ isClockSynchronised: false }, ['The system clock is not synchronised']],
  [{ clockJumpMs: -3_600_000 }, ['The system clock jumped by -3600 s']],
  [{ clockJumpMs: 900 }, []],
  [{ clockJumpMs: null }, []],
])('clock-off, with %j', (over, titles) => {
  expect(titlesOf(runCheck(machineChecks['clock-off'], { system: system(over) }))).toEqual(titles)
})

it('dead-at-boot and clock-off cannot tell without a unit of fail2ban or a synchronised clock', () => {
  const seen = { system: system({ unitState: null, isClockSynchronised: null }), daemon: daemon() }
  for (const id of ['dead-at-boot', 'clock-off'] as const)
    expect(runCheck(machineChecks[id], seen).cannotTell).toHaveLength(1)
})

it('dead-at-boot does not apply without systemd', () => {
  const seen = { system: system({ hasSystemd: false, unitState: null }), daemon: daemon() }
  const verdict = runCheck(machineChecks['dead-at-boot'], seen)
  expect(verdict).toEqual({ doesNotApply: 'systemd does not run here.' })
})

it('a clock that was set jumps by the difference, and one that runs does not', () => {
  let steady = 0
  const watch = createClockWatch(() => steady)
  expect(watch.jump(1000)).toBeNull()
  steady = 60_000
  expect(watch.jump(61_000)).toBe(0)
  steady = 120_000
  expect(watch.jump(61_000)).toBe(-60_000)
})
