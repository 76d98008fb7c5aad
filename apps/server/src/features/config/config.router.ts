import { EffectiveInput, ConfigFileInput } from '@bangui/shared'
import { hostProcedure, router } from '../../trpc.ts'
import { backupProcedures } from './backup/backup.procedures.ts'
import { changeProcedures } from './change.procedures.ts'
import { formProcedures } from './form.procedures.ts'
import { draftProcedures } from './draft.procedures.ts'
import { labProcedures } from './lab.procedures.ts'
import { getEffective, getFile, getFiles, getOptions, getParts } from './config.service.ts'

export const configRouter = router({
  jails: hostProcedure('host.read').query(async ({ ctx }) => (await getParts(ctx.deps)).jails),
  filters: hostProcedure('host.read').query(async ({ ctx }) => (await getParts(ctx.deps)).filters),
  actions: hostProcedure('host.read').query(async ({ ctx }) => (await getParts(ctx.deps)).actions),
  files: hostProcedure('host.read').query(({ ctx }) => getFiles(ctx.deps)),
  file: hostProcedure('host.read')
    .input(ConfigFileInput)
    .query(({ ctx, input }) => getFile(ctx.deps, input.path, ctx.session.role)),
  effective: hostProcedure('host.read')
    .input(EffectiveInput)
    .query(({ ctx, input }) => getEffective(ctx.deps, input, ctx.session.role)),
  options: hostProcedure('host.read').query(getOptions),
  ...changeProcedures,
  ...backupProcedures,
  ...formProcedures,
  ...draftProcedures,
  ...labProcedures,
})
