import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { startListServer } from '../../../test/list-server.ts'
import { createCaller } from '../../router.ts'

it('a preview of a user ends the one before it, so that nobody makes BanGUI read many large lists at once', async () => {
  await using server = await startListServer()
  await using test = await createTestDeps({ BANGUI_ALLOW_PRIVATE_URLS: 'true' })
  const { promise: isReading, resolve } = Promise.withResolvers<void>()
  server.lists.set('/slow', (response) => void response.write('45.9.9.9\n', () => resolve()))
  server.lists.set('/gone', (response) => void response.writeHead(404).end())
  const { preview } = createCaller(asRole(test.deps, 'admin')).blocklists
  const first = refusalOf(preview({ url: server.url('/slow'), jail: 'lists' }))
  await isReading
  const second = refusalOf(preview({ url: server.url('/gone'), jail: 'lists' }))
  expect(await first).toMatchObject({ reason: 'preview_replaced' })
  expect(await second).toMatchObject({ reason: 'list_unusable' })
})
