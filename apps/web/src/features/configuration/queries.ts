import type { CheckLogsInput, Edit, RevertChoice } from '@bangui/shared'
import { queryOptions } from '@tanstack/solid-query'
import { hostKeyOf } from '../../api/api-for-host.ts'
import type { Api } from '../../api/client.ts'
import type { SettingsPart } from './config-part.ts'
import type { Saved } from './draft-store.ts'

/** How often the files of a `logpath` are looked at, in milliseconds. */
const LOGS_INTERVAL_MS = 4000

/** Queries for fail2ban's configuration. */
export const configQueries = {
  /** jails, filters and actions, and which jail uses which */
  parts: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'parts', ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        const [jails, filters, actions] = await Promise.all([
          api.config.jails.query({}, { signal }),
          api.config.filters.query({}, { signal }),
          api.config.actions.query({}, { signal }),
        ])
        return { jails, filters, actions }
      },
    }),
  files: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'files', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.files.query({}, { signal }),
    }),
  file: (api: Api, path: string) =>
    queryOptions({
      queryKey: ['config', 'file', path, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.file.query({ path }, { signal }),
    }),
  /** what upgrades left beside the files */
  upgradeFiles: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'upgrade-files', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.upgradeFiles.query({}, { signal }),
    }),
  effective: (api: Api, part: SettingsPart) =>
    queryOptions({
      queryKey: ['config', 'effective', part, ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        const name = 'name' in part ? { name: part.name } : {}
        return (await api.config.effective.query({ scope: part.kind, ...name }, { signal })).settings
      },
    }),
  /** services of this machine, with the stock jails that protect them */
  services: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'services', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.services.query({}, { signal }),
    }),
  logs: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'logs', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.logs.query({}, { signal }),
    }),
  filterModes: (api: Api, filter: string) =>
    queryOptions({
      queryKey: ['config', 'filter-modes', filter, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.filterModes.query({ filter }, { signal }),
    }),
  /** the address of this browser as BanGUI sees it, and those of the host */
  ownAddresses: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'own-addresses', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.ownAddresses.query({}, { signal }),
    }),
  /** how log files are now; asked again while the page is visible */
  checkLogs: (api: Api, input: CheckLogsInput) =>
    queryOptions({
      queryKey: ['config-logs', input, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.checkLogs.query(input, { signal }),
      refetchInterval: LOGS_INTERVAL_MS,
      staleTime: 0,
    }),
  /** the changes of the configuration; a page of them */
  history: (api: Api, cursor: string | undefined) =>
    queryOptions({
      queryKey: ['config', 'history', cursor ?? null, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.history.query(cursor === undefined ? {} : { cursor }, { signal }),
    }),
  /** one of them, with its differences */
  change: (api: Api, id: string) =>
    queryOptions({
      queryKey: ['config', 'change', id, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.change.query({ id }, { signal }),
    }),
  /** what a revert would do with the files as they are now */
  comparedRevert: (api: Api, id: string, choices: RevertChoice[]) =>
    queryOptions({
      queryKey: ['config', 'compared-revert', id, choices, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.compareRevert.mutate({ id, choices }, { signal }),
      staleTime: 0,
      gcTime: 0,
    }),
  /** what the saved draft would change in the files; `of`: the edits that were compared, none if another tab has saved others meanwhile */
  comparedDraft: (api: Api, saved: Saved | undefined) =>
    queryOptions({
      queryKey: ['config', 'compared-draft', saved?.revision ?? 0, ...hostKeyOf(api)],
      queryFn: async ({ signal }) => {
        const compared = await api.config.compareDraft.query({}, { signal })
        return { ...compared, of: compared.revision === saved?.revision ? saved.edits : [] }
      },
      staleTime: 0,
    }),
  /** the settings of a part as the saved draft leaves them */
  draftedSettings: (api: Api, part: SettingsPart, revision: number) =>
    queryOptions({
      queryKey: ['config', 'drafted', part, revision, ...hostKeyOf(api)],
      queryFn: ({ signal }) =>
        api.config.draftedSettings.query(
          { scope: part.kind, ...('name' in part && { name: part.name }) },
          { signal },
        ),
      staleTime: 0,
    }),
  /** fail2ban tests it each time, because the files may have changed */
  preview: (api: Api, edits: Edit[]) =>
    queryOptions({
      queryKey: ['config-preview', edits, ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.preview.mutate({ edits }, { signal }),
      staleTime: 0,
      gcTime: 0,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    }),
  /** every option that fail2ban reads; changes with BanGUI only */
  options: (api: Api) =>
    queryOptions({
      queryKey: ['config', 'options', ...hostKeyOf(api)],
      queryFn: ({ signal }) => api.config.options.query({}, { signal }),
      staleTime: Infinity,
    }),
}
