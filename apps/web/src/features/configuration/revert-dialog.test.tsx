import type { ConfigHistoryRow, RevertComparison, RevertConfigInput } from '@bangui/shared'
import { screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { QueryProvider } from '../../api/query-provider.tsx'
import { Refusal } from '../../../test/fake-api.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { RevertDialog } from './revert-dialog.tsx'

it('a revert after which tests of filters fail is made when somebody insists', async () => {
  const made: RevertConfigInput[] = []
  renderPage(
    () => (
      <QueryProvider>
        <RevertDialog
          row={{ id: 'c1', title: 'Changing filter app' } as ConfigHistoryRow}
          onClose={() => undefined}
        />
      </QueryProvider>
    ),
    {
      procedures: {
        'config.compareRevert': (): RevertComparison => ({
          files: [{ file: 'filter.d/app.local', unified: '+failregex = x\n' }],
          conflicts: [],
          problem: null,
        }),
        'config.revert': (input) => {
          made.push(input as RevertConfigInput)
          if (made.length === 1) throw new Refusal('filter_tests_failed', '1 of the tests would fail.')
          return { id: 'c2', applied: true, provisional: false, output: null, files: [] }
        },
      },
    },
  )
  const user = userEvent.setup()
  await screen.findByText('+failregex = x')
  expect(screen.queryByRole('checkbox')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Revert the change' }))
  const insists = await screen.findByRole('checkbox', { name: 'Revert the change although tests fail' })
  expect(screen.getByRole('button', { name: 'Revert the change' }).getAttribute('aria-disabled')).toBe('true')
  await user.click(insists)
  await user.click(screen.getByRole('button', { name: 'Revert the change' }))
  await expect.poll(() => made.map(({ ignoreFailedTests }) => ignoreFailedTests)).toEqual([false, true])
})
