import {
  type EndedFinding,
  type HealthCheckReport,
  type HealthReport,
  type HealthSummary,
  type ListedFinding,
  noHealthSummary,
} from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { type Procedures, Refusal } from '../../../test/fake-api.ts'
import { runtimeOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { ProtectionPage } from './protection-page.tsx'

const findingOf = (over: Partial<ListedFinding> = {}): ListedFinding => ({
  id: 'log-gone-1',
  check: 'log-gone',
  severity: 'critical',
  jail: 'sshd',
  title: 'The log of sshd has disappeared',
  detail: 'The jail reads /var/log/auth.log, which does not exist.',
  evidence: ['stat /var/log/auth.log: no such file'],
  evidenceHidden: false,
  remedy: 'Create the file, then reload the jail.',
  fix: null,
  action: null,
  since: T0 - 60_000,
  lastSeen: T0,
  accepted: null,
  ...over,
})

const checkOf = (over: Partial<HealthCheckReport> = {}): HealthCheckReport => ({
  id: 'log-silent',
  area: 'Reading logs',
  title: 'Nothing is written to a log any more',
  meaning: 'A log that used to grow has stopped.',
  severity: 'warning',
  cadence: 'hour',
  verdict: 'fine',
  checkedAt: T0,
  omitted: 0,
  cannotTell: [],
  note: null,
  doesNotApply: null,
  ...over,
})

const reportOf = (over: Partial<HealthReport> = {}): HealthReport => ({
  checks: [checkOf()],
  suspected: [],
  running: false,
  settling: false,
  ...over,
})

const healthOf = (over: Partial<HealthSummary> = {}): HealthSummary => ({
  ...noHealthSummary,
  complete: true,
  ...over,
})

interface Served {
  findings?: ListedFinding[]
  report?: HealthReport
  ended?: EndedFinding[]
}

async function show(served: Served = {}, options: PageOptions & { health?: HealthSummary } = {}) {
  const procedures: Procedures = {
    'health.list': () => served.findings ?? [],
    'health.checks': () => served.report ?? reportOf(),
    'health.ended': () => served.ended ?? [],
    ...options.procedures,
  }
  const runtime = runtimeOf({ health: options.health ?? healthOf() })
  const page = renderPage(ProtectionPage, { path: '/protection', runtime, ...options, procedures })
  await screen.findByRole('heading', { name: 'Protection' })
  return { ...page, user: userEvent.setup() }
}

const findFinding = (name = 'The log of sshd has disappeared') => screen.findByRole('article', { name })

describe('the page of the protection', () => {
  it('shows of a finding what is wrong, since when, what was seen and what to do', async () => {
    const { user } = await show({ findings: [findingOf()] })
    const finding = await findFinding()
    expect(within(finding).getByText('Critical')).toBeVisible()
    expect(finding).toHaveTextContent('The jail reads /var/log/auth.log, which does not exist.')
    expect(finding).toHaveTextContent('Create the file, then reload the jail.')
    expect(within(finding).getByRole('link', { name: 'sshd' })).toHaveAttribute('href', '/jails/sshd')
    expect(finding).not.toHaveTextContent('no such file')
    const evidence = within(finding).getByRole('button', { name: 'What was seen' })
    expect(evidence).toHaveAttribute('aria-expanded', 'false')
    await user.click(evidence)
    expect(finding).toHaveTextContent('stat /var/log/auth.log: no such file')
  })

  it('says to others that an administrator can see the evidence', async () => {
    await show({ findings: [findingOf({ evidence: [], evidenceHidden: true })] })
    const finding = await findFinding()
    expect(finding).toHaveTextContent('Administrators can see')
    expect(within(finding).queryByRole('button', { name: 'What was seen' })).toBeNull()
  })

  it('counts findings by severity, and has no score', async () => {
    await show({ findings: [findingOf()] }, { health: healthOf({ critical: 1, warning: 2 }) })
    const counts = await screen.findByRole('list', { name: 'Findings' })
    expect(counts).toHaveTextContent('1 critical')
    expect(counts).toHaveTextContent('2 warnings')
    expect(counts).toHaveTextContent('0 hints')
  })

  it('reads the findings again when the live stream says that they changed', async () => {
    const served: Served = { findings: [findingOf()] }
    const { sendRuntime } = await show(served, { health: healthOf({ critical: 1, revision: 1 }) })
    await findFinding()
    served.findings = []
    sendRuntime(runtimeOf({ health: healthOf({ revision: 2 }) }))
    expect(await screen.findByText('No problem found')).toBeVisible()
    expect(screen.queryByRole('article')).toBeNull()
  })

  it('keeps open what somebody reads while the finding is seen again', async () => {
    const served: Served = { findings: [findingOf()] }
    const { user, sendRuntime } = await show(served, { health: healthOf({ revision: 1 }) })
    await user.click(within(await findFinding()).getByRole('button', { name: 'What was seen' }))
    served.findings = [findingOf({ evidence: ['a newer line'], lastSeen: T0 + 60_000 })]
    sendRuntime(runtimeOf({ health: healthOf({ revision: 2 }) }))
    await waitFor(async () => expect(await findFinding()).toHaveTextContent('a newer line'))
  })

  it('shows only the findings of a jail, if asked', async () => {
    const findings = [findingOf(), findingOf({ id: 'b', jail: 'web', title: 'Web is silent' })]
    await show({ findings }, { path: '/protection?jail=web' })
    await findFinding('Web is silent')
    expect(screen.getAllByRole('article')).toHaveLength(1)
    expect(screen.getByRole('link', { name: 'Show all' })).toHaveAttribute('href', '/protection')
  })

  it('does not claim that nothing is wrong before every check has run', async () => {
    await show({}, { health: healthOf({ complete: false }) })
    expect(await screen.findByText('Not everything has been checked yet')).toBeVisible()
    expect(screen.queryByText('No problem found')).toBeNull()
  })

  it('says what cannot be told and why, each reason once', async () => {
    const why = 'BanGUI may not look into the firewall.'
    const checks = [
      checkOf({ verdict: 'cannot_tell', title: 'Not blocked', cannotTell: [{ jail: null, why }] }),
      checkOf({
        id: 'set-full',
        verdict: 'cannot_tell',
        title: 'A set is full',
        cannotTell: [
          { jail: 'sshd', why },
          { jail: 'web', why },
        ],
      }),
    ]
    await show({ report: reportOf({ checks }) }, { health: healthOf({ cannotTell: 2 }) })
    const card = await screen.findByRole('region', { name: 'What cannot be told' })
    expect(within(card).getAllByText(why)).toHaveLength(1)
    expect(card).toHaveTextContent('Not blocked')
    expect(card).toHaveTextContent('A set is full (sshd, web)')
    expect(screen.getByText(/2 of them cannot tell/)).toBeVisible()
  })

  it('has what does not apply folded, apart from what cannot be told, with the reason', async () => {
    const why = 'systemd does not run here.'
    const checks = [checkOf({ verdict: 'does_not_apply', title: 'Dead at boot', doesNotApply: why })]
    const { user } = await show({ report: reportOf({ checks }) })
    const button = await screen.findByRole('button', { name: /What does not apply here 1 check/ })
    expect(screen.queryByRole('region', { name: 'What cannot be told' })).toBeNull()
    await user.click(button)
    expect(screen.getByText('Dead at boot')).toBeVisible()
    expect(screen.getByText(why)).toBeVisible()
  })

  it('has what is fine folded, by area', async () => {
    const { user } = await show()
    const fine = await screen.findByRole('button', { name: /What is fine 1 check/ })
    expect(screen.queryByText('Nothing is written to a log any more')).toBeNull()
    await user.click(fine)
    expect(screen.getByText('Nothing is written to a log any more')).toBeVisible()
    expect(screen.getByRole('heading', { name: 'Reading logs' })).toBeVisible()
  })

  it('has what is solved folded', async () => {
    const ended = { ...findingOf(), until: T0 } as const
    const { user } = await show({ ended: [ended] })
    await user.click(await screen.findByRole('button', { name: /^Solved/ }))
    expect(screen.getByText('The log of sshd has disappeared')).toBeVisible()
    expect(screen.getByText(/lasted 1 min/)).toBeVisible()
  })

  it('says that the checks wait after a load, and that something was seen once', async () => {
    const served: Served = { report: reportOf({ settling: true }) }
    const { unmount } = await show(served)
    expect(await screen.findByText('fail2ban has just been started or reloaded.')).toBeVisible()
    unmount()
    const suspected = [{ check: 'log-gone', title: 'Perhaps gone', jail: null, since: T0 }] as const
    await show({ report: reportOf({ suspected: [...suspected] }) })
    expect(await screen.findByText('BanGUI has seen a possible problem once.')).toBeVisible()
    expect(screen.queryByText('No problem found')).toBeNull()
  })

  it('says why the findings cannot be loaded, and tries again', async () => {
    let answers = false
    const list = () => {
      if (!answers) throw new Refusal('database_unavailable', 'The database cannot be used.')
      return [findingOf()]
    }
    const { user } = await show({}, { procedures: { 'health.list': list } })
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('The database cannot be used.')
    answers = true
    await user.click(within(alert).getByRole('button', { name: 'Try again' }))
    await findFinding()
  })
})

describe('“Check now”', () => {
  it('shows how far the checks are, and what they found', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    let id = ''
    const run = (input: unknown) => {
      id = (input as { operationId: string }).operationId
      return promise
    }
    const { user, live, sendRuntime } = await show({}, { procedures: { 'health.run': run } })
    await user.click(screen.getByRole('button', { name: 'Check now' }))
    await waitFor(() => expect(id).not.toBe(''))
    live.send({
      type: 'operation',
      id,
      host: 'local',
      kind: 'health',
      title: 'Checking protection',
      actor: { kind: 'user', name: 'admin' },
      done: 12,
      total: 68,
      state: 'running',
      startedAt: T0,
      endedAt: null,
      message: null,
      cancellable: true,
      undoable: false,
      resumable: false,
      undoes: null,
    })
    expect(await screen.findByText('12 of 68 checks')).toBeVisible()
    resolve({ checks: 68, cannotTell: 3, findings: 1, suspected: 0, settling: false, revision: 1 })
    const outcome = '68 checks ran: 1 finding, 3 cannot tell.'
    expect(await screen.findByText(outcome)).toBeVisible()
    // what is found later is no outcome of this run
    sendRuntime(runtimeOf({ health: healthOf({ revision: 2 }) }))
    await waitFor(() => expect(screen.queryByText(outcome)).toBeNull())
  })

  it('can be cancelled', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const procedures = { 'health.run': () => promise, 'operations.cancel': () => resolve(outcome) }
    const outcome = { checks: 3, cannotTell: 0, findings: 0, suspected: 0, settling: false, revision: 1 }
    const { user, calls } = await show({}, { procedures })
    await user.click(screen.getByRole('button', { name: 'Check now' }))
    await user.click(await screen.findByRole('button', { name: 'Cancel' }))
    expect(await screen.findByText('3 checks ran: no problem found.')).toBeVisible()
    expect(calls.some((call) => call.startsWith('operations.cancel'))).toBe(true)
  })

  it('says why the checks did not run', async () => {
    const run = () => {
      throw new Refusal('busy', 'Another change is in progress.')
    }
    const { user } = await show({}, { procedures: { 'health.run': run } })
    await user.click(screen.getByRole('button', { name: 'Check now' }))
    expect(await screen.findByText('The checks did not run.')).toBeVisible()
    expect(screen.getByText('Another change is in progress.')).toBeVisible()
  })

  it('is not for viewers, and neither is accepting', async () => {
    await show({ findings: [findingOf()] }, { user: { name: 'eve', role: 'viewer' } })
    await findFinding()
    expect(screen.queryByRole('button', { name: 'Check now' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Accept…' })).toBeNull()
  })
})

describe('accepting a finding', () => {
  it('asks for a reason and a time', async () => {
    const { user, calls } = await show(
      { findings: [findingOf()] },
      { procedures: { 'health.accept': () => null } },
    )
    await user.click(within(await findFinding()).getByRole('button', { name: 'Accept…' }))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Accept finding' }))
    expect(within(dialog).getByText('Enter a reason.')).toBeVisible()
    expect(within(dialog).getByLabelText('Reason')).toHaveFocus()
    await user.selectOptions(within(dialog).getByLabelText('For how long'), 'Until it is solved')
    await user.type(within(dialog).getByLabelText('Reason'), 'Planned for Friday{Enter}')
    await waitFor(() =>
      expect(calls).toContain('health.accept {"id":"log-gone-1","reason":"Planned for Friday","until":null}'),
    )
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('says in place why that failed', async () => {
    const accept = () => {
      throw new Refusal('finding_unknown', 'This finding no longer exists.')
    }
    const { user } = await show({ findings: [findingOf()] }, { procedures: { 'health.accept': accept } })
    await user.click(within(await findFinding()).getByRole('button', { name: 'Accept…' }))
    await user.type(await screen.findByLabelText('Reason'), 'Known{Enter}')
    expect(await screen.findByText('This finding no longer exists.')).toBeVisible()
    expect(screen.getByRole('dialog')).toBeVisible()
  })

  it('is shown with who, why and until when, and can be taken back', async () => {
    const accepted = { by: 'ada', reason: 'Planned for Friday', until: null }
    const { user, calls } = await show(
      { findings: [findingOf({ accepted })] },
      { procedures: { 'health.unaccept': () => null } },
    )
    const card = await screen.findByRole('region', { name: 'Accepted' })
    expect(card).toHaveTextContent('ada: “Planned for Friday”, until it is solved')
    expect(screen.getByText('No other problem found')).toBeVisible()
    await user.click(within(card).getByRole('button', { name: /^Withdraw acceptance/ }))
    await waitFor(() => expect(calls).toContain('health.unaccept {"id":"log-gone-1"}'))
  })
})

describe('the fix of a finding', () => {
  const edits = [{ kind: 'set', scope: 'jail', name: 'sshd', key: 'findtime', value: '10m' }] as const
  const withFix = findingOf({ fix: [...edits] })
  const preview = {
    ok: true,
    output: '',
    messages: [],
    diff: [{ file: 'jail.d/zz-bangui.local', unified: '+findtime = 10m' }],
    load: { jails: ['sshd'], restartJails: [], stopJails: [], full: false, restart: false },
    bansEnding: 0,
    bansInterrupted: 0,
    riskOfLockout: false,
  }
  const openFix = async (procedures: Procedures) => {
    const page = await show({ findings: [withFix] }, { procedures })
    await page.user.click(
      within(await findFinding()).getByRole('button', { name: 'Change the configuration…' }),
    )
    return { ...page, dialog: await screen.findByRole('dialog') }
  }

  it('is shown as it would be written, and applied', async () => {
    const applied = { id: 'c', applied: true, provisional: false, output: null, files: [] }
    const { user, calls, dialog } = await openFix({
      'config.preview': () => preview,
      'config.apply': () => applied,
    })
    expect(await within(dialog).findByText('+findtime = 10m')).toBeVisible()
    expect(dialog).toHaveTextContent('Will be reloaded: sshd.')
    await user.click(within(dialog).getByRole('button', { name: 'Apply change' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const sent = calls.find((call) => call.startsWith('config.apply'))
    expect(sent).toContain('"key":"findtime","value":"10m"')
    expect(sent).toContain('"note":"Solves: The log of sshd has disappeared"')
  })

  it('that fail2ban would refuse cannot be applied', async () => {
    const { dialog } = await openFix({
      'config.preview': () => ({ ...preview, ok: false, output: 'ERROR in jail sshd' }),
    })
    expect(await within(dialog).findByText('fail2ban would refuse this.')).toBeVisible()
    expect(dialog).toHaveTextContent('ERROR in jail sshd')
    expect(within(dialog).getByRole('button', { name: 'Apply change' })).toBeDisabled()
  })

  it('stays open with the reason when it was not applied', async () => {
    const { user, dialog } = await openFix({
      'config.preview': () => preview,
      'config.apply': () => {
        throw new Refusal('busy', 'Another change is in progress.')
      },
    })
    await within(dialog).findByText('+findtime = 10m')
    await user.click(within(dialog).getByRole('button', { name: 'Apply change' }))
    expect(await within(dialog).findByText('Another change is in progress.')).toBeVisible()
  })

  it('is not offered to those who may not change the configuration', async () => {
    await show({ findings: [withFix] }, { user: { name: 'olga', role: 'operator' } })
    expect(
      within(await findFinding()).queryByRole('button', { name: 'Change the configuration…' }),
    ).toBeNull()
  })
})

describe('the button that does something about a finding', () => {
  const withAction = (kind: 'jail.reload' | 'jail.restart') =>
    findingOf({ action: { kind, jail: 'sshd', addresses: [] } })

  it.each([
    ['jail.reload', 'jails.reload', 'Reload sshd'],
    ['jail.restart', 'jails.restart', 'Restart sshd'],
  ] as const)('uses what BanGUI can do: %s', async (kind, procedure, name) => {
    const { user, calls } = await show(
      { findings: [withAction(kind)] },
      { procedures: { [procedure]: () => ({ applied: true, files: [], output: null }) } },
    )
    await user.click(within(await findFinding()).getByRole('button', { name }))
    await waitFor(() => expect(calls).toContain(`${procedure} {"name":"sshd"}`))
  })

  it('shows in place why that failed', async () => {
    const refused = { applied: false, files: [], output: 'Errors in jail sshd' }
    const { user } = await show(
      { findings: [withAction('jail.reload')] },
      { procedures: { 'jails.reload': () => refused } },
    )
    const finding = await findFinding()
    await user.click(within(finding).getByRole('button', { name: 'Reload sshd' }))
    expect(await within(finding).findByRole('alert')).toHaveTextContent('Errors in jail sshd')
  })

  it('is not there where the user may not', async () => {
    await show({ findings: [withAction('jail.reload')] }, { user: { name: 'eve', role: 'viewer' } })
    expect(within(await findFinding()).queryByRole('button', { name: /sshd/ })).toBeNull()
  })
})
