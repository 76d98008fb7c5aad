import { UpdateSettingsInput } from '@bangui/shared'
import { adminProcedure, router, viewerProcedure } from '../../trpc.ts'
import { listSettingInfos, updateOverrides } from './settings.service.ts'

export const settingsRouter = router({
  get: viewerProcedure.query(({ ctx }) => listSettingInfos(ctx.deps)),
  update: adminProcedure
    .meta({ effect: 'account' })
    .input(UpdateSettingsInput)
    .mutation(({ ctx, input }) => updateOverrides(ctx.deps, input)),
})
