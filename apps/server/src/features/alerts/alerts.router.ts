import {
  AddAlertChannelInput,
  AddAlertRuleInput,
  AlertIdInput,
  can,
  IncidentIdInput,
  ListDeliveriesInput,
  ListIncidentsInput,
  MuteAlertInput,
  UpdateAlertChannelInput,
  UpdateAlertRuleInput,
  type PermissionHolder,
} from '@bangui/shared'
import { levelProcedure, procedure, rowProcedure, router } from '../../trpc.ts'
import {
  acknowledge,
  addRule,
  getIncident,
  listDeliveries,
  listIncidents,
  listRules,
  mute,
  removeRule,
  updateRule,
} from './alerts.service.ts'
import { addChannel, listChannels, removeChannel, testChannel, updateChannel } from './channels.service.ts'

const writing = procedure('alerts.write').meta({ effect: 'account' })
const handling = procedure('alerts.handle').meta({ effect: 'account' })

const readerOf = (holder: PermissionHolder) => ({ mayHandle: can(holder, 'alerts.handle') })

export const alertsRouter = router({
  rules: procedure('host.read').query(({ ctx }) => listRules(ctx.deps)),
  channels: procedure('host.read').query(({ ctx }) =>
    listChannels(ctx.deps, {
      withConfig: can(ctx.session, 'alerts.write'),
      withAnswer: can(ctx.session, 'alerts.handle'),
    }),
  ),
  incidents: levelProcedure
    .input(ListIncidentsInput)
    .query(({ ctx, input }) => listIncidents(ctx.deps, input, readerOf(ctx.session))),
  incident: rowProcedure
    .input(IncidentIdInput)
    .query(({ ctx, input }) => getIncident(ctx.deps, input.id, readerOf(ctx.session))),
  deliveries: procedure('alerts.handle')
    .input(ListDeliveriesInput)
    .query(({ ctx, input }) => listDeliveries(ctx.deps, input)),
  addRule: writing.input(AddAlertRuleInput).mutation(({ ctx, input }) => addRule(ctx.deps, input)),
  updateRule: writing.input(UpdateAlertRuleInput).mutation(({ ctx, input }) => updateRule(ctx.deps, input)),
  removeRule: writing.input(AlertIdInput).mutation(({ ctx, input }) => removeRule(ctx.deps, input.id)),
  addChannel: writing.input(AddAlertChannelInput).mutation(({ ctx, input }) => addChannel(ctx.deps, input)),
  updateChannel: writing
    .input(UpdateAlertChannelInput)
    .mutation(({ ctx, input }) => updateChannel(ctx.deps, input)),
  removeChannel: writing.input(AlertIdInput).mutation(({ ctx, input }) => removeChannel(ctx.deps, input.id)),
  testChannel: writing
    .input(AlertIdInput)
    .mutation(({ ctx, input, signal }) => testChannel(ctx.deps, input.id, signal)),
  acknowledge: handling
    .input(IncidentIdInput)
    .mutation(({ ctx, input }) => acknowledge(ctx.deps, input.id, ctx.session.userName)),
  mute: handling
    .input(MuteAlertInput)
    .mutation(({ ctx, input }) => mute(ctx.deps, input, ctx.session.userName)),
})
