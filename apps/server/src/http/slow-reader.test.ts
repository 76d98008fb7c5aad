import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createAdmin } from '../../test/create-test-deps.ts'
import { jail } from '../../test/fake-host.ts'
import { serveTestApp } from '../../test/serve-test-app.ts'

/** A megabyte of jails. */
const manyJails = (round: number) =>
  Array.from({ length: 3_500 }, (_, index) =>
    jail(`jail-${index}`, { totalBanned: round, logPaths: [`/var/log/${'x'.repeat(60)}.log`] }),
  )

it('a reader that does not read makes the server keep nothing for it, and ends on the newest state', async () => {
  await using app = await serveTestApp()
  const visitor = await createAdmin(app.deps)
  const socket = connect(app.server.port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  socket.write(
    `GET /trpc/live.watch HTTP/1.1\r\nHost: 127.0.0.1:${app.server.port}\r\n` +
      `Cookie: bangui_session=${visitor.cookies['bangui_session']}\r\n\r\n`,
  )
  socket.pause()
  await vi.waitFor(() => expect(app.deps.streams.count).toBe(1))

  // sixty rounds at ten messages a second would be sixty megabytes
  const rounds = 60
  for (let round = 1; round <= rounds; round += 1) {
    app.host.listed = manyJails(round)
    await app.deps.jails.refresh()
    for (let change = 0; change < 50; change += 1)
      void app.state.update((state) => ({ ...state, configuredJails: round * 100 + change }))
    await sleep(50)
  }

  let received = 0
  let tail = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
    tail = (tail + chunk.toString('latin1')).slice(-4_000_000)
  })
  socket.resume()
  const last = `"configuredJails":${rounds * 100 + 49}`
  await vi.waitFor(() => expect(tail.includes(last) && tail.includes(`"totalBanned":${rounds}`)).toBe(true), {
    timeout: 15_000,
  })
  // what the kernel holds, and a few messages; not what went by meanwhile
  expect(received).toBeLessThan(20_000_000)
  expect(app.deps.streams.count).toBe(1)
})
