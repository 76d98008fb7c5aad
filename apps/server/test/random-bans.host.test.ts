import { describe, expect, it } from 'vitest'
import { installedAndNewest } from './installed-and-newest.ts'
import { runCourses } from './random-bans/run-courses.ts'
import { createWorld } from './random-bans/world.ts'

/** Jails of one fail2ban, each with a course of its own, and the steps of a course. */
const JAILS = 10
const STEPS = 12
const RESTARTS = 2

/** Set to run one course again; a failure names it. */
const seed = Number(process.env['BANGUI_RANDOM_BANS_SEED'] ?? Date.now() % 1_000_000)
/** Set to go on with new courses for so many seconds. */
const seconds = Number(process.env['BANGUI_RANDOM_BANS_SECONDS'] ?? 0)

describe('the list of bans', { concurrent: true, timeout: 300_000 + seconds * 1_000 }, () => {
  it.each(installedAndNewest)('is that of fail2ban $version after any course of events', async (fail2ban) => {
    const end = performance.now() + seconds * 1_000
    let round = seed
    do {
      await using world = await createWorld(JAILS, fail2ban)
      const found = await runCourses(world, { seed: round, steps: STEPS, restarts: RESTARTS })
      expect(found, `run it again with BANGUI_RANDOM_BANS_SEED=${round}`).toEqual([])
      round += 1
    } while (performance.now() < end)
  })
})
