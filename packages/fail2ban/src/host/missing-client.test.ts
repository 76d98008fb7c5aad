import { expect, it, onTestFinished, vi } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'
import type { ConfigEdit } from '../models/edit-models.ts'

it('a change is refused where the client of fail2ban is missing, and no failure of it is left unhandled', async () => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  await using at = await createTestHost(undefined, { client: '/nowhere/fail2ban-client' })
  const edits: ConfigEdit[] = [{ kind: 'set', scope: 'jail', name: 'app', key: 'maxretry', value: '9' }]
  await expect(at.host.config.preview({ edits })).rejects.toMatchObject({ code: 'tool_missing' })
  await expect(at.host.config.stage({ edits, title: 'A change' })).rejects.toMatchObject({
    code: 'tool_missing',
  })
  expect(unhandled).not.toHaveBeenCalled()
})
