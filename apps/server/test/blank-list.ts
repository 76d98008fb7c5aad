import type { ListContent, StoredList } from '@bangui/db'

/** A source that says as little as it can. */
export const blankList: Omit<StoredList, 'id' | 'hostId'> = {
  name: 'list',
  url: null,
  jail: 'sshd',
  schedule: null,
  zone: 'UTC',
  enabled: true,
  format: 'auto',
  column: null,
  unbanRemoved: false,
  nextAt: null,
  lastTriedAt: null,
  lastChangedAt: null,
  lastError: null,
  createdAt: 1,
  createdBy: 'Ada',
}

/** A version of a list without entries. */
export const blankContent: ListContent = {
  kind: 'current',
  at: 1,
  fileName: null,
  etag: null,
  lastModified: null,
  look: null,
  entries: 0,
  invalid: 0,
  hash: '',
  content: new Uint8Array(4),
}
