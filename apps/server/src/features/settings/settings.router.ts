import { UpdateSettingsInput } from '@bangui/shared'
import { procedure, router } from '../../trpc.ts'
import { listSettingInfos, updateOverrides } from './settings.service.ts'

export const settingsRouter = router({
  get: procedure('settings.read').query(({ ctx }) => listSettingInfos(ctx.deps)),
  update: procedure('settings.write')
    .meta({ effect: 'account' })
    .input(UpdateSettingsInput)
    .mutation(({ ctx, input }) => updateOverrides(ctx.deps, input)),
})
