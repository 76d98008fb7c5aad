import { ReadBackupInput } from '@bangui/shared'
import { hostProcedure } from '../../../trpc.ts'
import { backUpConfig, readBackup } from './backup.service.ts'

/** The procedures of `config` about own files as a whole, which can hold secrets. */
export const backupProcedures = {
  backup: hostProcedure('secrets.read').query(({ ctx }) => backUpConfig(ctx.deps)),
  readBackup: hostProcedure('config.write')
    .meta({ effect: 'none', isLarge: true })
    .input(ReadBackupInput)
    .mutation(({ ctx, input }) => readBackup(ctx.deps, input)),
  upgradeFiles: hostProcedure('secrets.read').query(({ ctx }) => ctx.deps.host.config.listUpgradeFiles()),
}
