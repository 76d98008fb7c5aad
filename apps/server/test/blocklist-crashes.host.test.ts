import { insertList, listRuns, saveContent } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { many } from './ban-api.ts'
import { blankContent, blankList } from './blank-list.ts'
import { choosePoints, createCrash, type CrashPoint } from './crash-points/crash.ts'
import { createWorld, JAIL } from './crash-points/world.ts'
import { eventually } from './eventually.ts'

/** Those that fail2ban has banned before, and those that are new: several batches. */
const before = ['45.200.0.1', '45.200.0.2']
const fresh = many(130)

/** Imports a list, with a crash at a point, and starts BanGUI again on the same fail2ban. */
async function runTo(point: CrashPoint | null) {
  await using world = await createWorld()
  const { simulator } = world
  const first = await world.start()
  for (const address of before) for (let time = 0; time < 3; time += 1) simulator.addFailure(JAIL, address)
  await eventually(async () => expect(await first.listActive()).toHaveLength(before.length))
  const { hostDb, database, imports } = first.deps
  const id = await insertList(hostDb, { ...blankList, name: 'known', jail: JAIL })
  const content = Buffer.from([...before, ...fresh, '10.0.0.1', 'nonsense'].join('\n'))
  await saveContent(database.db, id, { ...blankContent, kind: 'upload', fileName: 'known.txt', content })
  const crash = createCrash(point)
  await first
    .as('Ada', crash)
    .blocklists.import({ id })
    .catch((error: unknown) => {
      if (!crash.happened) throw error
    })
  await eventually(() => expect(imports.find(id)).toBeUndefined())
  await first.stop()

  const again = await world.start()
  const runs = () => listRuns(again.deps.hostDb, { listId: id, limit: 10 })
  // cut off before it was stored that there is an import: somebody asks again, also on a busy machine
  await eventually(async () => {
    if ((await runs()).length === 0) await again.as('Ada').blocklists.import({ id })
  })
  await eventually(async () => {
    await again.deps.scheduler.runNow('blocklist_imports')
    expect((await runs())[0]).toMatchObject({ status: 'completed' })
  })
  await again.deps.reconcile()
  const wanted = [...before, ...fresh].toSorted()
  const active = await eventually(async () => {
    const found = await again.listActive()
    expect(found.map(({ address }) => address).toSorted()).toEqual(wanted)
    return found
  })
  const banned = simulator.listBans(JAIL).map(({ address }) => address)
  const history = await again.deps.archive.listHistory({ filter: {}, cursor: null, limit: 500 })
  const all = await runs()
  const repeat = createCrash(null)
  if (point === null) {
    await again.as('Ada', repeat).blocklists.import({ id })
    await eventually(async () => expect((await runs())[0]).toMatchObject({ status: 'unchanged' }))
  }
  await again.stop()
  const commands = repeat.points.filter((name) => name.includes('host.'))
  return { crash, id, active, banned: banned.toSorted(), times: history.rows.length, runs: all, commands }
}

/** Returns what is wrong after a crash and a new start, in words. */
function problemsOf({ id, active, banned, times, runs }: Awaited<ReturnType<typeof runTo>>): string[] {
  const problems: string[] = []
  const wanted = [...before, ...fresh].toSorted()
  if (banned.join() !== wanted.join()) problems.push(`fail2ban bans ${banned.length} of ${wanted.length}`)
  if (times !== wanted.length) problems.push(`${times} bans were made instead of ${wanted.length}`)
  for (const { address, by } of active) {
    const isBefore = before.includes(address)
    const isRight = isBefore ? by.kind === 'fail2ban' : by.kind === 'blocklist' && by.list === id
    if (!isRight) problems.push(`${address} is by ${by.kind} ${by.name}`)
  }
  const [run, ...others] = runs
  if (others.length > 0) problems.push(`there are ${runs.length} runs`)
  if (!run || run.banned + run.already !== wanted.length || run.skipped !== 1 || run.invalid !== 1)
    problems.push(JSON.stringify(run))
  return problems
}

describe('the import of a blocklist', () => {
  it('bans each address once, wherever BanGUI crashes', { timeout: 600_000 }, async () => {
    const whole = await runTo(null)
    expect(problemsOf(whole)).toEqual([])
    expect(whole.runs).toMatchObject([{ banned: fresh.length, already: before.length, by: 'Ada' }])
    // the same list again asks nothing of fail2ban
    expect(whole.commands).toEqual([])
    const points = choosePoints(whole.crash.points)
    const found: Record<string, string[]> = {}
    let crashes = 0
    const crashAtNext = async () => {
      for (let point = points.shift(); point !== undefined; point = points.shift()) {
        const outcome = await runTo(point)
        if (outcome.crash.happened) crashes += 1
        const problems = problemsOf(outcome)
        if (problems.length > 0) found[`${point.nth}. ${point.name}`] = problems.slice(0, 4)
      }
    }
    await Promise.all(Array.from({ length: 3 }, crashAtNext))
    expect(found).toEqual({})
    expect(crashes).toBeGreaterThanOrEqual(30)
  })
})
