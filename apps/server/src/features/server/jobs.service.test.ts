import { afterEach, describe, expect, it } from 'vitest'
import { createTestLog } from '../../../test/silent-log.ts'
import { createScheduler, type Scheduler } from '../../jobs/scheduler.ts'
import { listJobs, runJob } from './jobs.service.ts'

const schedulers: Scheduler[] = []
afterEach(async () => {
  for (const scheduler of schedulers.splice(0)) await scheduler.stop(0)
})

function setUp() {
  const scheduler = createScheduler({ log: createTestLog().log, clock: () => 0 })
  schedulers.push(scheduler)
  const ran: string[] = []
  const add = (name: string, host?: string) =>
    scheduler.add({
      name,
      ...(host !== undefined && { host }),
      everySeconds: 3_600,
      deadline: 1_000,
      run: async () => void ran.push(name),
    })
  add('session_cleanup')
  add('health_check', 'local')
  add('web1:health_check', 'web1')
  return { scheduler, ran }
}

describe('the jobs of somebody who may see one host', () => {
  const holder = { role: 'operator', hosts: ['web1'] } as const

  it('are those of that host and of none', () => {
    const { scheduler } = setUp()
    const names = (hosts?: readonly string[]) =>
      listJobs({ scheduler }, { role: 'operator', ...(hosts && { hosts }) }).map(({ name }) => name)
    expect(names(holder.hosts)).toEqual(['session_cleanup', 'web1:health_check'])
    expect(names()).toEqual(['session_cleanup', 'health_check', 'web1:health_check'])
  })

  it('run at once; those of another host are not found', async () => {
    const { scheduler, ran } = setUp()
    await runJob({ scheduler }, holder, 'web1:health_check')
    await expect(runJob({ scheduler }, holder, 'health_check')).rejects.toMatchObject({ code: 'not_found' })
    await expect(runJob({ scheduler }, holder, 'nothing')).rejects.toMatchObject({ code: 'not_found' })
    expect(ran).toEqual(['web1:health_check'])
  })
})
