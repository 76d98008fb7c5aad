import { existsSync } from 'node:fs'
import { countUsers, openDatabase, parseDatabaseUrl } from '@bangui/db'
import type { Config } from '../config.ts'
import type { DemoFacts, DemoMode } from './decide-demo.ts'
import { findSocket, isDaemonRunning, isServiceEnabled, type MachineOptions } from './machine-facts.ts'

type FactsConfig = Pick<Config, 'databaseUrl' | 'fail2banSocket' | 'given'>

/** Looks at the machine and the data folder; makes nothing that is not there. */
export async function gatherFacts(
  config: FactsConfig,
  mode: DemoMode,
  machine: MachineOptions = {},
): Promise<DemoFacts> {
  const [socket, setupComplete, daemonRunning, serviceEnabled] = await Promise.all([
    findSocket(config.fail2banSocket),
    isSetupComplete(config.databaseUrl),
    isDaemonRunning(machine),
    isServiceEnabled(machine),
  ])
  const socketGiven = config.given.has('fail2banSocket')
  return { mode, socketGiven, socket, setupComplete, daemonRunning, serviceEnabled }
}

/** A database that cannot be read belongs to somebody: only one that is not there, or has no users, is nobody's. */
async function isSetupComplete(url: string): Promise<boolean> {
  const { path } = parseDatabaseUrl(url)
  if (path === ':memory:' || !existsSync(path)) return false
  try {
    const database = await openDatabase({ path })
    try {
      return (await countUsers(database.db)) > 0
    } catch {
      return false // its tables are made at the first start, which never came
    } finally {
      await database.close()
    }
  } catch {
    return true
  }
}
