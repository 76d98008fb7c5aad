import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { type Procedures, Refusal } from '../../../test/fake-api.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { AlertsPage } from './alerts-page.tsx'

const hostOf = (id: string) => ({
  id,
  name: `${id}.example.org`,
  kind: 'local',
  online: true,
  responding: true,
  version: null,
})

async function add(hosts: readonly string[], procedures: Procedures) {
  const page = renderPage(AlertsPage, {
    path: '/alerts?tab=rules',
    procedures: {
      'alerts.rules': () => [],
      'alerts.channels': () => [],
      'hosts.list': () => hosts.map(hostOf),
      ...procedures,
    },
  })
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Add rule' }))
  return { ...page, user, form: within(await screen.findByRole('dialog')) }
}

it('limits a rule to hosts, where there are several', async () => {
  const { user, form, calls } = await add(['one', 'two'], { 'alerts.addRule': () => ({ id: 1 }) })
  await user.click(await form.findByRole('button', { name: /^Hosts\s*all hosts/ }))
  await user.click(form.getByRole('checkbox', { name: 'two.example.org' }))
  await user.click(form.getByRole('button', { name: 'Add rule' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(calls.find((call) => call.startsWith('alerts.addRule'))).toContain('"hosts":["two"]')
})

it('shows beside its field what the server refuses, and as a whole what no field shows', async () => {
  const refusals = [
    { threshold: ['Enter a whole number from 1 to 1,000,000.'] },
    { 'jails.0': ['This is no name of a jail.'] },
  ]
  const { user, form } = await add(['one'], {
    'alerts.addRule': () => {
      throw new Refusal('invalid_input', 'The input is not valid.', { fieldErrors: refusals.shift() })
    },
  })
  expect(form.queryByRole('button', { name: /^Hosts/ })).toBeNull()
  await user.clear(form.getByLabelText('Threshold'))
  await user.keyboard('{Enter}')
  expect(await form.findByText('Enter a whole number from 1 to 1,000,000.')).toBeVisible()
  await waitFor(() => expect(form.getByLabelText('Threshold')).toHaveFocus())
  expect(form.queryByRole('alert')).toBeNull()
  await user.keyboard('5')
  expect(form.queryByText('Enter a whole number from 1 to 1,000,000.')).toBeNull()
  await user.keyboard('{Enter}')
  expect(await form.findByRole('alert')).toHaveTextContent('The rule was not saved.')
})
